"""Candidates for a page's article: its pieces, and the boxes around them (body, sidebar cards)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tts_service.article.box import NO_BOX, Box
from tts_service.article.extraction import Words
from tts_service.article.pieces import Piece
from tts_service.values import BlockKind

LINKED = 0.7
"""Minimum share of a piece's text inside links for the piece to count as a link."""
HOME = 0.7
"""Minimum share of the article's words inside a box for the box to count as (around) the article's home."""
PARAGRAPH = 30
"""Minimum words of a paragraph that no teaser or footer has."""
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
        return item.kind not in _NO_PROSE and long and self.ends and item.linked * 2 <= len(item.text)

    @property
    def ends(self) -> bool:
        """It ends like a sentence, however short."""
        return _ENDS.search(self.item.text[-12:]) is not None

    @property
    def is_sentence(self) -> bool:
        """A sentence, however short: a question of an interview."""
        return self.item.kind not in _NO_PROSE and self.ends

    @property
    def is_said(self) -> bool:
        """Its words would be spoken: captions are left to the site's policy."""
        return self.item.kind not in (BlockKind.CAPTION, BlockKind.CODE) and not self.item.only

    def is_in(self, box: Box) -> bool:
        """Whether it stands in a box, at any depth."""
        return box is NO_BOX or box in self.item.boxes

    @property
    def is_anchor(self) -> bool:
        """A sentence that certainly belongs to the article."""
        return self.sure and self.is_free and self.is_prose


class Boxes:
    """Word counts of the page's boxes (container elements)."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self._words: Counter[Box] = Counter()
        for one in candidates:
            if one.found and one.is_free and not one.is_link:
                for box in one.item.boxes:
                    self._words[box] += len(one.words)

    def words(self, box: Box) -> int:
        """Number of article words found in a box."""
        return self._words[box]


def home_of(candidates: Sequence[Candidate]) -> Box:
    """The innermost box with most of the article: of what was found, or of all sentences if that is little."""
    free = [one for one in candidates if one.is_free and not one.is_link]
    found = [one for one in free if one.found]
    home = _innermost(found, free)
    around = sum(len(one.words) for one in free if one.is_in(home) and one.is_prose)
    if 2 * sum(len(one.words) for one in found if one.is_in(home)) < around or not found:
        return _innermost([one for one in free if one.is_prose], free)
    return home


def _innermost(candidates: Sequence[Candidate], free: Sequence[Candidate]) -> Box:
    """The innermost box with most of the candidates' words; the box around it if a box like it stands beside it."""
    words: Counter[Box] = Counter()
    for one in candidates:
        for box in one.item.boxes:
            words[box] += len(one.words)
    total = sum(len(one.words) for one in candidates)
    around = [box for box, count in words.items() if count >= max(1, HOME * total)]
    depth = {box: place for one in candidates for place, box in enumerate(one.item.boxes)}
    home = max(around, key=lambda box: depth[box], default=NO_BOX)
    outer = next(
        (one.item.boxes[depth[home] - 1] for one in candidates if home in one.item.boxes and depth[home]), NO_BOX
    )
    # Cells of a table are alike wherever they stand: only one with a long paragraph goes on with the article.
    told = (one for one in free if one.is_prose and (home.tag != "td" or (one.found and len(one.words) >= PARAGRAPH)))
    twins = (one for one in told if outer in one.item.boxes and home not in one.item.boxes)
    alike = any(len(one.item.boxes) > depth[home] and one.item.boxes[depth[home]].shape == home.shape for one in twins)
    return outer if alike else home


def densest(candidates: Iterable[Candidate]) -> None:
    """Without outside evidence: picks the box with the most sentences, or its parent if they are spread out."""
    candidates = list(candidates)
    boxes: Counter[Box] = Counter()
    outers: Counter[Box] = Counter()
    for one in candidates:
        if one.is_free and one.is_prose:
            boxes[one.item.box] += len(one.words)
            outers[one.item.outer] += len(one.words)
    box, most = (boxes.most_common(1) or [(NO_BOX, 0)])[0]
    outer, around = (outers.most_common(1) or [(NO_BOX, 0)])[0]
    for one in candidates:
        if not boxes:
            one.found = one.is_free
        elif around > most * 1.3:
            one.found = outer in (one.item.outer, one.item.box)
        else:
            one.found = one.item.box == box
