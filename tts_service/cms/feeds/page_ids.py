"""The CMS's own id of an article, read from its page, so that feeds and webhooks agree on it."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from tts_service.values import WebAddress

_SHORTLINK = re.compile(r"\?p=(\d{1,18})$")
_REST = re.compile(r"/wp/v2/posts/(\d{1,18})$")
_BODY_CLASS = re.compile(r"(?:^|\s)postid-(\d{1,18})(?:\s|$)")
WORDPRESS = frozenset({"wordpress", "woocommerce"})
"""Sources whose ids are WordPress's."""


def canonical_of(html: str, url: str) -> WebAddress | None:
    """The address that a page gives as its own (`rel=canonical`); `url`: where it was read."""
    link = LexborHTMLParser(html).css_first("link[rel~=canonical]")
    return WebAddress.read(link.attributes.get("href") or "", url) if link is not None else None


def id_on_page(html: str) -> str | None:
    """WordPress's id of a post from its page: its short link, its address in the REST API, or the body's class."""
    tree = LexborHTMLParser(html)
    for selector, pattern in (
        ('link[rel="shortlink"]', _SHORTLINK),
        ('link[rel="alternate"][type="application/json"]', _REST),
    ):
        for link in tree.css(selector)[:5]:
            found = pattern.search(link.attributes.get("href") or "")
            if found:
                return found[1]
    body = tree.body
    found = _BODY_CLASS.search((body.attributes.get("class") or "")[:5000]) if body is not None else None
    return found[1] if found else None
