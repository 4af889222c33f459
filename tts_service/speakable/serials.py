"""Serials: digits glued to letters (`A380`, `Covid-19`, `F-35s`, `CO₂`)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from tts_service.speakable import numerals
from tts_service.speakable.acronyms import as_acronym
from tts_service.speakable.amounts import Amounts
from tts_service.speakable.rules import Rule, rule

_PIECE = re.compile(r"\d+|[^\W\d_]+")
_GLUED = (
    r"(?=[^\W_]{0,20}(?:[-–‑'’][^\W\d_]{0,20}){0,3}[-–‑'’]?[\d₀-₉])"
    r"[^\W_]{1,20}(?:[-–‑][^\W_]{1,20}|['’][^\W_]{2,20}|['’]\d){0,3}(?P<s>['’]s)?(?!\w)"
)


def serial_rules(amounts: Amounts) -> Iterator[Rule]:
    """Names with a decimal (`PM2.5`, `BA.5`), then all digits glued to letters."""

    def pointed(match: re.Match[str]) -> str | None:
        said = _glued(match["head"], amounts)
        return f" {amounts.point} ".join([said, *filter(None, map(amounts.say, match["tail"].split(".")))])

    def glued(match: re.Match[str]) -> str | None:
        end = "s" if match["s"] else ""
        return f"{_glued(match.group().removesuffix(match['s'] or ''), amounts)}{end and chr(39)}{end}"

    yield rule(
        "serial",
        "letter",
        r"(?P<head>[A-Z]{1,3}\d{0,3}|v\d{1,3})\.(?P<tail>\d{1,3}(?:\.\d{1,3}){0,3})(?![\w]|\.\w)",
        pointed,
    )
    yield rule("serial", "digit letter", _GLUED, glued)


def _glued(written: str, amounts: Amounts) -> str:
    """`A380` -> "A three eighty", `Covid-19` -> "Covid nineteen", `F-35s` -> "F thirty-fives"."""
    out: list[str] = []
    pieces = [found.group() for found in _PIECE.finditer(unicodedata.normalize("NFKC", written))]
    for place, part in enumerate(pieces):
        if part == "s" and place and place == len(pieces) - 1 and pieces[place - 1].isdecimal():
            out[-1] = amounts.plural(out[-1])
        elif not part.isdecimal():
            out.append(as_acronym(part) or (" ".join(part) if part.isupper() and len(part) <= 3 else part))
        elif len(part) > 4 or part[0] == "0":
            out.append(numerals.each_digit(part, amounts.language) or part)
        else:
            out.append(amounts.in_serial(part, amounts.language) or part)
    return " ".join(out)
