"""Plain text -> pieces: paragraphs, headings and lists, including text pasted from a web page with its furniture."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tts_service.article import furniture
from tts_service.article.box import Box
from tts_service.article.pieces import Piece, check_count, piece
from tts_service.article.sifting import skip_furniture
from tts_service.article.wrapped_lines import paragraphs_of
from tts_service.values import BlockKind

MAX_HEADING = 90
"""Maximum characters of a heading."""
_BULLET = re.compile(r"\s{0,12}(?:[-*•‣▪–—·]|\(?\d{1,2}[.)]|[a-z]\))\s+(?=\S)")
_BLANK = re.compile(r"\n[ \t\r]*\n")
_SENTENCE_END = (".", "!", "?", ":", ";", ",", "…", ".”", "!”", "?”", '."', ".“", "!“", "?“", ".«", ".)", ".’")


def read_plain(source: str, title: str | None = None) -> list[Piece]:
    """The pieces of a plain text in order; furniture is skipped, with the reason.

    Args:
        source: the text.
        title: the headline if the CMS provides one; lines that repeat it are skipped.
    """
    pieces: list[Piece] = []
    for part in _BLANK.split(source.replace("\r\n", "\n").replace("\r", "\n")):
        pieces.extend(_part(part))
        check_count(pieces)
    return skip_furniture(_with_headline(_headings(pieces), title), title)


def text_of_plain(source: str) -> str:
    """The source without list markers: the text that the pieces must contain."""
    return "\n".join(_BULLET.sub("", line, count=1) for line in source.splitlines())


def _part(part: str) -> Iterator[Piece]:
    """The pieces between two blank lines: list items and paragraphs, wrapped lines joined."""
    lines = [line for line in part.split("\n") if line.strip()]
    box = Box(tag="text")
    for is_item, run in _runs(lines):
        kind = BlockKind.LIST_ITEM if is_item else BlockKind.PARAGRAPH
        texts = [" ".join(paragraphs_of(run))] if is_item else paragraphs_of(run)
        yield from (piece(kind, text, boxes=(box,)) for text in texts)


def _runs(lines: Sequence[str]) -> Iterator[tuple[bool, list[str]]]:
    """(is an item, lines): each list item with the lines it goes on in, and the lines between items."""
    run: list[str] = []
    is_item = False
    for line in lines:
        bullet = _BULLET.match(line)
        begins = bullet is not None and (len(lines) > 1 or not bullet.group().strip()[0].isdigit())
        goes_on = is_item and (line.startswith("  ") or line[0].islower())
        if begins or (is_item and not goes_on):
            if run:
                yield is_item, run
            run, is_item = [], begins
        run.append(line[bullet.end() :] if bullet and begins else line)
    if run:
        yield is_item, run


def is_wrapped(lines: Sequence[str]) -> bool:
    """Whether these lines are one hard-wrapped paragraph."""
    return len(lines) > 1 and len(paragraphs_of(lines)) == 1


def _headings(pieces: Sequence[Piece]) -> list[Piece]:
    """Marks short lines without end punctuation before a paragraph as headings."""
    out: list[Piece] = []
    for index, item in enumerate(pieces):
        if item.kind is BlockKind.PARAGRAPH and looks_like_heading(item.text) and index + 1 < len(pieces):
            item = replace(item, kind=BlockKind.HEADING)
        out.append(item)
    return out


def looks_like_heading(text: str) -> bool:
    """Short, starts with a capital, digit or quotation mark, and doesn't end like a statement (a question may)."""
    if not text or len(text) > MAX_HEADING or len(text.split()) > 14:
        return False
    if text.endswith(_SENTENCE_END) and not (text.endswith("?") and len(text.split()) <= 8):
        return False
    return text[0].isupper() or text[0].isdigit() or text[0] in "\"'“„«‘"


def _with_headline(pieces: list[Piece], title: str | None) -> list[Piece]:
    """If there is no title, makes the first line the headline if it reads like one."""
    if title:
        return pieces
    for index, item in enumerate(pieces):
        if furniture.line_skip_reason(item.text) or furniture.opens_group(item.text) or furniture.is_menu(item.text):
            continue
        if item.kind is BlockKind.HEADING:
            pieces[index] = replace(item, kind=BlockKind.HEADLINE)
        break
    return pieces
