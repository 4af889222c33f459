"""A full web page -> pieces: our own reading of everything on it; trafilatura says which pieces are the article."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tts_service.article.clean import one_line
from tts_service.article.depth import shallow
from tts_service.article.html import read_tree
from tts_service.article.main_text import main_only
from tts_service.article.pieces import Piece

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
    summary: str | None = None
    """What the page says it is about: often its standfirst."""
    body: str | None = None
    """The article's text as its publisher gives it to machines (JSON-LD articleBody)."""


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
    return main_only(pieces, source, facts.title, facts.body), facts


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
        summary=_meta(tree, "og:description") or _meta(tree, "description"),
        body=body if isinstance(body := linked.get("articleBody"), str) else None,
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
