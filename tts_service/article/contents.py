"""Detects unmarked tables of contents: lists of links into the same article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from tts_service.article.pieces import Piece
from tts_service.values import BlockKind

CONTENTS = "table of contents"
MIN_LINKS = 2
"""Minimum number of consecutive links that make a table of contents."""
ANCHORED = 0.8
"""Minimum share of a piece's text in such links for the piece to count as one."""
_NUMBER = re.compile(r"[\d.()]{1,8}\s")
_HEADS = re.compile(
    r"(?:table of )?contents|on this page|in this (?:article|story|post)|jump to(?: section)?|quick links|"
    r"inhalt(?:sverzeichnis|sübersicht)?|(?:auf dieser seite|in diesem (?:artikel|beitrag))|übersicht|direkt zu|"
    r"sommaire|table des matières|au sommaire|sur cette page|dans cet article|"
    r"índice(?: de contenidos)?|contenidos?|tabla de contenidos?|en (?:esta página|este artículo)",
    re.IGNORECASE,
)


def in_contents(pieces: Sequence[Piece]) -> set[int]:
    """Indexes of the pieces that form a table of contents, including its heading."""
    found: set[int] = set()
    spoken = [place for place, item in enumerate(pieces) if item.skip_reason is None]
    for is_link, run in groupby(enumerate(spoken), key=lambda pair: _leads_within(pieces[pair[1]])):
        members = list(run)
        if not is_link or len(members) < MIN_LINKS:
            continue
        found.update(place for _, place in members)
        before = members[0][0] - 1
        if before >= 0 and _HEADS.fullmatch(pieces[spoken[before]].text.strip(" :.…↓▼")):
            found.add(spoken[before])
    return found


def _leads_within(item: Piece) -> bool:
    if item.only or item.kind not in (BlockKind.LIST_ITEM, BlockKind.PARAGRAPH):
        return False
    return 0 < len(_NUMBER.sub("", item.text, count=1)) * ANCHORED <= item.anchored
