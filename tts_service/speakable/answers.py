"""Which rules answer at a place in a text, in the order in which they are preferred."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from tts_service.speakable.rules import Rule, RuleSet
from tts_service.speakable.tokens import asked_at, words_of_answer


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleAnswer:
    """What a rule says, and how far."""

    rule: Rule
    end: int
    """One past the last character that it says."""
    spoken: tuple[str, ...]


def rule_answers(text: str, place: int, end: int, rules: RuleSet) -> Iterator[RuleAnswer]:
    """The rules that answer for what begins at `place`: by stage, within a stage the longest match first."""
    asked = asked_at(text, place, end, rules)
    for _, stage in groupby(asked, key=lambda rule: rule.stage):
        found = [answer for rule in stage if (answer := _answer(text, place, end, rule, rules.language))]
        yield from sorted(found, key=lambda answer: -answer.end)


def _answer(text: str, place: int, end: int, rule: Rule, language: str) -> RuleAnswer | None:
    match = rule.pattern.match(text, place, end)
    if match is None or match.end() == place or (said := rule.say(match)) is None:
        return None
    return RuleAnswer(rule=rule, end=match.end(), spoken=words_of_answer(said, language))
