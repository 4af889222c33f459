"""What was heard of one sentence."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubling:
    """What was heard if a word was said twice: the one for which that is likeliest."""

    text: str
    """With the word twice."""
    gain: float
    """How much likelier this text is than the one without: a difference of natural logarithms, hardly ever above 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a recogniser heard in a sound."""

    text: str
    doubling: Doubling | None
    """None: no word was heard."""


SILENT = Heard(text="", doubling=None)
