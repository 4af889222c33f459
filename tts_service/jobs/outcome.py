"""What happens to a job whose turn ended in an error: failed for good, or queued again for later."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tts_service.callbacks.news import clip_failed
from tts_service.db.tables import ClipRevisionRow, ClipRow, JobRow
from tts_service.errors import (
    DatabaseUnavailable,
    DiskFull,
    LeaseLost,
    RevisionOvertaken,
    ServiceError,
    SpeechServerUnavailable,
    StoreUnavailable,
    VoiceBudgetSpent,
)
from tts_service.jobs.lease import Lease, release, write
from tts_service.jobs.locks import lock_clip_of
from tts_service.parts import Parts
from tts_service.queue.backoff import wait_after
from tts_service.telemetry.metrics import JOBS_ENDED, JOBS_FAILED

_STORE_WAIT_MS = 15_000
_SERVER_WAIT_MS = 60_000
_LONGEST_SERVER_WAIT_MS = 3_600_000
"""Whatever the server asks for: it may be back sooner, or staff may choose another voice."""
_BUDGET_WAIT_MS = 900_000
"""Staff may raise the budget, or choose another voice, before the month ends."""
_RETRY_MS = (2_000, 10_000, 30_000, 60_000, 120_000)
"""Waits before the next try; after the last the job fails."""


def settle_job(parts: Parts, lease: Lease, error: ServiceError) -> None:
    """Fail the job, supersede it, or put it back, as the error says. A lost lease changes nothing."""
    if isinstance(error, LeaseLost):
        return
    try:
        if isinstance(error, (DiskFull, StoreUnavailable)):  # no fault of the job, however long it takes
            release(parts, lease, wait_ms=_STORE_WAIT_MS, waiting=error.code)
            return
        if isinstance(error, VoiceBudgetSpent):
            release(parts, lease, wait_ms=_BUDGET_WAIT_MS, waiting=error.code)
            return
        if isinstance(error, SpeechServerUnavailable):
            asked_ms = 1000 * int(error.details.get("retry_after_s") or 0)
            away_ms = min(max(_SERVER_WAIT_MS, asked_ms), _LONGEST_SERVER_WAIT_MS)
            release(parts, lease, wait_ms=away_ms, waiting=error.code)
            return
        if isinstance(error, RevisionOvertaken):
            _supersede(parts, lease)
            return
        attempts = _attempts(parts, lease)
        wait_ms = None if error.permanent else wait_after(attempts + 1, _RETRY_MS)
        if wait_ms is None:
            _fail(parts, lease, error)
        else:
            # A database that takes this is back, and the job isn't to blame: once, it stays before the backlog.
            back = isinstance(error, DatabaseUnavailable) and attempts == 0
            release(parts, lease, wait_ms=wait_ms, waiting=error.code, failed=True, keeps_place=back)
    except LeaseLost:
        return


def fail_clip(parts: Parts, session: Session, job_id: str) -> None:
    """What a job leaves that just failed for good: its revision failed, its clip too unless there is something to be
    heard or a newer job is at it; whoever asked is told."""
    job = session.scalars(select(JobRow).where(JobRow.id == job_id)).one()
    session.execute(
        update(ClipRevisionRow).filter_by(clip_id=job.clip_id, revision=job.revision).values(state="failed")
    )
    session.execute(
        update(ClipRow)
        .where(
            ClipRow.id == job.clip_id,
            ClipRow.current_revision.is_(None),
            ClipRow.state == "rendering",
            ClipRow.last_revision == job.revision,
        )
        .values(state="failed")
    )
    clip_failed(parts, session, job_id)


def _attempts(parts: Parts, lease: Lease) -> int:
    with parts.database.reading() as session:
        attempts = session.scalar(select(JobRow.attempts).where(JobRow.id == lease.job_id))
    if attempts is None:
        raise LeaseLost("The article of this job was erased.")
    return attempts


def _fail(parts: Parts, lease: Lease, error: ServiceError) -> None:
    problem = {"code": error.code, "title": error.title, "detail": error.message, **error.details}
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        lock_clip_of(session, lease.job_id)
        write(session, lease, state="failed", finished_ms=now, error=problem, live_key=None, lease_owner=None)
        fail_clip(parts, session, lease.job_id)
    JOBS_ENDED.labels("failed").inc()
    JOBS_FAILED.labels(error.code).inc()


def _supersede(parts: Parts, lease: Lease) -> None:
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        write(session, lease, state="superseded", finished_ms=now, live_key=None, lease_owner=None, lease_until_ms=None)
    JOBS_ENDED.labels("superseded").inc()
