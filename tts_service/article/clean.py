"""Removes characters that nobody reads, before positions are counted.

They are out before blocks are made, so that every later place (start, end) counts characters a reader sees.
"""

from __future__ import annotations

import re
import unicodedata

MAX_MARKS = 4
"""Combining marks kept per base character; more is "Zalgo" text, which no voice can say."""

# NUL stops espeak-ng's C strings, a lone surrogate can't be encoded as UTF-8, bidi controls and zero-width characters
# make the voice hear another text than the eye sees. Tab, newline and carriage return stay: they divide text.
INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    "\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
_JOINER = "\u200d"
_NON_JOINER = "\u200c"
_MARKS = re.compile("([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f])+")


def clean(text: str) -> tuple[str, int]:
    """The text in NFC without invisible characters, and how many characters were dropped."""
    if text.isascii() and not INVISIBLE.search(text):
        return text, 0
    seen = INVISIBLE.sub("", text)
    seen = _without_stray_joiners(seen)
    capped = _MARKS.sub(lambda run: run.group()[:MAX_MARKS], seen)
    dropped = len(text) - len(capped)
    return unicodedata.normalize("NFC", capped), dropped


def is_joiner(character: str) -> bool:
    """Whether it joins, or keeps apart, the characters around it."""
    return character in (_JOINER, _NON_JOINER)


def _without_stray_joiners(text: str) -> str:
    """ZWJ only between emoji, ZWNJ only between Arabic or Indic letters: there they are spelling."""
    if _JOINER not in text and _NON_JOINER not in text:
        return text
    out: list[str] = []
    last = len(text) - 1
    for index, character in enumerate(text):
        if character == _JOINER and not (0 < index < last and ord(text[index + 1]) > 0x2190):
            continue
        if character == _NON_JOINER and not (0 < index < last and 0x0600 <= ord(text[index - 1]) < 0x0E00):
            continue
        out.append(character)
    return "".join(out)


def one_line(text: str) -> str:
    """The text with every run of white space as one space, none at its ends."""
    return " ".join(text.split())
