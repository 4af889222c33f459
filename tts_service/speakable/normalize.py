"""Text normalisation: which language's rules, and what they make of a text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from tts_service.speakable.rules import Rule, RuleSet, rule, rule_set
from tts_service.speakable.sentences import sentences
from tts_service.speakable.tokens import tokens
from tts_service.values import Utterance


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """How one written word is said, and which rule said so."""

    written: str
    spoken: str
    rule: str | None
    """None: as written."""


@lru_cache(maxsize=64)
def rules_for(language: str) -> RuleSet:
    """The rules of a language; one without its own gets numbers, addresses and acronyms."""
    base = language.split("-", 1)[0].lower()
    if base == "en":
        from tts_service.speakable.english import english

        return english(language)
    if base == "de":
        from tts_service.speakable.german import german

        return german("de")
    return rule_set(language, _everywhere(base), {})


def _everywhere(base: str) -> Iterator[Rule]:
    from tts_service.speakable.addresses import address_rules
    from tts_service.speakable.amounts import Amounts, number_rules
    from tts_service.speakable.letters import letter_rules

    words = {"fr": ("point", "arobase"), "es": ("punto", "arroba"), "it": ("punto", "chiocciola"),
             "pt": ("ponto", "arroba"), "nl": ("punt", "apenstaartje")}.get(base)  # fmt: skip
    if words:
        yield from address_rules(*words, base)
    if words:
        point = {"fr": "virgule", "es": "coma", "it": "virgola", "pt": "vírgula", "nl": "komma"}.get(base)
        percent = {"fr": "pour cent", "es": "por ciento", "it": "per cento", "pt": "por cento", "nl": "procent"}.get(
            base
        )
        to = {"fr": "à", "es": "a", "it": "a", "pt": "a", "nl": "tot"}.get(base)
        if point and percent and to:
            amounts = Amounts(
                language=base, point=point, decimal_mark=",", grouping=".\u202f\u00a0", to=to, percent=percent
            )
            yield from (found for found in number_rules(amounts) if found.name != "serial")
    yield from letter_rules()
    # Far beyond any number: no engine is handed thousands of digits in one word.
    yield rule("digits", "digit", r"\d{31,}", lambda match: " ".join(match.group()))


def spoken_form(text: str, language: str) -> str:
    """What is said for a text, its marks in place."""
    return " ".join(filter(None, (_utterance(text, span, language).spoken_text for span in sentences(text, language))))


def spoken_words(text: str, language: str) -> str:
    """What is said for a text, words only."""
    said = (_utterance(text, span, language).tokens for span in sentences(text, language))
    return " ".join(word for found in said for token in found for word in token.spoken)


def explain(text: str, language: str) -> tuple[Explained, ...]:
    """Every written word with what is said for it and the rule that made it."""
    rules = rules_for(language)
    found = (token for start, end in sentences(text, language) for token in tokens(text, start, end, rules))
    return tuple(
        Explained(written=text[t.start : t.end], spoken=" ".join(t.spoken), rule=t.rules[0] if t.rules else None)
        for t in found
    )


def _utterance(text: str, span: tuple[int, int], language: str) -> Utterance:
    start, end = span
    said = tokens(text, start, end, rules_for(language))
    return Utterance(block=0, start=start, end=end, tokens=said, language=language, pause_after_ms=0)
