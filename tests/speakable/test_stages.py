"""The order of rules within a stage says nothing: no two of them take the same stretch of a golden line.

Within a stage the longest match wins, so two rules conflict only when they answer for the same stretch in different
words. Such a pair depends on who stands first: make a pattern exact, or move a rule to another stage.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tts_service.speakable.language import codes
from tts_service.speakable.normalize import rules_for
from tts_service.speakable.rules import Rule, RuleSet, Stage, rule, rule_set
from tts_service.speakable.tokens import asked_at, tokens

DATA = Path(__file__).parent.parent / "data" / "speakable"
TAGS = sorted(path.stem for path in DATA.glob("*.tsv"))


def _lines(tag: str) -> Iterator[str]:
    for line in (DATA / f"{tag}.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("# "):
            yield from line.split("\t")


def _answers(text: str, place: int, rules: RuleSet) -> list[tuple[Rule, int, str]]:
    """Every rule that would answer at this place: (rule, end of its match, its words)."""
    found = []
    for candidate in asked_at(text, place, len(text), rules):
        match = candidate.pattern.match(text, place, len(text))
        if match is not None and match.end() > place and (said := candidate.say(match)) is not None:
            found.append((candidate, match.end(), said))
    return found


def conflicts(text: str, rules: RuleSet) -> list[str]:
    """What two rules of the deciding stage say of the same stretch, and who would have answered next."""
    out = []
    for token in tokens(text, 0, len(text), rules):
        answers = _answers(text, token.start, rules)
        first = [answer for answer in answers if answer[0].stage is answers[0][0].stage]
        longest = max((end for _, end, _ in first), default=0)
        rivals = {" ".join(said.split()): rule for rule, end, said in first if end == longest}
        if len(rivals) > 1:
            stretch = text[token.start : longest]
            pair = "; ".join(f"{rule.name} ({rule.pattern.pattern[:40]}) {said!r}" for said, rule in rivals.items())
            later = next((f"{r.stage.name} {r.name} {said!r}" for r, _, said in answers[len(first) :]), "nobody")
            out.append(f"{text!r}: {stretch!r} in {first[0][0].stage.name}: {pair}; then {later}")
    return out


@pytest.mark.slow
@pytest.mark.parametrize("tag", TAGS)
def test_no_two_rules_of_a_stage_take_the_same_stretch(tag: str) -> None:
    rules = rules_for(tag)
    found = [conflict for line in dict.fromkeys(_lines(tag)) for conflict in conflicts(line, rules)]
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("code", codes())
def test_every_language_with_a_folder_has_a_golden_table(code: str) -> None:
    assert code in TAGS


def _rules(*stages: tuple[Stage, str, str]) -> RuleSet:
    made = {stage: [rule(said, "digit", pattern, lambda match, said=said: said)] for stage, pattern, said in stages}
    return rule_set("en", made, {})


def test_an_earlier_stage_decides_however_long_the_later_match() -> None:
    rules = _rules((Stage.NUMBERS, r"\d{1,9} km", "number"), (Stage.DATES, r"\d", "date"))
    assert tokens("5 km", 0, 4, rules)[0].rules == ("date",)


def test_within_a_stage_the_longest_match_decides() -> None:
    short, long = rule("short", "digit", r"\d", lambda m: "one"), rule("long", "digit", r"\d km", lambda m: "two")
    for order in ([short, long], [long, short]):
        assert tokens("5 km", 0, 4, rule_set("en", {Stage.MEASURES: order}, {}))[0].rules == ("long",)


def test_a_conflict_names_both_rules_and_who_comes_next() -> None:
    one, other = rule("one", "digit", r"\d", lambda m: "a"), rule("other", "digit", r"[0-9]", lambda m: "b")
    last = rule("last", "digit", r"\d", lambda m: "c")
    rules = rule_set("en", {Stage.DATES: [one, other], Stage.NUMBERS: [last]}, {})
    (found,) = conflicts("5", rules)
    assert "one (" in found
    assert "other (" in found
    assert "then NUMBERS last 'c'" in found
