"""What a finished clip plays, in order: its sentences, and the notice where it was said live."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tts_service.engines.speak import EngineChild
from tts_service.jobs.rendering import Rendering, RenderingLine, utterance_at
from tts_service.narration import planned, spoken
from tts_service.parts import Parts
from tts_service.values import PlannedUtterance, Segment

SegmentOf = Callable[[RenderingLine | None], Segment]
"""The segment of a line; None: that of the notice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedSegment:
    """A stretch of the clip."""

    line: RenderingLine | None
    """None: the notice."""
    place: PlannedUtterance
    words: list[list[float]]
    """[start_ms, end_ms] per spoken word within the stretch."""


def segments_of(parts: Parts, engine: EngineChild, rendering: Rendering) -> SegmentOf:
    """Segments by line; one found broken in the store is spoken again."""

    @lru_cache(maxsize=2)
    def of_line(position: int) -> Segment:
        segment = parts.segments.get(rendering.lines[position].segment_key)
        if segment is not None:
            return segment
        return spoken(utterance_at(parts, rendering, position), rendering.cast, parts.segments, engine)[0]

    @lru_cache(maxsize=1)
    def of_notice() -> Segment:
        assert rendering.notice is not None, "a line has a notice before it"
        return spoken(rendering.notice.utterance, rendering.cast, parts.segments, engine)[0]

    return lambda line: of_notice() if line is None else of_line(line.position)


def timeline(rendering: Rendering, segment_of: SegmentOf) -> tuple[PlacedSegment, ...]:
    """Places and word times from the sounds as they really are in the store (a broken one was spoken anew)."""
    order = list(_order(rendering))
    words, lengths = [], []
    for line in order:
        segment = segment_of(line)
        words.append([[round(word.start_ms, 1), round(word.end_ms, 1)] for word in segment.words])
        lengths.append((segment.key, segment.samples, _pause_ms(rendering, line)))
    places = planned(lengths, rendering.voice.sample_rate_hz)
    made = zip(order, places, words, strict=True)
    return tuple(PlacedSegment(line=line, place=place, words=times) for line, place, times in made)


def corrections(heard: tuple[PlacedSegment, ...]) -> Iterator[tuple[int, dict[str, Any]]]:
    """(position, columns) of lines that lie elsewhere than their rows say."""
    notice: int | None = None
    for one in heard:
        place = one.place
        if one.line is None:
            notice = place.samples + place.pause
            continue
        told = (one.line.samples, one.line.start_sample, one.line.notice_samples)
        if told != (place.samples, place.start, notice):
            yield (
                one.line.position,
                {"samples": place.samples, "start_sample": place.start, "words": one.words, "notice_samples": notice},
            )
        notice = None


def _order(rendering: Rendering) -> Iterator[RenderingLine | None]:
    for line in rendering.lines:
        if line.notice_samples:
            yield None
        yield line


def _pause_ms(rendering: Rendering, line: RenderingLine | None) -> int:
    if line is not None:
        return line.pause_after_ms
    assert rendering.notice is not None
    return rendering.notice.utterance.pause_after_ms
