"""Maps the word times that a server reports onto the words that were sent to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardWord:
    """A word as a server names it."""

    text: str
    start_ms: float
    end_ms: float


def by_letters(texts: Sequence[str], heard: Sequence[HeardWord]) -> list[tuple[float, float]] | None:
    """A span for each text, by the letters that both have in common; None if they differ in any."""
    spans: list[tuple[float, float]] = []
    """Of each letter, in ms."""
    for word in heard:
        count = len(_letters(word.text))
        step = (word.end_ms - word.start_ms) / (count or 1)
        spans += [(word.start_ms + place * step, word.start_ms + (place + 1) * step) for place in range(count)]
    if not spans or "".join(map(_letters, texts)) != "".join(_letters(word.text) for word in heard):
        return None
    found, at, end = list[tuple[float, float]](), 0, 0.0
    for text in texts:
        mine = spans[at : at + len(_letters(text))]
        at += len(mine)
        start, end = (mine[0][0], mine[-1][1]) if mine else (end, end)
        found.append((start, end))
    return found


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()
