"""Finds what a paper adds behind an article's text, by its markup: wordings are countless, but few look like the text.

From the end backwards, as long as each line is one of these: alone in an element of its own, all in italics, about a
person whose name comes first, or also in the page's frame.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tts_service.article.box import Box
from tts_service.article.credits import is_name
from tts_service.article.furniture_lines import any_word
from tts_service.article.pieces import NOT_MAIN, Piece
from tts_service.values import BlockKind

APART, FRAME, BYLINE = "set apart behind the text", "also in the page's frame", "byline"
MAX_WORDS, MAX_PERSON, MAX_LINES = 25, 60, 4
"""Maximum words of a line; words and lines of a box about a person."""
SHARE = 0.6
"""Minimum share of the words in elements of one kind for them to be the text's."""
LEAST = 3
"""Paragraphs of a text at least."""
STRESSED = 0.9
"""Minimum share of a line in italics for it to be all in italics."""
_FRAME = (NOT_MAIN, "footer", "navigation", "box beside the article")
_CORRECTS = re.compile(rf"(?<!\w){any_word('correction')}(?!\w)", re.IGNORECASE)
"""What tells readers of a mistake is part of the text."""
_QUOTES = "“„«‘‚»\"'–—-"


@dataclass(frozen=True, slots=True)
class _Text:
    """How the text's paragraphs are marked up."""

    shape: tuple[str, str]
    """Of the box that each of them stands in."""
    around: frozenset[Box]
    """The boxes around them."""
    names: frozenset[str]
    """The class names of the boxes they stand in."""

    def box_apart(self, item: Piece) -> Box | None:
        """The outermost box that a piece doesn't share with the text, if it is named otherwise than the text's."""
        own = [box for box in item.boxes if box not in self.around]
        named = any(box.names and self.names.isdisjoint(box.names.split()) for box in own)
        return own[0] if named else None

    def is_barer(self, item: Piece) -> bool:
        """Whether a piece stands among boxes that each hold a paragraph of the text, in none of its own."""
        return item.box in self.around and item.box.shape != self.shape


def closing_lines(pieces: Sequence[Piece]) -> dict[int, str]:
    """Place -> skip reason of the lines behind the text that aren't part of it."""
    free = [place for place, item in enumerate(pieces) if not (item.skip_reason or item.only or item.directions)]
    text = _text_of([pieces[place] for place in free])
    if text is None:
        return {}
    frame = {item.text for item in pieces if item.skip_reason in _FRAME}
    found: dict[int, str] = {}
    while free:
        last = pieces[free[-1]]
        box = text.box_apart(last)
        group = [place for place in free[-MAX_LINES - 1 :] if place == free[-1] or (box and box in pieces[place].boxes)]
        reason = _reason([pieces[place] for place in group], box is not None or text.is_barer(last), frame)
        if reason is None:
            return found
        found |= dict.fromkeys(group, reason)
        free = free[: -len(group)]
    return {}


def _text_of(free: Sequence[Piece]) -> _Text | None:
    """The markup of most paragraphs; None if there are few, or no kind of markup is the most frequent."""
    words: Counter[tuple[str, str]] = Counter()
    paragraphs = [item for item in free if item.kind is BlockKind.PARAGRAPH]
    for item in paragraphs:
        words[item.box.shape] += len(item.text.split())
    if len(paragraphs) < LEAST:
        return None
    (shape, most), *_ = words.most_common(1)
    if most < SHARE * words.total():
        return None
    mine = [item for item in paragraphs if item.box.shape == shape]
    around = frozenset(box for item in mine for box in item.boxes)
    return _Text(shape, around, frozenset(name for item in mine for name in item.box.names.split()))


def _reason(lines: Sequence[Piece], apart: bool, frame: Collection[str]) -> str | None:
    """Why the last lines are no text: those of one box, or one alone."""
    first, last = lines[0], lines[-1]
    words = sum(len(item.text.split()) for item in lines)
    if apart and 1 < len(lines) <= MAX_LINES and words <= MAX_PERSON and is_name(first.text):
        return BYLINE
    if len(lines) > 1 or last.kind is not BlockKind.PARAGRAPH or words > MAX_WORDS:
        return None
    if _CORRECTS.search(last.text):
        return None
    if last.text in frame:
        return FRAME
    if last.parts and last.linked == len(last.parts[0]) and is_name(last.parts[0]):
        return BYLINE
    stressed = last.stressed >= STRESSED * len(last.text) and last.text[0] not in _QUOTES
    return APART if apart or stressed else None
