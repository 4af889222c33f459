"""Boxes: the elements of a page that can hold blocks side by side, and what they hold beside text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from tts_service.article.clean import one_line
from tts_service.article.furniture import is_tool

_PICTURES = frozenset(("img", "amp-img"))
_PLAYERS = frozenset(("iframe", "video", "audio", "object", "embed", "amp-video", "amp-iframe", "amp-youtube"))
_SLOTS = frozenset(("script", "ins", "amp-ad", "amp-embed"))
_FIELDS = frozenset(("input", "textarea", "select"))
_PRESSED = re.compile(r"(?:^|\s)(?:btn|button|cta)(?:$|[\s_-])|(?:^|\s)wp-(?:block|element)-button")
"""Names of links that look like buttons."""


@dataclass(slots=True, eq=False, kw_only=True)
class Box:
    """One such element; two are the same only if they are one element."""

    tag: str = ""
    names: str = ""
    """Class names in lower case."""
    asks: int = 0
    """Fields and buttons inside it at any depth; those for sharing, printing and the like don't count."""
    pictures: int = 0
    players: int = 0
    """Frames, videos and sounds."""
    slots: int = 0
    """Scripts and other elements that fill a place later: an advertisement, a widget."""
    icons: int = 0
    """Buttons without words, as a player has."""

    @property
    def shape(self) -> tuple[str, str]:
        """What boxes of one kind on a page have in common."""
        return self.tag, self.names


NO_BOX = Box()
"""Around everything that is in no box."""


def count_beside_text(node: LexborNode, names: str, boxes: Iterable[Box]) -> None:
    """Counts an element that is no text in each box around it.

    Args:
        node: the element.
        names: its class names and id in lower case.
        boxes: the boxes around it.
    """
    tag = node.tag or ""
    if tag in _PICTURES:
        for box in boxes:
            box.pictures += 1
    elif tag in _PLAYERS:
        for box in boxes:
            box.players += 1
    elif tag in _SLOTS or (tag == "div" and node.child is None and (node.attributes or {}).get("id")):
        for box in boxes:
            box.slots += not one_line(node.text()) or tag == "script"
    elif tag == "button" and not one_line(node.text()):
        for box in boxes:
            box.icons += 1
    elif _asks(node, tag, names):
        for box in boxes:
            box.asks += 1


def is_button(node: LexborNode, names: str) -> bool:
    """Whether an element is pressed: a button, or a link that looks like one."""
    if node.tag == "button":
        return True
    return node.tag == "a" and (_PRESSED.search(names) is not None or (node.attributes or {}).get("role") == "button")


def _asks(node: LexborNode, tag: str, names: str) -> bool:
    if tag in _FIELDS:
        return (node.attributes or {}).get("type") != "hidden"
    if tag == "label":
        # It is read as one piece, so that the field in it is not visited.
        return node.css_first("input, select, textarea") is not None
    if not is_button(node, names) or "aria-expanded" in (node.attributes or {}):
        return False
    text = one_line(node.text())
    return bool(text) and not is_tool(text)
