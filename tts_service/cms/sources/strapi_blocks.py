"""Strapi's "Rich text (blocks)" as HTML (node types of @strapi/blocks-react-renderer)."""

from __future__ import annotations

from typing import Any

from tts_service.cms.sources.fields import at, items, web_address, word
from tts_service.cms.sources.markup import MAX_DEPTH, LeftOut, Written, element, lines, wrapped

_ELEMENTS = {"paragraph": "p", "list-item": "li", "quote": "blockquote"}
_MARKS = {"bold": "b", "italic": "i", "underline": "u", "strikethrough": "s", "code": "code"}


def is_blocks(value: Any) -> bool:
    return isinstance(value, list) and any(word(block, "type") and at(block, "_type") is None for block in value)


def write_blocks(blocks: Any) -> Written:
    """The blocks' HTML; images without a caption are listed in `left_out`."""
    left_out = LeftOut()
    return Written("".join(_node(block, left_out, 0) for block in items(blocks)), tuple(left_out.kinds))


def _node(node: Any, left_out: LeftOut, depth: int) -> str:
    kind = word(node, "type")
    if kind == "text":
        return wrapped(lines(at(node, "text")), (tag for mark, tag in _MARKS.items() if at(node, mark) is True))
    inner = "".join(_node(child, left_out, depth + 1) for child in items(at(node, "children")))
    if depth > MAX_DEPTH:
        return inner
    if kind == "heading":
        level = at(node, "level")
        return element(f"h{level:d}" if isinstance(level, int) and 1 <= level <= 6 else "h2", inner)
    if kind == "list":
        return element("ol" if word(node, "format") == "ordered" else "ul", inner)
    if kind == "link":
        return element("a", inner, href=web_address(at(node, "url")))
    if kind == "code":
        return element("pre", element("code", inner))
    if kind == "image":
        return element("figure", element("figcaption", lines(at(node, "image", "caption")))) or left_out.add(kind)
    named = _ELEMENTS.get(kind)
    return element(named, inner) if named else inner or left_out.add(kind)
