"""What stands above the rules: stretches whose spoken form an editor or the lexicon has settled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How text[start:end] is said, whatever the rules say."""

    start: int
    end: int
    said: str
    """Words as said, or to be read by the rules when `read` is set."""
    rule: str
    """Where it comes from, shown to editors: "lexicon (site)", "lexicon (base)", "sub", "say-as date"."""
    ipa: str | None = None
    read: bool = False
    """`said` is a written form: the language's rules read it."""


class Lexical(Protocol):
    """What finds lexemes in a text: speakable/lexicon.py."""

    def readings(self, text: str, language: str) -> Sequence[Reading]:
        """Readings in order and apart, longest match first."""


class _Empty:
    def readings(self, text: str, language: str) -> Sequence[Reading]:
        return ()


NO_LEXICON: Lexical = _Empty()


def settled(own: Sequence[Reading], found: Sequence[Reading]) -> tuple[Reading, ...]:
    """All readings, in order and apart: what an article's editors direct (`own`) stands above the lexicon (`found`)."""
    free = [r for r in found if not any(r.start < mine.end and mine.start < r.end for mine in own)]
    return tuple(sorted([*own, *free], key=lambda reading: reading.start))


def undivided(spans: Iterable[tuple[int, int]], readings: Sequence[Reading]) -> list[tuple[int, int]]:
    """The spans, joined wherever a reading would be cut in two."""
    out: list[tuple[int, int]] = []
    for start, end in spans:
        if out and any(r.start < out[-1][1] < r.end or r.start < start < r.end for r in readings):
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    return out
