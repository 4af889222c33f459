"""Letters that voices know only by their number (`Nguyễn`, `Ḥasan`), written with ones that they can say."""

from __future__ import annotations

import re
import unicodedata

_UNKNOWN = re.compile("[\u1e00-\u1e9d\u1e9f-\u1eff]")
_LAST_KNOWN = "\u024f"
"""Up to here every Latin letter has a sound in the voices of all our languages."""


def sayable(text: str) -> str:
    """The text with its unknown letters less their marks, but for those that a voice knows: `ễ` -> `ê`, `Ḥ` -> `H`."""
    return text if text.isascii() else _UNKNOWN.sub(_known, text)


def _known(letter: re.Match[str]) -> str:
    apart = unicodedata.normalize("NFD", letter.group())
    base = apart[0]
    for mark in apart[1:]:
        with_mark = unicodedata.normalize("NFC", base + mark)
        if len(with_mark) == 1 and with_mark <= _LAST_KNOWN:
            base = with_mark
    return base
