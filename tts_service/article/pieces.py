"""Pieces: the common output of the HTML, Markdown and plain-text readers, before the site's policy applies."""

from __future__ import annotations

from collections.abc import Sized
from dataclasses import dataclass

from tts_service.article.places import tidied
from tts_service.errors import TooLarge
from tts_service.values import BlockKind, Direction

MAX_PIECES = 20_000
"""Pieces an article may have; an hour's article has 500."""
EDITORS_SKIP = "marked by the editors: not to be spoken"


def listed(words: str) -> frozenset[str]:
    """The words of a list that is easier read as a line of text."""
    return frozenset(words.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A block before its language and the site's policy are known."""

    kind: BlockKind
    text: str
    skip_reason: str | None = None
    """Why it isn't spoken; None: it is, if the policy for its kind agrees."""
    level: int = 0
    """1 to 6 of a heading; 0: no heading, or not known."""
    language: str | None = None
    """BCP 47 tag from a `lang` attribute; None: the article's."""
    directions: tuple[Direction, ...] = ()
    announcement: str | None = None
    """Said instead of the whole text, as the editors put it."""
    title: str | None = None
    """What a table calls itself."""
    only: bool = False
    """Marked by the editors: where there are such pieces, nothing else is spoken."""
    linked: int = 0
    """Characters of it that are links, about."""
    anchored: int = 0
    """Characters of it that are links to places in the same article, about."""
    pulled: int = 0
    """Number of the pull quote it stands in; 0: none."""
    boxes: tuple[int, ...] = ()
    """Numbers of the elements around it that hold others beside it (a div, not a list), the innermost last."""
    article: int = 0
    """Number of the innermost <article> around it; 0: there is none."""
    dropped: int = 0
    """Invisible characters taken out of it (clean.py)."""

    @property
    def box(self) -> int:
        """The innermost box."""
        return self.boxes[-1] if self.boxes else 0

    @property
    def outer(self) -> int:
        """The box around the innermost one."""
        return self.boxes[-2] if len(self.boxes) > 1 else 0


def check_count(pieces: Sized) -> None:
    """Raises TooLarge when there are more pieces than any article has: each costs time, and rows later."""
    if len(pieces) > MAX_PIECES:
        raise TooLarge(f"The article has more than {MAX_PIECES} paragraphs, headings and list items: send it in parts.")


def piece(kind: BlockKind, text: str, skip_reason: str | None = None, *, level: int = 0) -> Piece:
    """A piece with its white space tidied and its invisible characters dropped."""
    line, _, dropped = tidied(text)
    return Piece(kind=kind, text=line, skip_reason=skip_reason, level=level, dropped=dropped)
