"""English motorway junctions: `J18`, `J10-J12 of the M4`, `jct 9`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable.amount_words import Amounts
from tts_service.speakable.rules import Rule, rule, words_after, words_before
from tts_service.speakable.tables import words

_ON_ROADS = words("en")["on roads"]
_ROAD = re.compile(r"(?:[am]\d{1,4}|a\d{1,3}\(m\))(?:'s|’s)?")


def road_rules(amounts: Amounts) -> Iterator[Rule]:
    """A letter with a number only where a road stands near: J18 is also a postcode and a paper size."""

    def one(number: str, letter: str | None) -> str:
        return f"{amounts.say(number)}{f' {letter.upper()}' if letter else ''}"

    def junction(match: re.Match[str]) -> str | None:
        near = {*words_before(match, 6), *words_after(match, 6)}
        if not near & _ON_ROADS and not any(map(_ROAD.fullmatch, near)):
            return None
        first = one(match["a"], match["la"])
        return f"junctions {first} to {one(match['b'], match['lb'])}" if match["b"] else f"junction {first}"

    def written(match: re.Match[str]) -> str:
        return f"{'J' if match.group()[0] == 'J' else 'j'}unction{'s' if match['many'] else ''}"

    until = r"(?:\s?[-–]\s?J?(?P<b>\d{1,2})(?P<lb>[a-z])?)?"
    yield rule("address", "letter", rf"J(?P<a>\d{{1,2}})(?P<la>[aAbB])?{until}(?![\w-]|[.,:/]\d)", junction)
    yield rule("address", "letter word", r"[Jj](?:nct|ct|unc|n)(?P<many>s)?\.?(?=\s?\d{1,2}(?!\d))", written)
