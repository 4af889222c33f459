"""German points of the compass by their letters, where a wind or a preposition shows them: `Wind aus SW`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable.rules import Rule, rule, word_after, word_before, words_before

_POINTS = {"N": "Nord", "S": "Süd", "O": "Ost", "W": "West"}
_WAYS = {"N": "nord", "S": "süd", "O": "ost", "W": "west"}
_SIDES = {"N": "nördlich", "S": "südlich", "O": "östlich", "W": "westlich"}
_WINDS = frozenset(("wind", "winde", "böen", "sturm", "brise", "luft", "strömung", "schauer", "wolken", "regen"))

_ROADS = re.compile(r"\b[AB]\s?\d{1,3}\b|\b(?:stau|Stau|Ausfahrt|Anschlussstelle|Kreuz|Dreieck)")
_BEFORE = frozenset(("aus", "im", "von", "um", "nach", "richtung", "auf"))


def compass_rules() -> Iterator[Rule]:
    """`Wind aus SW`, `im NW`; a letter alone only beside a wind."""

    def say(match: re.Match[str]) -> str | None:
        letters, before = match.group(), word_before(match).lower()
        near = bool(_WINDS & set(words_before(match, 4)))
        if before in ("km", "kilometer", "m", "meter") and word_after(match) in ("v", "von", "der", "des"):
            return "".join(_WAYS[letter] for letter in letters[:-1]) + _SIDES[letters[-1]]
        if near and len(letters) > 1 and before in _WINDS:
            return "".join(_POINTS[letter] for letter in letters).capitalize()
        if before not in _BEFORE or not (near or (len(letters) > 1 and before in ("aus", "im"))):
            return None
        said = "".join(_POINTS[letter] for letter in letters).capitalize()
        return f"{said}en" if before in ("im", "nach") else said

    def side(match: re.Match[str]) -> str | None:
        near = _ROADS.search(match.string, max(0, match.start() - 60), match.end() + 40)
        return f"{match['place']}-{_POINTS[match['side']]}" if near else None

    yield rule("direction", "letter", r"(?P<place>[A-ZÄÖÜ][a-zäöüß]{2,20})-(?P<side>[NSOW])(?![\w-])", side)
    yield rule("direction", "letter", r"(?:[NS](?:[NS]?[OW])?|[OW](?:[NS][OW])?)(?![\w'’&/-]|\.\w)", say)
