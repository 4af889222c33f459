"""Whether a page's JSON-LD marks its article as not accessible for free."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from selectolax.lexbor import LexborHTMLParser

MAX_BLOCKS = 60
"""Maximum JSON-LD blocks read."""
MAX_ITEMS = 5_000
"""Maximum items examined."""
KEY = "isAccessibleForFree"
_ARTICLE = re.compile(
    r"(?:https?://schema\.org/|schema:)?(?:\w{0,40}Article|\w{0,40}Posting|Report|CreativeWork|WebPage|Review|Recipe)"
)
_LISTS = re.compile(
    r"itemListElement|relatedLink|significantLink|mentions|about|isPartOf|publisher|author|citation|offers|event|location|"
    r"audio|video|image|associatedMedia|subjectOf|comment|review"
)
"""Keys whose values describe other pages."""
_WRAPPED = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|(?://\s*)?\]\]>)\s*$")
_FALSE = re.compile(
    rf'"(?:schema:|https?://schema\.org/)?{KEY}"\s{{0,20}}:\s{{0,20}}\[?\s{{0,20}}"?false', re.IGNORECASE
)
_TRUE = re.compile(rf'"{KEY}"\s{{0,20}}:\s{{0,20}}\[?\s{{0,20}}"?true', re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accessible:
    """Accessibility declared by one item."""

    free: bool | None
    """`isAccessibleForFree` of the article; None if not declared."""
    part_closed: tuple[str, ...] = ()
    """CSS selectors of the parts that are not free; empty string for a part without a selector."""
    headline: str = ""
    addresses: tuple[str, ...] = ()


def accessible_items(tree: LexborHTMLParser) -> list[Accessible]:
    """Declarations of each article in a page's JSON-LD; broken JSON is searched as text."""
    found: list[Accessible] = []
    for node in tree.css("script[type*='ld+json' i]")[:MAX_BLOCKS]:
        text = node.text() or ""
        if KEY.lower() not in text.lower():
            continue
        try:
            data = json.loads(_WRAPPED.sub("", text).strip().rstrip(";") or "null", strict=False)
        except (ValueError, RecursionError):
            if _FALSE.search(text) and not _TRUE.search(text) and re.search(r"Article|Posting", text):
                found.append(Accessible(free=False))
            continue
        found += [_accessible(item) for item in _articles(data)]
    return [item for item in found if item.free is not None or item.part_closed]


def _articles(data: Any) -> Iterator[dict[str, Any]]:
    """Articles at any level of the data, except those in lists of other pages."""
    waiting = [data]
    for _ in range(MAX_ITEMS):
        if not waiting:
            return
        item = waiting.pop()
        if isinstance(item, list):
            waiting.extend(reversed(item))
        elif isinstance(item, dict):
            if _is_article(item):
                yield item
            waiting.extend(
                value
                for key, value in item.items()
                if isinstance(value, dict | list) and not _LISTS.fullmatch(key) and key != "hasPart"
            )


def _is_article(item: dict[str, Any]) -> bool:
    kinds = item.get("@type", "")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(kind, str) and _ARTICLE.fullmatch(kind) for kind in kinds)


def _accessible(item: dict[str, Any]) -> Accessible:
    parts = item.get("hasPart") or item.get("schema:hasPart") or []
    closed = []
    for part in (parts if isinstance(parts, list) else [parts])[:10]:
        if isinstance(part, dict) and _said(part) is False and "headline" not in part:
            selectors = part.get("cssSelector") or ""
            selectors = selectors if isinstance(selectors, list) else [selectors]
            closed += [str(selector)[:200] for selector in selectors[:3]]
    main = item.get("mainEntityOfPage")
    addresses = [item.get("url"), item.get("@id"), main.get("@id") if isinstance(main, dict) else main]
    headline = item.get("headline") or item.get("name") or ""
    return Accessible(
        free=_said(item),
        part_closed=tuple(closed),
        headline=headline[:500] if isinstance(headline, str) else "",
        addresses=tuple(one for one in addresses if isinstance(one, str) and one.startswith(("http", "/"))),
    )


def _said(item: dict[str, Any]) -> bool | None:
    for key in (KEY, f"schema:{KEY}", f"http://schema.org/{KEY}", f"https://schema.org/{KEY}"):
        if key in item:
            return truth(item[key])
    return None


def truth(value: Any) -> bool | None:
    """Boolean meaning of a value, however it is written; None if it has none."""
    while isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("@value", value.get("@id"))
    word = str(value).strip().lower().rsplit("/", 1)[-1]
    return {"false": False, "0": False, "no": False, "true": True, "1": True, "yes": True}.get(word)
