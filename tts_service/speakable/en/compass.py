"""English points of the compass by their letters, where a wind, a way or a distance stands near: `winds SW 10 mph`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tts_service.speakable.rules import Rule, rule, word_after, word_before
from tts_service.speakable.tables import words

_POINTS = {"N": "north", "S": "south", "E": "east", "W": "west"}
_WINDS, _HEADING = words("en")["winds"], words("en")["heading"]
_AWAY = frozenset(("mi.", "mi", "miles", "mile", "km", "kilometres", "kilometers", "m", "metres", "yards", "nm"))
_ROAD = re.compile(r"(?:I|US|SR|M|A|Route|Highway)-?\d{1,3}")


def compass_rules() -> Iterator[Rule]:
    """Letters alone mean much else, so a word beside them has to show that they are a direction."""

    def say(match: re.Match[str]) -> str | None:
        before, after = word_before(match), word_after(match)
        inches = match.string[max(0, match.start() - 2) : match.start()] in ('" ', "″ ", "” ")
        letters = match.group().rstrip(".")
        if before == "in." and (len(letters) > 1 or after == "of" or letters != match.group()):
            return _spoken(letters)
        away = (before in _AWAY or (inches and before[-1:].isdigit())) and after in ("of", "from")
        moves = before.lower() in _HEADING and after.lower() in ("at", "toward", "towards", "of", "across", "")
        moves = moves or (after.lower() in _WINDS and after.lower() != "gusts")
        beside = before.islower() and re.match(r"\sof\s[A-Z]", match.string[match.end() : match.end() + 6]) is not None
        if not (away or moves or beside or before.lower() in _WINDS or _ROAD.fullmatch(before)):
            return None
        if _ROAD.fullmatch(before):
            return _spoken(match.group()).capitalize() if len(match.group()) == 1 else None
        return _spoken(match.group())

    def bound(match: re.Match[str]) -> str:
        return f"{_POINTS[match['side'].upper()]}bound"

    def lanes(match: re.Match[str]) -> str | None:
        return bound(match) if _ROAD.fullmatch(word_before(match)) else None

    def marker(match: re.Match[str]) -> str | None:
        head = match.string[max(0, match.start() - 60) : match.start()]
        return "mile marker" if _ROAD.search(head) else None

    yield rule("direction", "letter", r"(?P<side>[NSEW])B(?![\w'’/-])", lanes)
    yield rule("abbreviation", "letter", r"MM(?=\s\d{1,3}(?!\w))", marker)
    yield rule("direction", "word letter", r"(?P<side>[nsewNSEW])/[bB](?![\w/])", bound)
    dotted = r"[NSEW]\.(?=,|\sof\s)"
    yield rule("direction", "letter", rf"(?:[NS](?:[NS]?[EW])?|[EW](?:[NS][EW])?)(?![\w.'’&/-])|{dotted}", say)


def _spoken(letters: str) -> str:
    """`SW` -> "southwest", `NNE` -> "north northeast"."""
    first, last = [_POINTS[letter] for letter in letters[:-2]], letters[-2:]
    joined = "".join(_POINTS[letter] for letter in last)
    return " ".join([*first, joined])
