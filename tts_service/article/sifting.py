"""Finds page furniture among the pieces by wording (furniture.py) and position."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from tts_service.article import furniture
from tts_service.article.contents import CONTENTS, in_contents
from tts_service.article.pieces import Piece
from tts_service.article.pulled import PULLED, pulled_quotes
from tts_service.values import BlockKind

LINKS = "links to other articles"
NEAR_TOP = 8
"""A line of names among the first so many pieces, skipped ones not counted, can be the byline.

It may also be among the last three."""
_TEXT_OF_ITS_OWN = (BlockKind.TABLE, BlockKind.CODE, BlockKind.QUOTE)
"""Kinds whose words are never taken for page labels."""


def skip_furniture(pieces: Iterable[Piece], title: str | None = None) -> list[Piece]:
    """The same pieces; page furniture carries a skip reason.

    Args:
        pieces: an article's pieces in order.
        title: the headline if known; lines that repeat it are skipped.
    """
    pieces = list(pieces)
    pieces = _with_reason(pieces, in_contents(pieces), CONTENTS)
    out: list[Piece] = []
    headline = title
    group = False
    for item, reason in zip(pieces, _lists_stay(pieces, list(_by_themselves(pieces))), strict=True):
        if item.skip_reason or item.only or item.directions:
            # Already decided, by the editors or an earlier step.
            out.append(item)
            continue
        if item.kind is BlockKind.HEADLINE:
            headline = headline or item.text
        if furniture.opens_group(item.text) and item.kind not in _TEXT_OF_ITS_OWN:
            group, reason = True, LINKS
        elif reason is None and group:
            group = furniture.hangs_on_group(item.text) and not _begins_anew(item)
            reason = LINKS if group else None
        is_headline = item.kind is BlockKind.HEADLINE
        if reason is None and headline and not is_headline and furniture.same_headline(item.text, headline):
            reason = "headline repeated"
        out.append(replace(item, skip_reason=reason) if reason else item)
    return _with_reason(out, pulled_quotes(out), PULLED)


def _by_themselves(pieces: Sequence[Piece]) -> Iterator[str | None]:
    """The skip reason of each piece by its own wording."""
    last = sum(item.skip_reason is None for item in pieces) - 1
    place = -1
    for item in pieces:
        place += item.skip_reason is None
        reason = furniture.reason_of(item.text)
        own = item.kind in _TEXT_OF_ITS_OWN and reason not in ("embedded post", "shortcode")
        amid = reason == "byline" and (item.level > 0 or NEAR_TOP <= place <= last - 3)
        yield None if own or amid else reason


def _lists_stay(pieces: Sequence[Piece], reasons: Sequence[str | None]) -> list[str | None]:
    """Items of a list are labels only if all are: "Video" among five other items is content."""
    out: list[str | None] = []
    for kind, run in groupby(zip(pieces, reasons, strict=True), key=lambda pair: pair[0].kind):
        found = [reason for _, reason in run]
        stays = kind is BlockKind.LIST_ITEM and not all(found)
        out.extend(None if stays and reason in ("label", "counts and ratings") else reason for reason in found)
    return out


def _begins_anew(item: Piece) -> bool:
    """A heading that is not a link ends the group of links above it."""
    return item.level > 0 and item.linked * 2 < len(item.text)


def _with_reason(pieces: Sequence[Piece], places: Collection[int], reason: str) -> list[Piece]:
    return [replace(item, skip_reason=reason) if place in places else item for place, item in enumerate(pieces)]
