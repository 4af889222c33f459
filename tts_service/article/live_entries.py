"""Entries of a live blog: each begins with its time, which is said with the entry's first line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from tts_service.article.pieces import Piece
from tts_service.values import BlockKind

REST = "dateline standing alone"
MIN_ENTRIES = 2
"""Times in boxes of one shape that make a live blog; a single one is the article's own."""
_TIME = re.compile(r"(?P<time>\d{1,2}[:.h]\d{2}(?: ?(?:[ap]\.?m\.?|Uhr|h))?)(?P<rest>(?: [A-Z]{2,4}\b)?(?: .{1,24})?)")
_LINES = (BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.LIST_ITEM)


def with_times(pieces: Sequence[Piece]) -> list[Piece]:
    """The same pieces; the time above each entry stands at the beginning of the entry."""
    entries: dict[int, int] = {}
    for place, item in enumerate(pieces):
        below = _below(pieces, place) if _is_time(item) else None
        if below is not None and not pieces[below].directions and not _is_time(pieces[below]):
            entries[place] = below
    shapes = Counter(pieces[place].box.shape for place in entries)
    out = list(pieces)
    for place, below in entries.items():
        item, line = pieces[place], pieces[below]
        match = _TIME.fullmatch(item.text)
        if match and shapes[item.box.shape] >= MIN_ENTRIES:
            out[below] = replace(line, text=f"{match['time']}: {line.text}", parts=())
            out[place] = replace(item, text=match["rest"].strip(), skip_reason=REST)
    return [item for item in out if item.text]


def _is_time(item: Piece) -> bool:
    free = item.skip_reason is None and not item.directions and bool(item.boxes)
    return free and item.kind in _LINES and _TIME.fullmatch(item.text) is not None


def _below(pieces: Sequence[Piece], place: int) -> int | None:
    """Place of the next piece that is spoken so far, if it stands in the same entry."""
    for below in range(place + 1, min(place + 4, len(pieces))):
        if pieces[below].skip_reason is None and pieces[below].kind is not BlockKind.CAPTION:
            box = pieces[place].outer if pieces[place].box.tag == "header" else pieces[place].box
            return below if box in pieces[below].boxes else None
    return None
