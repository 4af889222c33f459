"""What an editor directs: words said otherwise (sub, phoneme, say-as), and where speed, language and silence change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tts_service.speakable.readings import Reading
from tts_service.speakable.say_as import said_as
from tts_service.values import Block, Direction

CHANGE_MS = 60
"""Silence where the speed or the language changes within a sentence."""


@dataclass(frozen=True, slots=True)
class DirectedSpan:
    """A part of a block that is said in one breath, in one language, at one speed."""

    start: int
    end: int
    language: str
    rate: float
    pause_ms: int | None
    """Silence behind it that somebody asked for; None: the usual."""


def directed(block: Block) -> list[Reading]:
    """The readings that a block's directions ask for, in order."""
    return [reading for direction in block.directions if (reading := _reading(block, direction))]


def _reading(block: Block, direction: Direction) -> Reading | None:
    text, start, end = block.text, direction.start, direction.end
    if direction.ipa:
        return Reading(start=start, end=end, said=text[start:end], rule="phoneme", ipa=direction.ipa)
    if direction.alias is not None:
        return Reading(start=start, end=end, said=direction.alias, rule="sub", read=True)
    if direction.say_as is not None:
        said = said_as(text[start:end], direction.say_as, direction.language or block.language)
        return Reading(start=start, end=end, said=said, rule=f"say-as {direction.say_as}", read=True) if said else None
    return None


def stretches(block: Block, spans: Sequence[tuple[int, int]]) -> Iterator[DirectedSpan]:
    """The spans of a block, divided where its directions change speed or language or ask for silence."""
    breaks = {d.start: d.break_ms for d in block.directions if d.break_ms is not None}
    changes = {place for d in block.directions if d.language or d.rate for place in (d.start, d.end)}
    found = _with_sentences(block, spans)
    for number, (start, end) in enumerate(found):
        behind = found[number + 1][0] if number + 1 < len(found) else len(block.text)
        inside = sorted(place for place in changes | set(breaks) if start < place < end)
        for first, last in pairwise([start, *inside, end]):
            bare = _bare(block.text, first, last)
            if bare is None:
                continue
            pause: int | None = breaks.get(last, CHANGE_MS)
            if last == end:
                pause = next((breaks[place] for place in range(end, behind + 1) if place in breaks), None)
            yield DirectedSpan(*bare, *_manner(block, *bare), pause)


def _with_sentences(block: Block, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans with the bounds of stretches that are one sentence because somebody says so."""
    out = list(spans)
    for stated in (d for d in block.directions if d.sentence):
        outside = [
            piece
            for start, end in out
            for piece in ((start, min(end, stated.start)), (max(start, stated.end), end))
            if piece[0] < piece[1]
        ]
        out = sorted([*outside, (stated.start, stated.end)])
    return out


def _manner(block: Block, start: int, end: int) -> tuple[str, float]:
    """Language and speed of a stretch: the innermost direction around it counts."""
    language, rate = block.language, block.rate
    for direction in block.directions:
        if direction.start <= start and end <= direction.end:
            language = direction.language or language
            rate = direction.rate * block.rate if direction.rate else rate
    return language, rate


def _bare(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The stretch without the white space at its ends; None when nothing is left."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None
