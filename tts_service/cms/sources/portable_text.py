"""Sanity's Portable Text as HTML (specification: portabletext.org)."""

from __future__ import annotations

from typing import Any

from tts_service.cms.sources.fields import at, items, web_address, word
from tts_service.cms.sources.markup import LeftOut, Written, element, lines, wrapped

_STYLES = {"h1": "h1", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h5", "h6": "h6", "blockquote": "blockquote"}
_DECORATORS = {
    "strong": "b",
    "em": "i",
    "underline": "u",
    "code": "code",
    "strike-through": "s",
    "sup": "sup",
    "sub": "sub",
}
_MAX_LEVEL = 10


def is_portable_text(value: Any) -> bool:
    return isinstance(value, list) and any(word(block, "_type") for block in value)


def write_portable_text(blocks: Any) -> Written:
    """The blocks' HTML. Custom types without text are listed in `left_out`."""
    left_out = LeftOut()
    written: list[str] = []
    open_lists: list[str] = []
    for block in items(blocks):
        level, tag = _list_place(block)
        while len(open_lists) > level or (tag and len(open_lists) == level and open_lists[-1] != tag):
            written.append(f"</{open_lists.pop()}>")
        while len(open_lists) < level:
            open_lists.append(tag)
            written.append(f"<{tag}>")
        written.append(element("li", _spans(block, left_out)) if tag else _block(block, left_out))
    written += [f"</{tag}>" for tag in reversed(open_lists)]
    return Written("".join(written), tuple(left_out.kinds))


def _list_place(block: Any) -> tuple[int, str]:
    """(level, element) of a list item; (0, "") for other blocks."""
    kind, level = word(block, "listItem"), at(block, "level")
    if word(block, "_type") != "block" or not kind:
        return 0, ""
    level = level if isinstance(level, int) and 0 < level <= _MAX_LEVEL else 1
    return level, "ol" if kind == "number" else "ul"


def _block(block: Any, left_out: LeftOut) -> str:
    kind = word(block, "_type")
    if kind == "block":
        return element(_STYLES.get(word(block, "style"), "p"), _spans(block, left_out))
    if kind == "code":
        return element("pre", element("code", lines(at(block, "code"))))
    caption = lines(at(block, "caption"))
    return element("figure", element("figcaption", caption)) or left_out.add(kind)


def _spans(block: Any, left_out: LeftOut) -> str:
    links = {word(mark, "_key"): web_address(at(mark, "href")) for mark in items(at(block, "markDefs"))}
    written = []
    for span in items(at(block, "children")):
        if word(span, "_type") not in ("span", ""):
            written.append(left_out.add(word(span, "_type")))
            continue
        marks = [mark for mark in items(at(span, "marks"))[:10] if isinstance(mark, str)]
        inner = wrapped(lines(at(span, "text")), (_DECORATORS[mark] for mark in marks if mark in _DECORATORS))
        href = next((links[mark] for mark in marks if links.get(mark)), None)
        written.append(element("a", inner, href=href) if href else inner)
    return "".join(written)
