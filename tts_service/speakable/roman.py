"""Roman numerals: their value, and rulers that have one in any language."""

from __future__ import annotations

import re

from tts_service.speakable.tables import words

REGNAL = words("")["regnal"]
_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_ROMAN = re.compile(r"(?=[MDCLXVI])M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")


def roman_value(written: str) -> int | None:
    """`XVI` -> 16, `MMXXIV` -> 2024; None for letters that are no roman number up to 3999."""
    if not written or not _ROMAN.fullmatch(written):
        return None
    values = [_VALUES[letter] for letter in written]
    return sum(-v if v < n else v for v, n in zip(values, [*values[1:], 0], strict=True))
