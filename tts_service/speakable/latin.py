"""Languages without rules of their own yet: numbers and addresses where we know the words, acronyms everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from tts_service.speakable.addresses import AddressWords, address_rules
from tts_service.speakable.amounts import Amounts, number_rules
from tts_service.speakable.language import Clinging, Language, SentenceEnds, language_of, languages
from tts_service.speakable.letters import letter_rules
from tts_service.speakable.rules import Rule, RuleSet, Stage, rule, rule_set


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
    "pt": _Words(dot="ponto", at="arroba", point="vírgula", percent="por cento", to="a"),
    "nl": _Words(dot="punt", at="apenstaartje", point="komma", percent="procent", to="tot"),
}


_DOTTED_ORDINALS = frozenset(("da", "nb", "fi", "cs", "pl"))
_DUTCH_S = Clinging(behind=re.compile(r"['’](s)(?!\w)", re.IGNORECASE))


def elsewhere(tag: str) -> Language:
    """A language that has no folder of its own."""
    base = tag.split("-", 1)[0].lower()
    return Language(
        tag=tag, rules=_rules_of, ends=lambda: _ends(base), clinging=_DUTCH_S if base == "nl" else Clinging()
    )


def _ends(base: str) -> SentenceEnds:
    """English dots, and German ordinals where a dot makes one."""
    english, german = language_of("en").ends(), language_of("de").ends().ordinals
    return SentenceEnds(
        openers=english.openers,
        before_names=frozenset(("ca", "approx")),
        before_numbers=english.before_numbers,
        behind_clock=english.behind_clock,
        together=frozenset().union(*(language.ends().together for language in languages())),
        joining="|".join(language.ends().joining for language in languages()),
        ordinals=replace(german, led_by=None) if german and base in _DOTTED_ORDINALS else None,
        roman_numbers=False,
        consonants_alone=False,
    )


def _rules_of(language: Language) -> RuleSet:
    """What the rules don't know stays as written."""
    base = language.tag.split("-", 1)[0].lower()
    words = _WORDS.get(base)
    return rule_set(base, _stages(base, words), {"%": words.percent} if words else {})


def _stages(language: str, words: _Words | None) -> dict[Stage, Iterable[Rule]]:
    # Far beyond any number: no engine is handed thousands of digits in one word.
    endless = rule("digits", "digit", r"\d{31,}", lambda match: " ".join(match.group()))
    stages: dict[Stage, Iterable[Rule]] = {Stage.LETTERS: (*letter_rules(serials=True), endless)}
    if words:
        amounts = Amounts(
            language=language,
            point=words.point,
            decimal_mark=",",
            grouping=".\u202f\u00a0",
            to=words.to,
            percent=words.percent,
        )
        stages[Stage.WEB] = address_rules(AddressWords(language=language, dot=words.dot, at=words.at))
        stages[Stage.NUMBERS] = number_rules(amounts)
    return stages
