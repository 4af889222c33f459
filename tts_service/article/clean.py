"""Removes characters that nobody reads, before positions are counted.

Runs before blocks are built, so that all later positions (start, end) count visible characters.
"""

from __future__ import annotations

import re
import unicodedata

MAX_MARKS = 4
"""Combining marks kept per base character; more is "Zalgo" text that no voice can pronounce."""

# NUL ends espeak-ng's C strings, lone surrogates can't be encoded as UTF-8, and bidi controls and zero-width characters
# make the spoken text differ from the visible text. Tab, newline and carriage return separate text, so they stay.
INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    "\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
_JOINER = "\u200d"
_NON_JOINER = "\u200c"
_MARKS = re.compile("([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f])+")


def clean(text: str) -> tuple[str, int]:
    """The text in NFC without invisible characters, and the number of characters removed."""
    if text.isascii() and not INVISIBLE.search(text):
        return text, 0
    seen = INVISIBLE.sub("", text)
    seen = _without_stray_joiners(seen)
    capped = _MARKS.sub(lambda run: run.group()[:MAX_MARKS], seen)
    dropped = len(text) - len(capped)
    return unicodedata.normalize("NFC", capped), dropped


def is_joiner(character: str) -> bool:
    """Whether the character is a zero-width joiner or non-joiner."""
    return character in (_JOINER, _NON_JOINER)


def _without_stray_joiners(text: str) -> str:
    """Keeps ZWJ only between emoji, and ZWNJ only between Arabic or Indic letters, where they are orthographic."""
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
    """The text on one line: runs of white space become one space, ends are stripped."""
    return " ".join(text.split())
