"""Calls: links that stand alone, or behind a finished sentence, and ask readers to go elsewhere.

Wordings are countless ("Count me in", "To the brochure"); the shape is always the same.
"""

from __future__ import annotations

import re

from tts_service.article.furniture import ends
from tts_service.article.pieces import Piece
from tts_service.values import BlockKind

WHOLE = 0.9
"""Minimum share of a text inside links for it to be nothing but a link."""
MAX_CALL = 8
"""Maximum words of a call."""
MAX_LINE = 35
"""Maximum words of a paragraph that is furniture because it ends in a call."""
MAX_LABEL = 8
"""Maximum words before a link that is the rest of its line."""
MIN_ROW, MAX_TITLE = 3, 12
"""Parts of a row of links at least, and maximum words of each link."""
_ADDRESS = re.compile(r"\S+@\S+|(?:https?://)?[\w-]+(?:\.[\w-]+)+(?:/\S*)?|[\d +/()-]{5,}")
"""Web and mail addresses and telephone numbers are what readers of the text need."""
_SENTENCE = re.compile(r"[.!?…][\"'”’»“)\]]*$")
_ASKS = (":", "?", "!")


def is_call_link(item: Piece) -> bool:
    """Whether a piece is a short link and nothing else, or ends in one that stands behind a finished sentence."""
    if item.kind not in (BlockKind.PARAGRAPH, BlockKind.STANDFIRST):
        return False
    if item.linked >= WHOLE * len(item.text):
        return _calls(item.text)
    return _call_behind(item) is not None


def is_calling_line(item: Piece) -> bool:
    """Whether a paragraph is a call with what it is about: a title, or all in italics, and a link behind it; or a
    label and a link that no full stop follows."""
    before = _call_behind(item) if item.kind is BlockKind.PARAGRAPH else None
    if before is None or len(item.text.split()) > MAX_LINE:
        return False
    lead = item.parts[0]
    if _SENTENCE.search(before):
        titled = len(item.parts) > 2 and len(lead.split()) > 1 and not lead.endswith((".", ")", "–", "-"))
        return titled or item.stressed >= WHOLE * len(item.text)
    about = item.linked >= len(before) or lead.endswith(_ASKS)
    return about and len(before.split()) <= MAX_LABEL


def is_row(item: Piece) -> bool:
    """Whether a paragraph is a label and links, with no more between them than signs: channels, topics, titles."""
    if item.kind is not BlockKind.PARAGRAPH or len(item.parts) < MIN_ROW or ends(item.text) or item.anchored:
        return False
    first, *rest = item.parts
    links = [part for part in rest if any(map(str.isalnum, part))]
    between = sum(len(part) for part in rest if part not in links)
    short = len(first.split()) <= MAX_CALL and all(len(link.split()) <= MAX_TITLE for link in links)
    return short and len(links) > 1 and len(first) + item.linked + between >= len(item.text) - len(item.parts)


def _call_behind(item: Piece) -> str | None:
    """What stands before a link that is the last part of a piece, without a full stop; None if there is none such."""
    last = item.parts[-1] if item.parts else ""
    if not last or item.linked != len(last) or item.anchored or not item.text.endswith(last):
        return None
    before = item.text[: -len(last)].rstrip()
    return before if _calls(last, MAX_CALL if _SENTENCE.search(before) else MAX_TITLE) else None


def _calls(text: str, most: int = MAX_CALL) -> bool:
    return len(text.split()) <= most and not ends(text) and _ADDRESS.fullmatch(text) is None
