"""What the readers of HTML, Markdown and plain text hand on: a piece of text before its language is known."""

from __future__ import annotations

from dataclasses import dataclass

from tts_service.article.clean import one_line
from tts_service.values import BlockKind, Direction


def listed(words: str) -> frozenset[str]:
    """The words of a list that is easier read as a line of text."""
    return frozenset(words.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A block without its language."""

    kind: BlockKind
    text: str
    skip_reason: str | None = None
    """Why it isn't spoken; None: it is."""
    level: int = 0
    """1 to 6 of a heading; 0: no heading, or not known."""
    language: str | None = None
    """BCP 47 tag the source gives this piece; None: the article's."""
    directions: tuple[Direction, ...] = ()
    """What editors say of stretches of the text."""


def piece(kind: BlockKind, text: str, skip_reason: str | None = None, *, level: int = 0) -> Piece:
    """A piece with its white space tidied."""
    return Piece(kind=kind, text=one_line(text), skip_reason=skip_reason, level=level)
