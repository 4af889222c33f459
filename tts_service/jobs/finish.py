"""The last step: join, level, encode, sign, check, store, read back, and publish in one transaction."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from functools import lru_cache
from pathlib import Path

from sqlalchemy import update

from tts_service.audio.finish import Finished, finish_clip
from tts_service.callbacks.news import clip_ready
from tts_service.db.tables import ClipRevisionRow, ClipRow, UtteranceRow
from tts_service.engines.speak import EngineChild
from tts_service.errors import ClipDefective
from tts_service.jobs.lease import write
from tts_service.jobs.marked import seal_of, store_marked
from tts_service.jobs.rendering import Rendering, load, utterance_at
from tts_service.parts import Parts
from tts_service.pipeline import Wanted, chapters_of, ordered, planned, spoken
from tts_service.values import PlannedUtterance, Segment

SegmentOf = Callable[[int], Segment]
"""The segment of the utterance at a position."""


def finish(parts: Parts, engine: EngineChild, begun: Rendering) -> None:
    """Make the revision's files and publish it. Raises ClipDefective, NotMarked, StoreUnavailable, LeaseLost."""
    rendering = load(parts, begun.lease) or begun
    if any(line.samples is None for line in rendering.lines):
        raise ClipDefective("A sentence has no sound yet: the clip would miss it.")
    segment_of = _reader(parts, engine, rendering)
    words, places = _places(rendering, segment_of)
    with tempfile.TemporaryDirectory(prefix="tts-clip-") as folder:
        order = ordered(places, rendering.voice, _wanted(rendering, places), parts.settings)
        order = replace(order, seal=seal_of(parts, rendering))
        finished = finish_clip(order, lambda position: segment_of(position).pcm, Path(folder))
        made = zip(finished.paths, finished.renditions, strict=True)
        kept = tuple(store_marked(parts, rendering, path, rendition) for path, rendition in made)
    _publish(parts, rendering, replace(finished, renditions=kept), list(zip(places, words, strict=True)))


def _reader(parts: Parts, engine: EngineChild, rendering: Rendering) -> SegmentOf:
    """Segments by position; one found broken in the store is spoken again."""

    @lru_cache(maxsize=2)
    def segment_of(position: int) -> Segment:
        segment = parts.segments.get(rendering.lines[position].segment_key)
        if segment is not None:
            return segment
        return spoken(utterance_at(parts, rendering, position), rendering.cast, parts.segments, engine)[0]

    return segment_of


def _places(
    rendering: Rendering, segment_of: SegmentOf
) -> tuple[list[list[list[float]]], tuple[PlannedUtterance, ...]]:
    """Word times and places from the sounds as they really are in the store (a broken one was spoken anew)."""
    words, lengths = [], []
    for line in rendering.lines:
        segment = segment_of(line.position)
        words.append([[round(word.start_ms, 1), round(word.end_ms, 1)] for word in segment.words])
        lengths.append((line.segment_key, segment.samples, line.pause_after_ms))
    return words, planned(lengths, rendering.voice.sample_rate_hz)


def _wanted(rendering: Rendering, places: Sequence[PlannedUtterance]) -> Wanted:
    heard = [(line.block, place) for line, place in zip(rendering.lines, places, strict=True)]
    chapters = chapters_of(rendering.blocks, heard, rendering.voice.sample_rate_hz)
    return Wanted(formats=rendering.formats, tags=rendering.tags, chapters=chapters)


def _publish(
    parts: Parts, rendering: Rendering, finished: Finished,
    timed: list[tuple[PlannedUtterance, list[list[float]]]],
) -> None:  # fmt: skip
    """Revision ready, clip moved on to it (never back), job succeeded: all or nothing."""
    place = {"clip_id": rendering.clip_id, "revision": rendering.revision}
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        write(session, rendering.lease, state="succeeded", finished_ms=now, lease_owner=None, lease_until_ms=None)
        for line, (utterance, words) in zip(rendering.lines, timed, strict=True):
            if line.samples != utterance.samples or line.start_sample != utterance.start:
                session.execute(
                    update(UtteranceRow).filter_by(**place, position=line.position).values(
                        samples=utterance.samples, start_sample=utterance.start, words=words)
                )  # fmt: skip
        session.execute(
            update(ClipRevisionRow).filter_by(**place).values(
                state="ready", ready_ms=now, duration_ms=finished.duration_ms,
                loudness_lufs=round(finished.loudness_lufs, 2), true_peak_dbtp=round(finished.true_peak_dbtp, 2),
                renditions=[asdict(rendition) for rendition in finished.renditions],
            )
        )  # fmt: skip
        newer = (ClipRow.current_revision.is_(None)) | (ClipRow.current_revision < rendering.revision)
        moved = session.execute(
            update(ClipRow).where(ClipRow.id == rendering.clip_id, ClipRow.state != "withdrawn", newer)
            .values(current_revision=rendering.revision, state="ready")
        ).rowcount  # type: ignore[attr-defined]  # fmt: skip
        if moved:  # what comes too late to be heard is no news
            clip_ready(parts, session, rendering.lease.job_id)
