"""Ghost's HTML as readers see it: without cards for other audiences and without buttons."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from tts_service.cms.sources.fields import at, plain, text
from tts_service.values import PUBLIC

_GATE = re.compile(r"<!--\s*kg-gated-block:begin\b([^>]{0,500}?)-->")
"""A card with its own visibility is enclosed in two comments. Ghost's website hides it from everybody else, but its
webhooks include it."""
_GATE_END = re.compile(r"<!--\s*kg-gated-block:end\s*-->")
_PARAMETER = re.compile(r"\b(nonMember|memberSegment):[\"']?([^\"'\s]{0,100})")
_EVERY_MEMBER = frozenset({"status:free", "status:-free"})
_PAYING = frozenset({"status:-free"})
_NEVER_SPOKEN = ("kg-toggle-card-icon", "kg-callout-emoji")
"""Parts of Ghost's cards beyond those in article.element_names."""
_HAS_ONE = re.compile("|".join(_NEVER_SPOKEN))
_SELECTOR = ",".join(f".{name}" for name in _NEVER_SPOKEN)
_TAG_OR_COMMENT = re.compile(r"<!--.{0,1000}?-->|<[^<>]{1,2000}>", re.DOTALL)
_WORD = re.compile(r"\w+")
_LOOKED_AT = 20_000
_MAX_EXCERPT = 2_000


def spoken_html(post: Mapping[str, Any], visibility: str) -> str:
    """The post's text for its audience, preceded by its custom excerpt and its picture's caption."""
    body = _without_icons(seen_by(text(at(post, "html")) or "", visibility))
    return (_standfirst(post, body) + _picture(post) + body) if body.strip() else ""


def seen_by(source: str, visibility: str) -> str:
    """The source without gated cards that some readers of this visibility don't see.

    For a public post those are anonymous readers. A gate that is never closed hides the rest.
    """
    kept, place = [], 0
    for gate in _GATE.finditer(source):
        if gate.start() < place:
            continue
        kept.append(source[place : gate.start()])
        end = _GATE_END.search(source, gate.end())
        if _is_seen(gate[1], visibility):
            kept.append(source[gate.end() : end.start() if end else len(source)])
        place = end.end() if end else len(source)
    return "".join((*kept, source[place:]))


def _is_seen(parameters: str, visibility: str) -> bool:
    found = dict(_PARAMETER.findall(parameters))
    if visibility == PUBLIC:
        return found.get("nonMember") == "true"
    members = set(found.get("memberSegment", "").split(","))
    return members >= (_EVERY_MEMBER if visibility == "members" else _PAYING)


def _without_icons(source: str) -> str:
    if not _HAS_ONE.search(source):
        return source
    tree = LexborHTMLParser(source)
    for node in tree.css(_SELECTOR):
        node.decompose()
    return (tree.body.inner_html or "") if tree.body is not None else ""


def _standfirst(post: Mapping[str, Any], body: str) -> str:
    """The custom excerpt, which themes show below the headline, unless the text starts with the same words."""
    excerpt = text(at(post, "custom_excerpt"), _MAX_EXCERPT)
    if not excerpt:
        return ""
    words = _words(excerpt)
    if _words(_TAG_OR_COMMENT.sub(" ", body[:_LOOKED_AT]))[: len(words)] == words:
        return ""
    return f'<p class="standfirst">{html.escape(excerpt, quote=False)}</p>'


def _picture(post: Mapping[str, Any]) -> str:
    caption = plain(at(post, "feature_image_caption"), _MAX_EXCERPT) if text(at(post, "feature_image")) else None
    return f"<figure><figcaption>{html.escape(caption, quote=False)}</figcaption></figure>" if caption else ""


def _words(source: str) -> list[str]:
    return _WORD.findall(html.unescape(source).lower())
