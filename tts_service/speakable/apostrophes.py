"""Apostrophes, whichever sign an author's keyboard gave: all become the typographic one before anything is read."""

from __future__ import annotations

import re

_SIGNS = "\u02bc`\u00b4\uff07\u2018"
"""Modifier letter, grave, acute, full-width, and the opening quote that word processors put there."""
_BETWEEN = rf"(?<=[^\W_])[{_SIGNS}](?=[^\W_])"
_BEFORE_A_DECADE = rf"(?<![\w{_SIGNS}])[{_SIGNS}](?=\d0s)"
_BEHIND_DOTS = rf"(?<=[^\W_]\.)[{_SIGNS}](?=s(?!\w))"
_LETTER = r"[^\W_\u02bc]"
_MODIFIER = rf"(?<={_LETTER})\u02bc|\u02bc(?={_LETTER})"
"""The modifier letter is no quote mark: at a word's edge it is an apostrophe, too, and no letter of the word."""
_MEANT = re.compile(f"{_MODIFIER}|{_BETWEEN}|{_BEHIND_DOTS}|{_BEFORE_A_DECADE}")


def with_apostrophes(text: str) -> str:
    """The same text, character by character, with "’" where another sign stands for it: between letters or digits,
    behind an abbreviation ("U.S.´s") and before a decade ("´80s"); the modifier letter beside any ("dogsʼ"). Quote
    marks around words stay."""
    return _MEANT.sub("’", text) if any(sign in text for sign in _SIGNS) else text
