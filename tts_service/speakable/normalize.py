"""Text normalisation: which language's rules, and what they make of a text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from tts_service.policy import EmojiPolicy
from tts_service.speakable.emojis import with_emoji
from tts_service.speakable.rules import RuleSet
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
def rules_for(language: str, emoji: EmojiPolicy = "dropped") -> RuleSet:
    """The rules of a language; one without its own gets numbers, addresses and acronyms."""
    return with_emoji(_language_rules(language), emoji)


def _language_rules(language: str) -> RuleSet:
    base = language.split("-", 1)[0].lower()
    if base == "en":
        from tts_service.speakable.english import english

        return english(language)
    if base == "de":
        from tts_service.speakable.german import german

        return german("de")
    if base == "fr":
        from tts_service.speakable.french import french

        return french(language)
    if base == "es":
        from tts_service.speakable.spanish import spanish

        return spanish(language)
    from tts_service.speakable.latin import elsewhere

    return elsewhere(base)


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
