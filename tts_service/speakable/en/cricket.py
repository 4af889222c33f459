"""English cricket: runs for wickets (`214-6 at tea`, `declared on 512/8`) and bowling (`figures of 6-45`)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable.amount_words import Amounts
from tts_service.speakable.rules import Rule, rule, word_after, words_after, words_before
from tts_service.speakable.tables import words

_BATTED = words("en")["batted"]
_BOWLED = words("en")["bowled"]
_SIDES = words("en")["sides"]
_VOTED = words("en")["voted"]
_OUT = 10
"""Wickets of an innings."""


def cricket_rules(amounts: Amounts) -> Iterator[Rule]:
    """Two numbers that only cricket joins; a score of other games, a vote and a fraction are left to their rules."""

    def innings(match: re.Match[str]) -> str | None:
        runs, wickets = int(match["a"]), int(match["b"])
        if wickets > _OUT or runs <= _OUT or (runs, wickets) == (24, 7) or not _of_cricket(match, runs):
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


def _of_cricket(match: re.Match[str], runs: int) -> bool:
    before = words_before(match, 5)
    if match["declared"]:
        return True
    if _VOTED & set(before):
        return False
    if (_BATTED & {*before, *words_after(match, 4)}) or (match["mark"] == "/" and _SIDES & set(before[-3:])):
        return True
    # `Ireland 24-9 Scotland` is rugby: a side alone is sure only of runs that no other game has.
    return runs >= 60 and bool(_SIDES & set(before[-1:])) and not word_after(match)[:1].isupper()
