"""Classifies `<pre>`: verse or other text with significant line breaks, or program code."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from selectolax.lexbor import LexborNode

from tts_service.article.elements import names_of
from tts_service.article.plain import is_wrapped

BLANK_LINE = re.compile(r"\n[ \t\r]{0,80}\n")
LINE_END = re.compile(rf"{BLANK_LINE.pattern}|(?<![\s.,;:!?…–—-])[ \t\r]{{0,80}}\n")
Divider = Callable[[str], Sequence[str]]
"""Splits text into pieces."""
_CODE_MARKS = "{}[]=<>;|\\$#_"
_MIN_WORDS = 8
"""Minimum words of an unlabelled `<pre>` for it to be prose."""
_SPARSE, _DENSE = 200, 40
"""Minimum characters per code symbol for prose: unlabelled, and where the editor chose a text block."""


def is_prose(pre: LexborNode) -> bool:
    """Whether to read it aloud: verse, WordPress's preformatted text, or what reads like sentences."""
    names = names_of(pre.attributes or {})
    if "verse" in names:
        return True
    if pre.css_first("code, kbd, samp, span[class]") is not None:
        return False
    text = pre.text()
    marks = sum(map(text.count, _CODE_MARKS))
    if "preformatted" in names.split() or "wp-block-preformatted" in names.split():
        return marks * _DENSE <= len(text)
    return len(text.split()) >= _MIN_WORDS and marks * _SPARSE < len(text) and "." in text


def paragraphs(text: str) -> list[str]:
    """The text split at blank lines."""
    return BLANK_LINE.split(text)


def lines(text: str) -> list[str]:
    """The lines of a poem; punctuation at a line's end makes its own pause."""
    return LINE_END.split(text)


def lines_or_paragraphs(text: str) -> list[str]:
    """The lines of a text; its paragraphs if it is hard-wrapped."""
    return [
        piece
        for part in paragraphs(text)
        for piece in ([part] if is_wrapped([line for line in part.splitlines() if line.strip()]) else lines(part))
    ]


def divider_of(pre: LexborNode) -> Divider:
    """How to split the text in it."""
    return lines if "verse" in names_of(pre.attributes or {}) else lines_or_paragraphs
