"""Pieces: the common output of the HTML, Markdown and plain-text readers, before the site's policy applies."""

from __future__ import annotations

from collections.abc import Sized
from dataclasses import dataclass

from tts_service.article.box import NO_BOX, Box
from tts_service.article.places import tidied_text
from tts_service.errors import TooLarge
from tts_service.values import BlockKind, Direction

MAX_PIECES = 20_000
"""Maximum pieces of an article; a one-hour article has 500."""
NOT_MAIN = "not part of the article's text"
EDITORS_SKIP = "marked by the editors: not to be spoken"


def word_set(words: str) -> frozenset[str]:
    """The words of a space-separated list."""
    return frozenset(words.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A block before its language and the site's policy are applied."""

    kind: BlockKind
    text: str
    skip_reason: str | None = None
    """Why it is skipped; None: spoken, if the policy for its kind allows."""
    level: int = 0
    """Heading level 1 to 6; 0 if it is not a heading or the level is unknown."""
    language: str | None = None
    """BCP 47 tag from a `lang` attribute; None: the article's language."""
    directions: tuple[Direction, ...] = ()
    announcement: str | None = None
    """The editors' text, spoken in place of the piece's own."""
    title: str | None = None
    """A table's title."""
    only: bool = False
    """Marked `only` by the editors: if any piece is, all others are skipped."""
    linked: int = 0
    """Approximate number of characters inside links."""
    anchored: int = 0
    """Approximate number of characters inside links to the same article."""
    stressed: int = 0
    """Approximate number of characters in italics or small print."""
    parts: tuple[str, ...] = ()
    """Its text where elements or line breaks inside it divide it; empty if it has one part or very many."""
    pulled: int = 0
    """Id of the enclosing pull quote; 0 if none."""
    boxes: tuple[Box, ...] = ()
    """The enclosing containers that can hold blocks side by side (div, not ul), innermost last."""
    article: Box | None = None
    """The innermost enclosing <article>."""
    dropped: int = 0
    """Invisible characters removed (clean.py)."""

    @property
    def box(self) -> Box:
        """The innermost box."""
        return self.boxes[-1] if self.boxes else NO_BOX

    @property
    def outer(self) -> Box:
        """The parent of the innermost box."""
        return self.boxes[-2] if len(self.boxes) > 1 else NO_BOX


def check_count(pieces: Sized) -> None:
    """Raises TooLarge if there are more pieces than any real article has: each costs time and database rows."""
    if len(pieces) > MAX_PIECES:
        raise TooLarge(f"The article has more than {MAX_PIECES} paragraphs, headings and list items: send it in parts.")


def piece(
    kind: BlockKind, text: str, skip_reason: str | None = None, *, level: int = 0, boxes: tuple[Box, ...] = ()
) -> Piece:
    """A piece with white space normalised and invisible characters removed."""
    line, _, dropped = tidied_text(text)
    return Piece(kind=kind, text=line, skip_reason=skip_reason, level=level, dropped=dropped, boxes=boxes)
