"""Markdown -> pieces: CommonMark with tables, by markdown-it-py."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from tts_service.article.pieces import Piece, piece
from tts_service.values import BlockKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.token import Token


def read_markdown(source: str) -> list[Piece]:
    """The pieces of a Markdown source, in order; tables and code are skipped, with the reason."""
    out: list[Piece] = []
    opened: list[str] = []
    table: list[str] | None = None
    for token in _parser().parse(source):
        if token.type == "table_open":
            table = []
        elif token.type == "table_close":
            out.append(piece(BlockKind.TABLE, " ".join(table or []), "table"))
            table = None
        elif token.type in ("fence", "code_block"):
            out.append(piece(BlockKind.CODE, token.content, "code"))
        elif token.type == "html_block":
            out.extend(_html(token.content))
        elif token.type == "inline":
            text = _text(token.children or ())
            if table is not None:
                table.append(text)
            else:
                out.append(piece(_kind(opened), text, level=_level(opened)))
        elif token.nesting == 1:
            opened.append(token.type if token.type != "heading_open" else token.tag)
        elif token.nesting == -1 and opened:
            opened.pop()
    return [item for item in out if item.text]


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table")


def _html(source: str) -> list[Piece]:
    from tts_service.article.html import read_fragment

    return read_fragment(source)


def _kind(opened: Sequence[str]) -> BlockKind:
    if opened and opened[-1] in ("h1", "h2", "h3", "h4", "h5", "h6"):
        return BlockKind.HEADING
    if "list_item_open" in opened:
        return BlockKind.LIST_ITEM
    return BlockKind.QUOTE if "blockquote_open" in opened else BlockKind.PARAGRAPH


def _level(opened: Sequence[str]) -> int:
    return int(opened[-1][1]) if opened and opened[-1] in ("h1", "h2", "h3", "h4", "h5", "h6") else 0


def _text(tokens: Sequence[Token]) -> str:
    parts: list[str] = []
    for token in tokens:
        if token.type in ("text", "code_inline"):
            parts.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
    return "".join(parts)
