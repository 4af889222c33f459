"""Languages without rules of their own yet: numbers and addresses where we know the words, acronyms everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tts_service.speakable.addresses import address_rules
from tts_service.speakable.amounts import Amounts, number_rules
from tts_service.speakable.letters import letter_rules
from tts_service.speakable.rules import Rule, RuleSet, rule, rule_set


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    dot: str
    at: str
    point: str
    """The decimal mark."""
    percent: str
    to: str
    """Between the ends of a range."""


_WORDS = {
    "it": _Words(dot="punto", at="chiocciola", point="virgola", percent="per cento", to="a"),
    "pt": _Words(dot="ponto", at="arroba", point="vírgula", percent="por cento", to="a"),
    "nl": _Words(dot="punt", at="apenstaartje", point="komma", percent="procent", to="tot"),
}


def elsewhere(language: str) -> RuleSet:
    """The rules of a language that has no file of its own; what they don't know stays as written."""
    words = _WORDS.get(language)
    return rule_set(language, _rules(language, words), {"%": words.percent} if words else {})


def _rules(language: str, words: _Words | None) -> Iterator[Rule]:
    if words:
        amounts = Amounts(
            language=language, point=words.point, decimal_mark=",", grouping=".\u202f\u00a0", to=words.to,
            percent=words.percent,
        )  # fmt: skip
        yield from address_rules(words.dot, words.at, language)
        # Serials (A380) are read digit group by digit group in English only; the engine knows its own language better.
        yield from (found for found in number_rules(amounts) if found.name != "serial")
    yield from letter_rules()
    # Far beyond any number: no engine is handed thousands of digits in one word.
    yield rule("digits", "digit", r"\d{31,}", lambda match: " ".join(match.group()))
