"""What stands in `<pre>`: a poem, a letter or another text whose lines count, or else program code."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from tts_service.article.elements import names_of
from tts_service.article.plain import is_wrapped

BLANK_LINE = re.compile(r"\n[ \t\r]{0,80}\n")
LINE_END = re.compile(rf"{BLANK_LINE.pattern}|(?<![\s.,;:!?…–—-])[ \t\r]{{0,80}}\n")
"""A line's end that nothing marks; a comma or a stop there makes its own pause."""
_CODE_MARKS = "{}[]=<>;|\\$#_"
_MIN_WORDS = 8
"""Words that a `<pre>` without a name has at least when it is prose."""
_SPARSE, _DENSE = 200, 40
"""Characters per mark of code, below which a text is code: without a name, and where the editor chose the block."""


def is_prose(pre: LexborNode) -> bool:
    """Whether it is to be read: verse, WordPress's preformatted text, or what reads like sentences."""
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


def divider_of(pre: LexborNode) -> re.Pattern[str]:
    """What ends a piece in it: a blank line where lines are wrapped by hand, else a line's end, as in a poem."""
    parts = [part.splitlines() for part in BLANK_LINE.split(pre.text())]
    wrapped = [is_wrapped([line for line in lines if line.strip()]) for lines in parts]
    long = [len(lines) > 1 for lines in parts]
    return (
        BLANK_LINE if any(wrapped) and wrapped == long and "verse" not in names_of(pre.attributes or {}) else LINE_END
    )
