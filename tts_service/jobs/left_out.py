"""Makes formats that were left out of a clip later, beside the files already being heard."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

from sqlalchemy import select, update

from tts_service.audio.finish import finish_format
from tts_service.audio.kept import Turn, TurnOver
from tts_service.callbacks.news import clip_ready
from tts_service.db.tables import ClipRevisionRow, ClipRow, JobRow
from tts_service.engines.base import Speaks
from tts_service.errors import ClipDefective
from tts_service.jobs.files import AGAIN_AFTER_MS, FileState, again_at, file_from, made_file, plan_digest
from tts_service.jobs.lease import Lease
from tts_service.jobs.marked import store_marked
from tts_service.jobs.rendering import Rendering, load, utterance_at
from tts_service.jobs.ring import ring_each
from tts_service.jobs.stretches import StoredStretches
from tts_service.narration.script import order_for, segments_of, timeline
from tts_service.parts import Parts

QUEUE = "formats"
_MOST = 20
"""Revisions that are rung for at once."""


def ring_due(parts: Parts) -> int:
    """Ring for revisions whose left-out formats are due. Returns how many; the others are rung for at the next tick."""
    with parts.database.reading() as session:
        now = parts.database.now_ms(session)
        due = (ClipRevisionRow.again_ms <= now, ClipRevisionRow.state == "ready")
        query = select(ClipRevisionRow.clip_id, ClipRevisionRow.revision).where(*due).limit(_MOST)
        found = session.execute(query.order_by(ClipRevisionRow.again_ms)).all()
    names = [f"{clip_id}/{revision}" for clip_id, revision in found]
    return ring_each(parts, names, QUEUE, "{} left-out formats wait")


def make_left_out(parts: Parts, engine: Speaks, name: str) -> tuple[str, ...]:
    """Try the left-out formats of a revision ("clip id/number") once more. Returns those that are heard now.

    Raises NotMarked, StoreUnavailable, EngineUnavailable: then it is due again after the longest wait.
    """
    clip_id, _, number = name.partition("/")
    job_id = _take(parts, clip_id, int(number))
    rendering = load(parts, Lease(job_id=job_id, fence=0)) if job_id else None
    if rendering is None:
        return ()
    kept = StoredStretches(parts, rendering, in_turn=False)
    turn = Turn(kept=kept, is_over=_clock(parts.settings.slice_s))
    tried: list[FileState] = []
    for one in (each for each in rendering.files if each.rendition is None):
        try:
            tried.append(_tried(parts, engine, rendering, one, turn))
        except TurnOver:
            _keep(parts, rendering, tried)
            _due_at_once(parts, rendering)
            break
    else:
        _keep(parts, rendering, tried)
        kept.forget()
    return tuple(one.format for one in tried if one.rendition is not None)


def _take(parts: Parts, clip_id: str, revision: int) -> str | None:
    """The revision's job, if it is due and nobody else has it; it isn't due again for a while."""
    place = {"clip_id": clip_id, "revision": revision}
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        due = (ClipRevisionRow.again_ms <= now, ClipRevisionRow.state == "ready")
        later = now + AGAIN_AFTER_MS[-1]
        taken = session.execute(update(ClipRevisionRow).filter_by(**place).where(*due).values(again_ms=later))
        if taken.rowcount != 1:  # type: ignore[attr-defined]
            return None
        return session.scalars(select(JobRow.id).filter_by(**place)).one_or_none()


def _clock(seconds: float) -> Callable[[], bool]:
    until = time.monotonic() + seconds
    return lambda: time.monotonic() >= until


def _due_at_once(parts: Parts, rendering: Rendering) -> None:
    """The next turn goes on with what this one began."""
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        session.execute(update(ClipRevisionRow).filter_by(**rendering.place).values(again_ms=now))


def _tried(parts: Parts, engine: Speaks, rendering: Rendering, before: FileState, turn: Turn) -> FileState:
    segment_of = segments_of(rendering, lambda at: utterance_at(parts, rendering, at), parts.segments, engine)
    heard = timeline(rendering, segment_of)
    order = order_for(rendering, heard, parts.settings)
    if plan_digest(order.planned) != before.plan:
        return replace(before, tries=len(AGAIN_AFTER_MS) + 1)  # its sentences aren't those of the other files any more
    with tempfile.TemporaryDirectory(prefix="tts-clip-") as folder:
        try:
            made = finish_format(order, lambda n: segment_of(heard[n].line).pcm, Path(folder), before.format, turn)
        except ClipDefective as error:
            return replace(before, reason=error.message, tries=before.tries + 1)
        return made_file(made, store_marked(parts, rendering, made.path, made.rendition), before.plan)


def _keep(parts: Parts, rendering: Rendering, tried: list[FileState]) -> None:
    """Add what was made to the revision; its other files stay as they are. Publishers hear of a new file."""
    new = {one.format: one for one in tried}
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        row = session.scalars(select(ClipRevisionRow).filter_by(**rendering.place).with_for_update()).one()
        files = [new.get(one["format"], file_from(one)) for one in row.files or ()]
        row.files = [one.as_json() for one in files]
        row.again_ms = again_at(files, now)
        made = [asdict(one.rendition) for one in tried if one.rendition]
        row.renditions = [*(row.renditions or ()), *made]
        clip = session.get_one(ClipRow, rendering.clip_id)
        if made and (clip.state, clip.current_revision) == ("ready", rendering.revision):
            clip_ready(parts, session, rendering.lease.job_id)
