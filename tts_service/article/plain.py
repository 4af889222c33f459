"""Plain text -> pieces: paragraphs, headings and lists, including text pasted from a web page with its furniture."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tts_service.article import furniture
from tts_service.article.pieces import Piece, check_count, piece
from tts_service.article.sifting import skip_furniture
from tts_service.values import BlockKind

MAX_HEADING = 90
"""Maximum characters of a heading."""
WRAPPED = 100
"""Lines of similar length up to this many characters are one hard-wrapped paragraph."""

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
    """The pieces between two blank lines: a list, a hard-wrapped paragraph, or one block per line."""
    lines = [line for line in part.split("\n") if line.strip()]
    if not any(_BULLET.match(line) for line in lines) and is_wrapped(lines):
        yield piece(BlockKind.PARAGRAPH, " ".join(lines))
        return
    for line in lines:
        bullet = _BULLET.match(line)
        if bullet and (len(lines) > 1 or not bullet.group().strip()[0].isdigit()):
            yield piece(BlockKind.LIST_ITEM, line[bullet.end() :])
        else:
            yield piece(BlockKind.PARAGRAPH, line)


def is_wrapped(lines: Sequence[str]) -> bool:
    """Whether these lines are one hard-wrapped paragraph."""
    if len(lines) < 2:
        return False
    lengths = [len(line.strip()) for line in lines]
    longest = max(lengths)
    even = 40 <= longest <= WRAPPED and min(lengths[:-1]) >= longest * 0.6
    return even and any(line.strip()[0].islower() for line in lines[1:])


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
        if furniture.reason_of(item.text) or furniture.opens_group(item.text):
            continue
        if item.kind is BlockKind.HEADING:
            pieces[index] = replace(item, kind=BlockKind.HEADLINE)
        break
    return pieces
