"""Finds page furniture among the pieces by wording (furniture.py) and position."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby, takewhile, zip_longest

from tts_service.article import furniture
from tts_service.article.box import NO_BOX
from tts_service.article.calls import WHOLE, is_calling_line, is_row
from tts_service.article.cards import leads_elsewhere
from tts_service.article.closing import closing_lines
from tts_service.article.contents import CONTENTS, in_contents
from tts_service.article.credits import is_about_author, is_about_person, is_name
from tts_service.article.live_entries import with_times
from tts_service.article.pieces import NOT_MAIN, Piece
from tts_service.article.pulled import PULLED, pulled_quotes
from tts_service.article.shortcodes import without_shortcodes
from tts_service.values import BlockKind

LINKS = "links to other articles"
NEAR_TOP = 8
"""A line of names among the first so many pieces, skipped ones not counted, can be the byline.

It may also be among the last three."""
OPENING = 4
"""Pieces among which the notices above a text stand."""
MAX_LABEL, MIN_LINKS, MAX_LINKS = 6, 2, 40
"""Maximum words of a line above links, and how many links stand below it."""
MENU = 1
"""Place of the last piece that can be a menu."""
SHORT = 3
"""Maximum words before a link that is the rest of its paragraph."""
SENTENCE = 6
"""A longer line that ends like a statement is the text."""
_TEXT_OF_ITS_OWN = (BlockKind.TABLE, BlockKind.CODE, BlockKind.QUOTE)
"""Kinds whose words are never taken for page labels."""


def skip_furniture(pieces: Iterable[Piece], title: str | None = None) -> list[Piece]:
    """The same pieces; page furniture carries a skip reason.

    Args:
        pieces: an article's pieces in order.
        title: the headline if known; lines that repeat it are skipped.
    """
    pieces = with_times(list(without_shortcodes(pieces)))
    pieces = _with_reason(pieces, in_contents(pieces), CONTENTS)
    out: list[Piece] = []
    headline = title
    group: list[Piece] | None = None
    for item, reason in zip(pieces, _lists_stay(pieces, list(_by_themselves(pieces))), strict=True):
        if item.skip_reason or item.only or item.directions:
            # Already decided, by the editors or an earlier step.
            out.append(item)
            group = [*group, item] if group is not None and _is_link(item) else group
            continue
        if item.kind is BlockKind.HEADLINE:
            headline = headline or item.text
        if furniture.opens_group(item.text) and item.kind not in _TEXT_OF_ITS_OWN:
            group, reason = [item], LINKS
        elif reason is None and group is not None:
            reason = LINKS if _hangs_on(item, group) else None
            group = [*group, item] if reason else None
        is_headline = item.kind is BlockKind.HEADLINE
        if reason is None and headline and not is_headline and furniture.same_headline(item.text, headline):
            reason = "headline repeated"
        out.append(replace(item, skip_reason=reason) if reason else item)
    out = _without_rows_of_links(_without_labels_of_links(_without_tails(out)))
    out = _with_reasons(out, closing_lines(out))
    return _with_reason(out, pulled_quotes(out), PULLED)


def _without_tails(pieces: Sequence[Piece]) -> list[Piece]:
    """Skips what stands before the text begins or behind its end and speaks of the page, the paper or its readers."""
    free = [place for place, item in enumerate(pieces) if not (item.skip_reason or item.only or item.directions)]
    found = {place: reason for place in free[:OPENING] if (reason := _tail_reason(pieces[place]))}
    for place in reversed(free):
        reason = _tail_reason(pieces[place])
        if reason is None:
            break
        found[place] = reason
    return _with_reasons(pieces, found)


def _tail_reason(item: Piece) -> str | None:
    return furniture.tail_skip_reason(item.text) if item.kind is BlockKind.PARAGRAPH else None


def _without_labels_of_links(pieces: Sequence[Piece]) -> list[Piece]:
    """Skips a short line above links to other articles, and the links if they are a list of nothing else.

    Links that are no list may stand between a chapter's heading and its text.
    """
    out = list(pieces)
    for place, item in enumerate(pieces):
        label = item.skip_reason is None and not item.only and _is_label_like(item)
        links = list(takewhile(_is_other_article, pieces[place + 1 : place + 1 + MAX_LINKS])) if label else []
        if len(links) < MIN_LINKS:
            continue
        first = place + 1 + len(links)
        behind = next((one for one in pieces[first : first + MAX_LINKS] if one.skip_reason is None), None)
        if behind is None or behind.level > 0 or (all(map(_is_item, links)) and not _heads_text(item, behind, pieces)):
            for at in range(place, first):
                out[at] = out[at] if out[at].skip_reason or out[at].only else replace(out[at], skip_reason=LINKS)
    return out


def _without_rows_of_links(pieces: Sequence[Piece]) -> list[Piece]:
    """Skips lists of tools, channels and topics above the text: short lines, most of them links or skipped already."""
    told = [place for place, item in enumerate(pieces) if _is_sentence(item)]
    # The first sentence can be a standfirst.
    opening = range(told[1]) if len(told) > 1 else ()
    found: set[int] = set()
    for is_list, run in groupby(opening, key=lambda place: _is_item(pieces[place])):
        row = list(run)
        short = all(len(pieces[place].text.split()) <= MAX_LABEL for place in row)
        tools = sum(pieces[place].skip_reason is not None or leads_elsewhere(pieces[place]) for place in row)
        if is_list and short and tools * 2 >= len(row) > 1:
            found.update(place for place in row if pieces[place].skip_reason is None and not pieces[place].only)
    return _with_reason(pieces, found, LINKS)


def _heads_text(label: Piece, behind: Piece, pieces: Sequence[Piece]) -> bool:
    """Whether a line above links can head the text behind them in its box: a question, or a heading like others."""
    if label.box is not NO_BOX and label.box not in behind.boxes:
        return False
    if label.text.endswith("?"):
        return True
    levels = [item.level for item in pieces if item.level > 1 and item.skip_reason is None and item is not label]
    return label.level > 0 and label.level <= max(levels, default=label.level)


def _is_sentence(item: Piece) -> bool:
    told = item.skip_reason is None and item.kind in (BlockKind.PARAGRAPH, BlockKind.QUOTE)
    return told and len(item.text.split()) > SENTENCE and furniture.ends(item.text)


def _is_other_article(item: Piece) -> bool:
    return leads_elsewhere(item) and item.skip_reason in (None, LINKS, NOT_MAIN, "read more")


def _is_label_like(item: Piece) -> bool:
    short = len(item.text.split()) <= MAX_LABEL and not furniture.ends(item.text)
    return short and item.level != 1 and not _is_link(item) and item.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING)


def _by_themselves(pieces: Sequence[Piece]) -> Iterator[str | None]:
    """The skip reason of each piece by its own wording."""
    last = sum(item.skip_reason is None for item in pieces) - 1
    place, above = -1, None
    for item, below in zip_longest(pieces, pieces[1:]):
        place += item.skip_reason is None
        reason = furniture.line_skip_reason(item.text) or _by_its_parts(item)
        if reason is None and place < NEAR_TOP and below and item.kind is BlockKind.PARAGRAPH and is_name(item.text):
            reason = "byline" if furniture.line_skip_reason(below.text) == "dateline standing alone" else None
        own = item.kind in _TEXT_OF_ITS_OWN and reason not in ("embedded post", "shortcode")
        if reason is None and place <= MENU and furniture.is_menu(item.text):
            reason = "navigation"
        far = NEAR_TOP <= place <= last - 3 and above not in (BlockKind.HEADING, BlockKind.HEADLINE)
        amid = reason == "byline" and (item.level > 0 or far)
        above = item.kind if item.skip_reason is None else above
        yield None if own or amid else reason


def _by_its_parts(item: Piece) -> str | None:
    """The skip reason of a piece by the elements in it: rows of labels, links with a label, a name with its role."""
    if reason := furniture.parts_skip_reason(item.parts):
        return reason
    if item.kind is BlockKind.PARAGRAPH and furniture.is_call(item.text):
        return "call to readers"
    if is_calling_line(item) or is_row(item):
        return LINKS
    if len(item.parts) == 2 and is_about_person(item.parts, ()):
        return "byline"
    if item.kind is not BlockKind.PARAGRAPH or not item.linked or item.anchored:
        return None
    if item.linked >= WHOLE * len(item.text):
        return None if furniture.ends(item.text) else LINKS
    if not item.parts:
        return None
    first, rest = item.parts[0], len(item.text) - len(item.parts[0])
    short = len(first.split()) <= SHORT and not furniture.ends(item.text)
    if item.linked >= WHOLE * (rest - 1) and (short or furniture.leads_on(first)):
        return LINKS
    tagged = len(item.parts) > 2 and not furniture.ends(item.text) and all(len(one.split()) <= 3 for one in item.parts)
    if item.linked * 2 > rest and (furniture.is_label(first) or tagged):
        return "tags"
    return "byline" if item.linked == len(first) and is_about_author(item.text, (first,)) else None


def _lists_stay(pieces: Sequence[Piece], reasons: Sequence[str | None]) -> list[str | None]:
    """Items of a list are labels only if all are: "Video" among five other items is content."""
    out: list[str | None] = []
    for kind, run in groupby(zip(pieces, reasons, strict=True), key=lambda pair: pair[0].kind):
        found = [reason for _, reason in run]
        stays = kind is BlockKind.LIST_ITEM and not all(found)
        out.extend(None if stays and reason in ("label", "counts and ratings") else reason for reason in found)
    return out


def _hangs_on(item: Piece, group: Sequence[Piece]) -> bool:
    """Whether a piece continues the links under "Related stories".

    If the first of them is a link, all are. Without links, as in pasted text, they end with their paragraph or list,
    and at a line that introduces something.

    Args:
        item: the next piece.
        group: the heading of the links, and the links so far.
    """
    first = group[1] if len(group) > 1 else None
    if first and _is_link(first):
        return _is_link(item) and furniture.hangs_on_group(item.text)
    if (
        (item.level > 0 and not _is_link(item))
        or item.text.endswith(":")
        or (first and _is_item(item) != _is_item(first))
    ):
        return False
    apart = first is not None and first.box is group[0].box is not item.box
    return not apart and furniture.hangs_on_group(item.text)


def _is_item(item: Piece) -> bool:
    return item.kind is BlockKind.LIST_ITEM


def _is_link(item: Piece) -> bool:
    return item.linked * 2 >= len(item.text)


def _with_reason(pieces: Sequence[Piece], places: Iterable[int], reason: str) -> list[Piece]:
    return _with_reasons(pieces, dict.fromkeys(places, reason))


def _with_reasons(pieces: Sequence[Piece], reasons: Mapping[int, str]) -> list[Piece]:
    out = list(pieces)
    for place, reason in reasons.items():
        out[place] = replace(out[place], skip_reason=reason)
    return out
