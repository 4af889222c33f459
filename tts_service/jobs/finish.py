"""Publishing a revision: its files as they are made, and in the end everything in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import update

from tts_service.callbacks.news import clip_ready
from tts_service.db.tables import ClipRevisionRow, ClipRow, UtteranceRow
from tts_service.jobs.files import FileState, again_at
from tts_service.jobs.lease import write
from tts_service.jobs.rendering import Rendering
from tts_service.narration.script import PlacedSegment
from tts_service.parts import Parts


def keep_files(parts: Parts, rendering: Rendering, files: list[FileState]) -> None:
    """One more format is settled: whoever takes over begins behind it. Raises LeaseLost."""
    with parts.database.writing() as session:
        write(session, rendering.lease, attempts=0)
        kept = [one.as_json() for one in files]
        session.execute(update(ClipRevisionRow).filter_by(**rendering.place).values(files=kept))


def publish(parts: Parts, rendering: Rendering, files: list[FileState], heard: Sequence[PlacedSegment]) -> None:
    """Revision ready, clip moved on to it (never back), job succeeded: all or nothing. Raises LeaseLost."""
    made = {one.format: one for one in files if one.rendition}
    wanted = [form for form in (*rendering.formats, "mp3") if form in made]
    first = made[wanted[0]]
    renditions = [asdict(rendition) for form in dict.fromkeys(wanted) if (rendition := made[form].rendition)]
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        write(session, rendering.lease, state="succeeded", finished_ms=now, lease_owner=None, lease_until_ms=None)
        notice_samples: int | None = None
        for one in heard:
            place = one.place
            if one.line is None:
                notice_samples = place.samples + place.pause
                continue
            known = (one.line.samples, one.line.start_sample, one.line.notice_samples)
            if known != (place.samples, place.start, notice_samples):  # a broken segment was spoken again, longer
                values = {"samples": place.samples, "start_sample": place.start, "words": one.words}
                mine = update(UtteranceRow).filter_by(**rendering.place, position=one.line.position)
                session.execute(mine.values(**values, notice_samples=notice_samples))
            notice_samples = None
        session.execute(
            update(ClipRevisionRow)
            .filter_by(**rendering.place)
            .values(
                state="ready",
                ready_ms=now,
                duration_ms=first.duration_ms,
                loudness_lufs=first.loudness_lufs,
                true_peak_dbtp=first.true_peak_dbtp,
                renditions=renditions,
                files=[one.as_json() for one in files],
                again_ms=again_at(files, now),
            )
        )
        newer = (ClipRow.current_revision.is_(None)) | (ClipRow.current_revision < rendering.revision)
        moved = session.execute(
            update(ClipRow)
            .where(ClipRow.id == rendering.clip_id, ClipRow.state != "withdrawn", newer)
            .values(current_revision=rendering.revision, state="ready")
        ).rowcount  # type: ignore[attr-defined]
        if moved:  # what comes too late to be heard is no news
            clip_ready(parts, session, rendering.lease.job_id)
