"""Candidates for a page's article: its pieces, and the boxes around them (body, sidebar cards)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tts_service.article.extraction import Words
from tts_service.article.pieces import Piece
from tts_service.values import BlockKind

LINKED = 0.7
"""Minimum share of a piece's text inside links for the piece to count as a link."""
HOME = 0.7
"""Minimum share of the article's words inside a box for the box to count as (around) the article's home."""
CARD_WORDS = 45
"""A box with fewer words than this and a link or form of its own is a card next to the text."""
_PROMOTES = frozenset(
    (
        "newsletter",
        "form",
        "button",
        "advertisement",
        "share links",
        "links to other articles",
        "paywall",
    )
)
"""Skip reasons of pieces that never appear between an article's sentences."""
_ENDS = re.compile(r"[.!?…:;。！？။។।؟][\"'”’»“)\]]*$")
_NO_PROSE = (BlockKind.HEADING, BlockKind.CAPTION, BlockKind.TABLE, BlockKind.CODE)


@dataclass(slots=True)
class Candidate:
    """A piece and the evidence for and against it being part of the article."""

    item: Piece
    words: Words
    found: bool = False
    """Covered by trafilatura's default extraction or by the publisher's own data."""
    sure: bool = False
    """Covered by trafilatura's high-precision extraction or by the publisher's own data."""
    inside: bool = False
    """Part of the article."""

    @property
    def is_free(self) -> bool:
        """No skip reason so far."""
        return self.item.skip_reason is None

    @property
    def is_link(self) -> bool:
        """Mostly a link."""
        linked = self.item.linked >= LINKED * len(self.item.text)
        return linked and self.item.kind not in (BlockKind.TABLE, BlockKind.CODE)

    @property
    def is_prose(self) -> bool:
        """At least one sentence; not a label, link or headline."""
        item = self.item
        long = len(self.words) >= 6 or len(item.text) >= 40
        return (
            item.kind not in _NO_PROSE
            and long
            and _ENDS.search(item.text[-12:]) is not None
            and item.linked * 2 <= len(item.text)
        )

    @property
    def is_anchor(self) -> bool:
        """A sentence that certainly belongs to the article."""
        return self.sure and self.is_free and self.is_prose


class Boxes:
    """Word and link counts of the page's boxes (container elements)."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self._words: Counter[int] = Counter()
        self._links: Counter[int] = Counter()
        total = 0
        for one in candidates:
            count = len(one.words) if one.found and one.is_free and not one.is_link else 0
            total += count
            promotes = (one.is_free and one.is_link) or one.item.skip_reason in _PROMOTES
            for box in one.item.boxes:
                self._words[box] += count
                self._links[box] += promotes
        self._around_home = frozenset(box for box, count in self._words.items() if count >= max(1, HOME * total))
        """Boxes that hold most of the article; the innermost is its home."""

    def in_card(self, one: Candidate, head: Candidate | None = None) -> bool:
        """Whether it is inside a teaser, form or other card; cards that hold the page's headline don't count."""
        own = head.item.boxes if head else ()
        return any(
            self._links[box] > 0 and self._words[box] < CARD_WORDS and box not in self._around_home and box not in own
            for box in one.item.boxes
        )

    def words(self, box: int) -> int:
        """Number of article words found in a box."""
        return self._words[box]


def densest(candidates: Iterable[Candidate]) -> None:
    """Without outside evidence: picks the box with the most sentences, or its parent if they are spread out."""
    candidates = list(candidates)
    boxes: Counter[int] = Counter()
    outers: Counter[int] = Counter()
    for one in candidates:
        if one.is_free and one.is_prose:
            boxes[one.item.box] += len(one.words)
            outers[one.item.outer] += len(one.words)
    box, most = (boxes.most_common(1) or [(0, 0)])[0]
    outer, around = (outers.most_common(1) or [(0, 0)])[0]
    for one in candidates:
        if not boxes:
            one.found = one.is_free
        elif around > most * 1.3:
            one.found = outer in (one.item.outer, one.item.box)
        else:
            one.found = one.item.box == box
