"""English units behind a number in words, and what is said behind a percentage: `two tbsp`, `five kg`, `13% vol`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable.amount_words import Amounts
from tts_service.speakable.rules import Rule, any_of, listed, rule, words_before
from tts_service.speakable.tables import words

_ONE = words("en")["one"]
_MANY = words("en")["many"]
_HEAPED = words("en")["heaped"]
_UNITS = words("en")["units"]
_RECIPE = listed("tbsp tbsps tsp tsps dsp dsps")
"""Nothing else looks like these: said in full wherever they stand."""
_VOLUME = {"vol": "by volume", "abv": "A B V"}


def measured_rules(amounts: Amounts) -> Iterator[Rule]:
    """A unit is many or one as the word before it says."""

    def unit(match: re.Match[str]) -> str | None:
        written = match["unit"].lower() if match["unit"].lower() in _RECIPE else match["unit"]
        before = words_before(match, 2)
        if before and before[-1] in _HEAPED:
            before.pop()
        nearest = re.split("[-–]", before[-1])[-1] if before else ""
        counted = nearest in _MANY or (nearest[-1:].isdigit() and nearest != "1")
        if not counted and nearest not in _ONE and written not in _RECIPE:
            return None
        return amounts.units[written].many if counted else amounts.units[written].one

    def volume(match: re.Match[str]) -> str | None:
        behind = match.string[max(0, match.start() - 2) : match.start()].strip().endswith("%")
        return _VOLUME[match["word"].lower()] if behind else None

    written = any_of([*_UNITS, *(name.capitalize() for name in _RECIPE), "TBSP", "TSP"])
    yield rule("unit", "letter word", rf"(?P<unit>{written})(?![\w'’/²³-]|\.\w)(?:\.(?=\s[a-z]))?", unit)
    yield rule("percent", "letter word", r"(?P<word>vol|abv|Vol|ABV|VOL)(?!\w)(?:\.(?=\s[a-z]|$))?", volume)
