"""The opening of an article: its headline is spoken once, however often it is repeated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tts_service.article.furniture import same_headline
from tts_service.article.headline import names_headline
from tts_service.article.pieces import Piece, piece
from tts_service.article.reading import SENTENCE
from tts_service.values import BlockKind

REPEATED = "headline repeated"
NEAR_TOP = 4
"""The headline is among the first so many pieces: a kicker or a date may precede it."""


def with_headline(pieces: Sequence[Piece], title: str | None, shown: str | None = None) -> list[Piece]:
    """The pieces with the headline added as block 0, unless the source contains it.

    Args:
        pieces: the article's pieces.
        title: the title from the CMS or the page; None if unknown.
        shown: the visible headline, if known.
    """
    out = list(pieces)
    if not title:
        first = next((i for i, item in enumerate(out) if item.skip_reason is None), None)
        if first is not None and out[first].level == 1:
            out[first] = replace(out[first], kind=BlockKind.HEADLINE)
        return out
    headline = _headline_in(out, title, shown)
    if headline is not None and _is_a_word_of(out[headline].text, title) and not shown:
        # "Interview" above a text titled "Interview: The ferry is back" is not the headline.
        out[headline] = replace(out[headline], skip_reason=REPEATED)
        headline = None
    if headline is None:
        out.insert(0, piece(BlockKind.HEADLINE, title, level=1))
        headline = 0
    else:
        out[headline] = replace(out[headline], kind=BlockKind.HEADLINE, skip_reason=None)
    headlines = (title, out[headline].text)
    for index in range(headline + 1, len(out)):
        item = out[index]
        short = item.kind in (BlockKind.HEADING, BlockKind.HEADLINE) or item.level
        if item.skip_reason is None and short and any(same_headline(item.text, line) for line in headlines):
            out[index] = replace(item, skip_reason=REPEATED)
    return out


def _headline_in(pieces: Sequence[Piece], title: str, shown: str | None) -> int | None:
    """Index of the headline near the start of the source; None if it is not there."""
    seen = 0
    for index, item in enumerate(pieces):
        if item.skip_reason not in (None, REPEATED):
            continue
        seen += 1
        if seen == 1 and same_headline(item.text, title):
            return index
        if item.level in (1, 2) or item.kind is BlockKind.HEADLINE:
            if names_headline(title, item.text, at_beginning=item.level == 2):
                return index
            if shown and same_headline(item.text, shown):
                return index
        elif len(item.text.split()) >= SENTENCE:
            return None
        if seen == NEAR_TOP:
            return None
    return None


def _is_a_word_of(text: str, title: str) -> bool:
    return len(text.split()) == 1 < len(title.split())
