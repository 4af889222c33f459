"""Finds page furniture among the pieces by wording and position; furniture.py knows the wording."""

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
"""Pieces from the top, skipped ones not counted, among which a line of names can be the byline.

It may also be among the last three."""
_TEXT_OF_ITS_OWN = (BlockKind.TABLE, BlockKind.CODE, BlockKind.QUOTE)
"""Kinds whose words are never read as a label of the page."""


def skip_furniture(pieces: Iterable[Piece], title: str | None = None) -> list[Piece]:
    """The same pieces; those that are page furniture carry the reason why they are skipped.

    Args:
        pieces: an article's pieces in order.
        title: the headline when it is known; lines that repeat it are skipped.
    """
    pieces = list(pieces)
    pieces = _with_reason(pieces, in_contents(pieces), CONTENTS)
    out: list[Piece] = []
    headline = title
    group = False
    for item, reason in zip(pieces, _lists_stay(pieces, list(_by_themselves(pieces))), strict=True):
        if item.skip_reason or item.only or item.directions:
            # The editors settled what is said of it, or something else did.
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
    """What each piece's own words say of it."""
    last = sum(item.skip_reason is None for item in pieces) - 1
    place = -1
    for item in pieces:
        place += item.skip_reason is None
        reason = furniture.reason_of(item.text)
        own = item.kind in _TEXT_OF_ITS_OWN and reason not in ("embedded post", "shortcode")
        amid = reason == "byline" and (item.level > 0 or NEAR_TOP <= place <= last - 3)
        yield None if own or amid else reason


def _lists_stay(pieces: Sequence[Piece], reasons: Sequence[str | None]) -> list[str | None]:
    """A list's items are labels all together or not at all: "Video" among five others is one of them."""
    out: list[str | None] = []
    for kind, run in groupby(zip(pieces, reasons, strict=True), key=lambda pair: pair[0].kind):
        found = [reason for _, reason in run]
        stays = kind is BlockKind.LIST_ITEM and not all(found)
        out.extend(None if stays and reason in ("label", "counts and ratings") else reason for reason in found)
    return out


def _begins_anew(item: Piece) -> bool:
    """A heading that is no link ends the links under another one."""
    return item.level > 0 and item.linked * 2 < len(item.text)


def _with_reason(pieces: Sequence[Piece], places: Collection[int], reason: str) -> list[Piece]:
    return [replace(item, skip_reason=reason) if place in places else item for place, item in enumerate(pieces)]
