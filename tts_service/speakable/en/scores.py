"""English scores and votes: `won 3-1`, `a 7–2 defeat`, `6-4, 3-6, 7-6`; cricket's `214-6 at tea`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable.amounts import Amounts
from tts_service.speakable.en.amounts import is_american
from tts_service.speakable.rules import Rule, listed, rule, word_after, words_after, words_before
from tts_service.speakable.tables import words

_PLAYED = words("en")["played"]
_ODDS = words("en")["odds"]
_SEASON = listed("record season start improved improving improve")
"""What a team has won and lost: "twelve and five"."""
_PANEL = 21
"""Members of a court or a council: "voted seven to two"; of a parliament: "voted fifty-two forty-eight"."""
_NEIGHBOUR = re.compile(r"(?<!\d)[0-7][-–][0-7](?: ?\(\d{1,2}(?:[-–]\d{1,2})?\))?[,;]? (?:and )?\(?$")
_NEXT = re.compile(r"[,;]? (?:and )?\(?\d{1,2}[-–]\d{1,2}(?!\d)")


def score_rules(amounts: Amounts) -> Iterator[Rule]:
    """Two numbers in a contest, then formations and records of three, then ratios."""
    american = is_american(amounts.language)
    zero = amounts.say("0") if american else "nil"

    def one(digits: str) -> str | None:
        return zero if digits.strip("0") == "" else amounts.say(digits)

    def score(match: re.Match[str]) -> str | None:
        first, second = int(match["a"]), int(match["b"])
        if match["gap"] and not _between_names(match):
            return None
        near = {*words_before(match, 4), *words_after(match, 3)}
        if "fav" in near:
            return amounts.between(amounts.say(match["a"]), amounts.say(match["b"]))
        if (first, second) == (9, 5):
            return amounts.between(amounts.say("9"), amounts.say("5"))
        if (
            words_before(match, 1) == ["voted"] or words_before(match, 2) == ["vote", "was"]
        ) and first + second <= _PANEL:
            return amounts.between(amounts.say(match["a"]), amounts.say(match["b"]))
        if min(first, second) > 99 and near & _VOTED:
            return amounts.between(amounts.say(match["a"]), amounts.say(match["b"]))
        if near & _ODDS and first != second:
            return amounts.between(amounts.say(match["a"]), amounts.say(match["b"]))
        if first < second and not _of_team(match) and not _rising(match, near):
            return None
        said = one(match["a"]), one(match["b"])
        if american and near & _SEASON:
            return f"{said[0]} and {'oh' if second == 0 else said[1]}"
        return f"{said[0]} {said[1]}" if all(said) else None

    def three(match: re.Match[str]) -> str | None:
        return " ".join(filter(None, map(one, re.findall(r"\d+", match.group()))))

    def ratio(match: re.Match[str]) -> str | None:
        return amounts.between(amounts.say(match["a"]), amounts.say(match["b"]))

    gap = r"(?P<gap>\s)?"
    yield rule("score", "digit", r"\d{1,2}[-–]\d{1,2}[-–]\d{1,2}(?:[-–]\d{1,2})?(?![\w]|[-–.,/]\d)", three)
    yield rule(
        "score",
        "digit",
        rf"(?P<a>\d{{1,3}}){gap}[-–—](?(gap)\s)(?P<b>\d{{1,3}})(?![\w%]|[.,:/]\d|[-–][a-z\d]|\s?%)",
        score,
    )
    yield rule("ratio", "digit", r"(?P<a>\d{1,4}):(?P<b>\d{1,4})(?![\w:]|[.,]\d)", ratio)


def _between_names(match: re.Match[str]) -> bool:
    """`Hull 2 – 1 Leeds`."""
    return word_after(match)[:1].isupper() and match.string[: match.start()].rstrip()[-1:].isalpha()


def _of_team(match: re.Match[str]) -> bool:
    """`the Red Sox (78-84)`: a record behind a name."""
    named = re.search(r"[A-Z][\w.'’]{1,20} \($", match.string[max(0, match.start() - 30) : match.start()])
    return bool(named) and match.string[match.end() : match.end() + 1] == ")"


def _rising(match: re.Match[str], near: set[str]) -> bool:
    """Whether a smaller number first is still a score: `lost 1-4`, a set of a match, the away team's win."""
    if _NEIGHBOUR.search(match.string, max(0, match.start() - 24), match.start()):
        return True
    if _NEXT.match(match.string, match.end()) and int(match["b"]) <= 7:
        return True
    after = word_after(match)
    if after.islower() and after.endswith("s") and after not in ("loss", "series", "across"):
        return False
    return bool(near & _PLAYED) or (after[:1].isupper() and words_before(match, 1) != [] and _between_names(match))


_BATTED = words("en")["batted"]
_BOWLED = words("en")["bowled"]
_SIDES = words("en")["sides"]
_VOTED = words("en")["voted"]
_OUT = 10
"""Wickets of an innings."""
_MANY_RUNS = 120
"""With ten or fewer on the other side no other game that the British play has so many."""


def cricket_rules(amounts: Amounts) -> Iterator[Rule]:
    """Two numbers that only cricket joins; a score of other games, a vote and a fraction are left to their rules."""

    british = not is_american(amounts.language)

    def innings(match: re.Match[str]) -> str | None:
        runs, wickets = int(match["a"]), int(match["b"])
        if wickets > _OUT or runs <= _OUT or (runs, wickets) == (24, 7):
            return None
        if not _of_cricket(match, runs, british=british):
            return None
        said = amounts.say(match["a"])
        lost = "for no loss" if wickets == 0 else "all out" if wickets == _OUT else f"for {amounts.say(match['b'])}"
        return f"{said} {lost}{' declared' if match['declared'] else ''}" if said else None

    def bowling(match: re.Match[str]) -> str | None:
        near = {*words_before(match, 3), *words_after(match, 3)}
        if not near & _BOWLED or int(match["a"]) > _OUT:
            return None
        return f"{amounts.say(match['a'])} for {amounts.say(match['b'])}"

    end = r"(?![\w%]|[.,:/]\d|[-–/]\w)"
    declared = r"(?P<declared>\s?dec(?!\w)\.?|d(?!\w))?"
    yield rule("score", "digit", rf"(?P<a>\d{{2,3}})(?P<mark>[-–/])(?P<b>\d{{1,2}}){declared}{end}", innings)
    yield rule("score", "digit", rf"(?P<a>\d{{1,2}})[-–/](?P<b>\d{{1,3}}){end}", bowling)


def _of_cricket(match: re.Match[str], runs: int, *, british: bool) -> bool:
    before = words_before(match, 5)
    if match["declared"]:
        return True
    if _VOTED & set(before):
        return False
    if (_BATTED & {*before, *words_after(match, 4)}) or (match["mark"] == "/" and _SIDES & set(before[-3:])):
        return True
    # `Ireland 24-9 Scotland` is rugby: a side alone is sure only of runs that no other game has.
    if british and runs >= _MANY_RUNS:
        return True
    return runs >= 60 and bool(_SIDES & set(before[-1:])) and not word_after(match)[:1].isupper()
