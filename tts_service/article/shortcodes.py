"""Takes the shortcodes of CMSs and templates out of the text around them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from tts_service.article.clean import one_line
from tts_service.article.furniture import line_skip_reason
from tts_service.article.pieces import Piece
from tts_service.values import BlockKind

SHORTCODE = "shortcode"
_INSIDE = re.compile(
    r"\{\{[^{}]{1,120}\}\}|\{%[^{}%]{1,120}%\}|%%[A-Za-z][\w :-]{0,60}%%|"
    r"\[[a-z][a-z0-9_-]{1,30} [a-z_]{2,20}=[^\[\]]{0,140}\]|\[/[a-z][a-z0-9_-]{2,30}\]"
)


def without_shortcodes(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The pieces; a shortcode inside a text becomes a skipped piece behind it."""
    for item in pieces:
        found = [] if _stays(item) else _INSIDE.findall(item.text)
        text = one_line(_INSIDE.sub(" ", item.text)) if found else ""
        if not text:
            yield item
            continue
        yield replace(item, text=text, linked=min(item.linked, len(text)), anchored=min(item.anchored, len(text)))
        for shortcode in found:
            yield replace(
                item, kind=BlockKind.PARAGRAPH, text=shortcode, skip_reason=SHORTCODE, linked=0, anchored=0, dropped=0
            )


def _stays(item: Piece) -> bool:
    decided = item.skip_reason or item.directions or item.kind is BlockKind.CODE
    return bool(decided) or not set(item.text) & set("{%[") or line_skip_reason(item.text) is not None
