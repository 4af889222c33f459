"""Makes formats that were left out of a clip later, beside the files already being heard."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

from sqlalchemy import select

from tts_service.audio.finish import finish_format
from tts_service.audio.kept import Turn, TurnOver
from tts_service.callbacks.news import clip_ready
from tts_service.db.tables import ClipRevisionRow, ClipRow, JobRow
from tts_service.db.tables.clips import READY
from tts_service.engines.base import Speaks
from tts_service.errors import ClipDefective, ServiceError
from tts_service.jobs.files import AGAIN_AFTER_MS, FileState, again_at, file_from, made_file, plan_digest
from tts_service.jobs.lease import Lease
from tts_service.jobs.marked import store_marked
from tts_service.jobs.rendering import Rendering, load, utterance_at
from tts_service.jobs.store_owner import require_own_store
from tts_service.jobs.stretches import StoredStretches
from tts_service.narration.script import order_for, timeline
from tts_service.narration.spool import segment_spool
from tts_service.newsroom.remote_budget import BudgetedEngine
from tts_service.parts import Parts
from tts_service.queue.claim import Claim, settle
from tts_service.queue.turns import WorkQueue


def _give_up(row: ClipRevisionRow, _now_ms: int) -> None:
    row.again_ms = None


FORMATS = WorkQueue(
    name="formats",
    row=ClipRevisionRow,
    waiting=ClipRevisionRow.state == READY,
    due_ms=ClipRevisionRow.again_ms,
    slots=lambda settings: settings.worker_slots,
    lease_ms=900_000,  # more than the hard limit of a task
    give_up=_give_up,
)


def make_left_out(parts: Parts, engine: Speaks, claimed: Claim[ClipRevisionRow]) -> tuple[str, ...]:
    """Try the left-out formats of a revision once more. Returns those that are heard now.

    Raises NotMarked, StoreUnavailable, EngineUnavailable: then they are due again after the shortest wait.
    """
    clip_id, revision = claimed.key
    with parts.database.reading() as session:
        job_id = session.scalars(select(JobRow.id).filter_by(clip_id=clip_id, revision=revision)).one_or_none()
    rendering = load(parts, Lease(job_id=job_id, fence=0)) if job_id else None
    if rendering is None:
        _end(parts, claimed, wait_ms=None)
        return ()
    kept = StoredStretches(parts, rendering, in_turn=False)
    turn = Turn(kept=kept, is_over=_clock(parts.settings.slice_s))
    spoken_by = BudgetedEngine(engine, parts.database, rendering.site)
    tried: list[FileState] = []
    try:
        require_own_store(parts)
        for one in (each for each in rendering.files if each.rendition is None):
            tried.append(_tried(parts, spoken_by, rendering, one, turn))
    except TurnOver:  # the next turn goes on with what this one began
        _keep(parts, rendering, tried, claimed, at_once=True)
    except ServiceError:
        _end(parts, claimed, wait_ms=AGAIN_AFTER_MS[0])
        raise
    else:
        _keep(parts, rendering, tried, claimed, at_once=False)
        kept.forget()
    return tuple(one.format for one in tried if one.rendition is not None)


def _clock(seconds: float) -> Callable[[], bool]:
    until = time.monotonic() + seconds
    return lambda: time.monotonic() >= until


def _end(parts: Parts, claimed: Claim[ClipRevisionRow], *, wait_ms: int | None) -> None:
    with parts.database.writing() as session:
        due = None if wait_ms is None else parts.database.now_ms(session) + wait_ms
        settle(session, claimed, again_ms=due)


def _tried(parts: Parts, engine: Speaks, rendering: Rendering, before: FileState, turn: Turn) -> FileState:
    said = partial(utterance_at, parts, rendering)
    with (
        segment_spool(rendering, said, parts.segments, engine) as segment_of,
        tempfile.TemporaryDirectory(prefix="tts-clip-") as folder,
    ):
        heard = timeline(rendering, segment_of)
        order = order_for(rendering, heard, parts.settings)
        if plan_digest(order.planned) != before.plan:  # its sentences aren't those of the other files any more
            return replace(before, tries=len(AGAIN_AFTER_MS) + 1)
        try:
            made = finish_format(order, lambda n: segment_of(heard[n].line).pcm, Path(folder), before.format, turn)
        except ClipDefective as error:
            return replace(before, reason=error.message, tries=before.tries + 1)
        return made_file(made, store_marked(parts, rendering, made.path, made.rendition), before.plan)


def _keep(
    parts: Parts, rendering: Rendering, tried: list[FileState], claimed: Claim[ClipRevisionRow], *, at_once: bool
) -> None:
    """Add what was made to the revision; its other files stay as they are. Publishers hear of a new file. `at_once`:
    the rest is due now."""
    new = {one.format: one for one in tried}
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        row = session.scalars(select(ClipRevisionRow).filter_by(**rendering.place).with_for_update()).one()
        files = [new.get(one["format"], file_from(one)) for one in row.files or ()]
        row.files = [one.as_json() for one in files]
        settle(session, claimed, again_ms=now if at_once else again_at(files, now))
        made = [asdict(one.rendition) for one in tried if one.rendition]
        row.renditions = [*(row.renditions or ()), *made]
        clip = session.get_one(ClipRow, rendering.clip_id)
        if made and (clip.state, clip.current_revision) == ("ready", rendering.revision):
            clip_ready(parts, session, rendering.lease.job_id)
