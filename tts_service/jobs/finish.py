"""The last step: join, level, encode, sign, check, store, read back, and publish in one transaction."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from sqlalchemy import update

from tts_service.audio.finish import Finished, finish_clip
from tts_service.callbacks.news import clip_ready
from tts_service.db.tables import ClipRevisionRow, ClipRow, UtteranceRow
from tts_service.engines.speak import EngineChild
from tts_service.errors import ClipDefective
from tts_service.jobs.lease import write
from tts_service.jobs.marked import seal_of, store_marked
from tts_service.jobs.rendering import Rendering, load
from tts_service.jobs.timeline import Heard, corrections, segments_of, timeline
from tts_service.parts import Parts
from tts_service.pipeline import Wanted, chapters_of, ordered


def finish(parts: Parts, engine: EngineChild, begun: Rendering) -> None:
    """Make the revision's files and publish it. Raises ClipDefective, NotMarked, StoreUnavailable, LeaseLost."""
    rendering = load(parts, begun.lease) or begun
    if any(line.samples is None for line in rendering.lines):
        raise ClipDefective("A sentence has no sound yet: the clip would miss it.")
    segment_of = segments_of(parts, engine, rendering)
    heard = timeline(rendering, segment_of)
    with tempfile.TemporaryDirectory(prefix="tts-clip-") as folder:
        places = tuple(one.place for one in heard)
        order = ordered(places, rendering.voice, _wanted(rendering, heard), parts.settings)
        order = replace(order, seal=seal_of(parts, rendering))
        finished = finish_clip(order, lambda number: segment_of(heard[number].line).pcm, Path(folder))
        made = zip(finished.paths, finished.renditions, strict=True)
        kept = tuple(store_marked(parts, rendering, path, rendition) for path, rendition in made)
    _publish(parts, rendering, replace(finished, renditions=kept), heard)


def _wanted(rendering: Rendering, heard: Sequence[Heard]) -> Wanted:
    lines = [(one.line.block, one.place) for one in heard if one.line]
    chapters = chapters_of(rendering.blocks, lines, rendering.voice.sample_rate_hz)
    return Wanted(formats=rendering.formats, tags=rendering.tags, chapters=chapters)


def _publish(parts: Parts, rendering: Rendering, finished: Finished, heard: tuple[Heard, ...]) -> None:
    """Revision ready, clip moved on to it (never back), job succeeded: all or nothing."""
    place = {"clip_id": rendering.clip_id, "revision": rendering.revision}
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        write(session, rendering.lease, state="succeeded", finished_ms=now, lease_owner=None, lease_until_ms=None)
        for position, values in corrections(heard):
            session.execute(update(UtteranceRow).filter_by(**place, position=position).values(**values))
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
