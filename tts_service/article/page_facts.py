"""A page's metadata: title, author, address, language and date, from JSON-LD, Open Graph and <head>."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tts_service.article.clean import one_line
from tts_service.article.furniture import bare
from tts_service.article.headline import headline_among, without_site
from tts_service.values import WebAddress

MIN_TITLE_WORDS = 3
MAX_H1 = 20
"""Maximum headings of one level examined."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """A page's metadata."""

    titles: tuple[str, ...] = ()
    """Its titles from all sources; a visible heading comes first."""
    title_is_shown: bool = False
    """The first title is a visible heading."""
    author: str | None = None
    url: WebAddress | None = None
    language: str | None = None
    published: str | None = None
    """ISO 8601."""
    summary: str | None = None
    """The page's description: often its standfirst."""
    body: str | None = None
    """The article's text from JSON-LD `articleBody`."""

    @property
    def title(self) -> str | None:
        return self.titles[0] if self.titles else None


def facts_of(tree: LexborHTMLParser) -> PageFacts:
    """The metadata of a parsed page; missing values are None."""
    linked = _linked_data(tree)
    html = tree.css_first("html")
    canonical = tree.css_first("link[rel=canonical]")
    url = WebAddress.read(_attribute(canonical, "href")) or WebAddress.read(_meta(tree, "og:url"))
    titles, is_shown = _titles(tree, linked, url)
    return PageFacts(
        titles=titles,
        title_is_shown=is_shown,
        author=_author(linked.get("author")) or _meta(tree, "author") or _meta(tree, "article:author"),
        url=url,
        language=_attribute(html, "lang") or _meta(tree, "og:locale"),
        summary=_meta(tree, "og:description") or _meta(tree, "description"),
        body=body if isinstance(body := linked.get("articleBody"), str) else None,
        published=_moment(linked.get("datePublished") or _meta(tree, "article:published_time")),
    )


def _titles(tree: LexborHTMLParser, linked: dict[str, Any], url: str | None) -> tuple[tuple[str, ...], bool]:
    """The page's titles, headline first; whether the first is a visible heading."""
    title = tree.css_first("title")
    sources = (linked.get("headline"), _meta(tree, "og:title"), title.text() if title is not None else None)
    named = [line for text in sources if isinstance(text, str) and (line := one_line(text))]
    sites = [
        site for site in (_meta(tree, "og:site_name"), _meta(tree, "application-name"), _publisher(linked)) if site
    ]
    names = {bare(site) for site in sites}
    shown = [line for line in _lines(tree, "h1") if bare(line) not in names]
    own = [line for line in _lines(tree, "article h1, main h1") if bare(line) not in names]
    agreed = headline_among(named, own, shown, _lines(tree, "h2"))
    if agreed is None:
        # A page's first h1 may be the site's name; an h1 inside the article is its headline whatever the title says.
        alone = _lines(tree, "article h1")
        agreed = next((line for line in own if len(line.split()) >= MIN_TITLE_WORDS or [line] == alone), None)
    stripped = [without_site(line, sites, url) for line in named]
    first = [agreed] if agreed else stripped[:1]
    return tuple(dict.fromkeys([*first, *named, *shown[:1]])), agreed is not None


def _lines(tree: LexborHTMLParser, selector: str) -> list[str]:
    return [line for node in tree.css(selector)[:MAX_H1] if (line := one_line(node.text()))]


def _publisher(linked: dict[str, Any]) -> str | None:
    name = publisher.get("name") if isinstance(publisher := linked.get("publisher"), dict) else None
    return one_line(name) if isinstance(name, str) else None


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
    """The first article in the page's JSON-LD; broken JSON is ignored."""
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
        read = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return read.isoformat() if read and read.year > 1 else None
