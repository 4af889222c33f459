"""Writes HTML from editors' document trees; escapes all text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape

MAX_DEPTH = 60
"""Maximum nesting of nodes; only the text of deeper ones is written."""


@dataclass(frozen=True, slots=True)
class Written:
    """HTML, and the content without text."""

    html: str
    left_out: tuple[str, ...] = ()
    """Kinds of embedded content, without duplicates, in order."""


@dataclass(slots=True)
class LeftOut:
    """Collects the kinds of content that can't be written."""

    kinds: dict[str, None] = field(default_factory=dict)

    def add(self, kind: object) -> str:
        """Records a kind; returns the empty HTML to write in its place."""
        self.kinds[str(kind)[:80]] = None
        return ""


def element(tag: str, inner: str, **attributes: str | None) -> str:
    """An element; `inner` is HTML. Empty if it has no content."""
    if not inner:
        return ""
    written = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items() if value is not None)
    return f"<{tag}{written}>{inner}</{tag}>"


def lines(text: object) -> str:
    """Text as HTML, keeping its line breaks."""
    return escape(text, quote=False).replace("\n", "<br>") if isinstance(text, str) else ""


def wrapped(inner: str, tags: Iterable[str]) -> str:
    """`inner` wrapped in these elements, the first outermost."""
    for tag in reversed(tuple(tags)):
        inner = element(tag, inner)
    return inner
