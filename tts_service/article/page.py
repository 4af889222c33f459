"""A full web page -> pieces: our own reading of everything on it; trafilatura says which pieces are the article."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tts_service.article.clean import one_line
from tts_service.article.html import read_tree, shallow
from tts_service.article.pieces import Piece
from tts_service.values import BlockKind

NOT_MAIN = "not part of the article's text"
_PAGE = re.compile(r"<(?:html|head|body|!doctype)[\s>]", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """What a page says of itself."""

    title: str | None = None
    author: str | None = None
    url: str | None = None
    language: str | None = None
    published: str | None = None
    """ISO 8601."""


def is_page(source: str) -> bool:
    """Whether this is a whole page rather than the body field of a CMS: it has its own head or body."""
    return _PAGE.search(source[:5_000]) is not None


def read_page(source: str) -> tuple[list[Piece], PageFacts]:
    """Every piece of a page, those outside the article skipped with the reason, and the page's facts."""
    source = shallow(source)
    tree = LexborHTMLParser(source)
    facts = _facts(tree)
    body = tree.body
    pieces = read_tree(body) if body is not None else []
    return _main_only(pieces, _main_lines(source), facts), facts


def _main_lines(source: str) -> set[str] | None:
    """The lines trafilatura takes for the article; None when it found none."""
    import trafilatura

    try:
        text = trafilatura.extract(source, include_comments=False, include_tables=False, favor_precision=True)
    except (RecursionError, MemoryError, ValueError):
        # Hostile nesting and column counts (trafilatura #657): our own reading of the page stands alone then.
        return None
    return {_bare(line) for line in text.splitlines() if line.strip()} if text else None


def _main_only(pieces: list[Piece], main: set[str] | None, facts: PageFacts) -> list[Piece]:
    if main is None:
        return pieces
    inside = [item.skip_reason is None and _bare(item.text) in main for item in pieces]
    if not any(inside):
        return pieces
    first = inside.index(True)
    last = len(inside) - 1 - inside[::-1].index(True)
    title = _bare(facts.title or "")
    out: list[Piece] = []
    for index, item in enumerate(pieces):
        if item.skip_reason is None and not inside[index]:
            is_title = item.level == 1 and bool(title) and _bare(item.text)[:40] == title[:40]
            if not is_title and not (first < index < last and _belongs(item)):
                item = replace(item, skip_reason=NOT_MAIN)
        out.append(item)
    return out


def _belongs(item: Piece) -> bool:
    """A sentence or a heading between two pieces of the article: trafilatura drops some of them."""
    if item.kind in (BlockKind.HEADING, BlockKind.QUOTE, BlockKind.STANDFIRST):
        return True
    ends = item.text.rstrip("\"'”’“»)").endswith((".", "!", "?", "…", ":"))
    return ends and len(item.text.split()) >= 6


def _bare(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _facts(tree: LexborHTMLParser) -> PageFacts:
    linked = _linked_data(tree)
    html = tree.css_first("html")
    canonical = tree.css_first("link[rel=canonical]")
    heading = tree.css_first("h1")
    title = linked.get("headline") or _meta(tree, "og:title") or (heading.text() if heading is not None else None)
    if not title and (node := tree.css_first("title")) is not None:
        title = node.text()
    return PageFacts(
        title=one_line(str(title)) if title else None,
        author=_author(linked.get("author")) or _meta(tree, "author") or _meta(tree, "article:author"),
        url=_attribute(canonical, "href") or _meta(tree, "og:url"),
        language=_attribute(html, "lang") or _meta(tree, "og:locale"),
        published=_moment(linked.get("datePublished") or _meta(tree, "article:published_time")),
    )


def _meta(tree: LexborHTMLParser, name: str) -> str | None:
    for key in ("property", "name"):
        node = tree.css_first(f'meta[{key}="{name}"]')
        if node is not None and (value := _attribute(node, "content")):
            return value
    return None


def _attribute(node: LexborNode | None, name: str) -> str | None:
    value = node.attributes.get(name) if node is not None and node.attributes else None
    return one_line(value) or None if value else None


def _linked_data(tree: LexborHTMLParser) -> dict[str, Any]:
    """The first article among the page's JSON-LD; broken JSON is as good as none."""
    for node in tree.css('script[type="application/ld+json"]'):
        try:
            data = json.loads(node.text() or "null")
        except (ValueError, RecursionError):
            continue
        graph = data.get("@graph") if isinstance(data, dict) else data
        for item in graph if isinstance(graph, list) else [data]:
            if isinstance(item, dict) and isinstance(item.get("headline"), str):
                return item
    return {}


def _author(value: Any) -> str | None:
    first = value[0] if isinstance(value, list) and value else value
    name = first.get("name") if isinstance(first, dict) else first
    return one_line(name) or None if isinstance(name, str) else None


def _moment(value: Any) -> str | None:
    try:
        return datetime.fromisoformat(value).isoformat() if isinstance(value, str) else None
    except ValueError:
        return None
