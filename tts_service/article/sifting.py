"""Pieces that are page furniture by what they say and where they stand; furniture.py knows the lines themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from tts_service.article import furniture
from tts_service.article.pieces import Piece
from tts_service.values import BlockKind

LINKS = "links to other articles"
PULLED = "pull quote, said in the text"
NEAR_TOP = 8
"""Pieces from the top, skipped ones not counted, among which a line of names can be the byline.

It may also be among the last three."""
MIN_PULLED = 4
"""Words a quote needs before it counts as taken from the text."""
_TEXT_OF_ITS_OWN = (BlockKind.TABLE, BlockKind.CODE, BlockKind.QUOTE)
"""Kinds whose words are never read as a label of the page."""


def skip_furniture(pieces: Iterable[Piece], title: str | None = None) -> list[Piece]:
    """The same pieces; those that are page furniture carry the reason why they are skipped.

    Args:
        pieces: an article's pieces in order.
        title: the headline when it is known; lines that repeat it are skipped.
    """
    pieces = list(pieces)
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
    return _without_pulled(out)


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
        out.extend(None if stays and reason == "label" else reason for reason in found)
    return out


def _begins_anew(item: Piece) -> bool:
    """A heading that is no link ends the links under another one."""
    return item.level > 0 and item.linked * 2 < len(item.text)


def _without_pulled(pieces: Sequence[Piece]) -> list[Piece]:
    """Quotes that only repeat a stretch of a paragraph, set large to catch the eye, are said once."""
    text = " ".join(_bare(item.text) for item in pieces if item.kind is BlockKind.PARAGRAPH and not item.skip_reason)
    return [
        replace(item, skip_reason=PULLED)
        if item.kind is BlockKind.QUOTE and not (item.skip_reason or item.only) and _is_pulled(item.text, text)
        else item
        for item in pieces
    ]


def _is_pulled(quote: str, text: str) -> bool:
    words = _bare(quote)
    return len(words.split()) >= MIN_PULLED and f" {words} " in f" {text} "


def _bare(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())
