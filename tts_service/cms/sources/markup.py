"""Writes HTML from editors' document trees; all text is escaped here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape

MAX_DEPTH = 60
"""Nodes within each other; below it, only their text is written."""


@dataclass(frozen=True, slots=True)
class Written:
    """HTML, and what has no text in it."""

    html: str
    left_out: tuple[str, ...] = ()
    """Kinds of embedded things, each once, in order."""


@dataclass(slots=True)
class LeftOut:
    """Gathers the kinds of what can't be written."""

    kinds: dict[str, None] = field(default_factory=dict)

    def add(self, kind: object) -> str:
        """Note it; stands where its HTML would."""
        self.kinds[str(kind)[:80]] = None
        return ""


def element(tag: str, inner: str, **attributes: str | None) -> str:
    """An element; `inner` is HTML. Without content there is none."""
    if not inner:
        return ""
    written = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items() if value is not None)
    return f"<{tag}{written}>{inner}</{tag}>"


def lines(text: object) -> str:
    """Text as HTML; its line breaks stay."""
    return escape(text, quote=False).replace("\n", "<br>") if isinstance(text, str) else ""


def wrapped(inner: str, tags: Iterable[str]) -> str:
    """`inner` in these elements, the first outermost."""
    for tag in reversed(tuple(tags)):
        inner = element(tag, inner)
    return inner
