"""Contentful's Rich Text as HTML (node types of @contentful/rich-text-types)."""

from __future__ import annotations

from typing import Any

from tts_service.cms.sources.fields import at, items, web_address, word
from tts_service.cms.sources.markup import MAX_DEPTH, LeftOut, Written, element, lines, wrapped

_ELEMENTS = {
    "paragraph": "p",
    "heading-1": "h1",
    "heading-2": "h2",
    "heading-3": "h3",
    "heading-4": "h4",
    "heading-5": "h5",
    "heading-6": "h6",
    "ordered-list": "ol",
    "unordered-list": "ul",
    "list-item": "li",
    "blockquote": "blockquote",
    "table": "table",
    "table-row": "tr",
    "table-cell": "td",
    "table-header-cell": "th",
}
_MARKS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "code": "code",
    "superscript": "sup",
    "subscript": "sub",
    "strikethrough": "s",
}
_THROUGH = ("document", "entry-hyperlink", "asset-hyperlink", "resource-hyperlink")
"""Nodes reduced to their content, as webhooks don't contain their targets."""


def is_rich_text(value: Any) -> bool:
    return word(value, "nodeType") == "document"


def write_rich_text(document: Any) -> Written:
    """The document's HTML. Embedded entries and assets, which webhooks don't contain, are listed in `left_out`."""
    left_out = LeftOut()
    html = _node(document, left_out, 0)
    return Written(html, tuple(left_out.kinds))


def _node(node: Any, left_out: LeftOut, depth: int) -> str:
    kind = word(node, "nodeType")
    if kind == "text":
        return _text(node)
    inner = "".join(_node(child, left_out, depth + 1) for child in items(at(node, "content")))
    if depth > MAX_DEPTH or kind in _THROUGH:
        return inner
    if kind in _ELEMENTS:
        return element(_ELEMENTS[kind], inner)
    if kind == "hyperlink":
        return element("a", inner, href=web_address(at(node, "data", "uri")))
    if kind == "hr":
        return "<hr>"
    return inner or left_out.add(kind)


def _text(node: Any) -> str:
    marks = [word(mark, "type") for mark in items(at(node, "marks"))[:10]]
    return wrapped(lines(at(node, "value")), (_MARKS[mark] for mark in marks if mark in _MARKS))
