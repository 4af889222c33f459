"""Rings for workers while jobs are due, and requeues the jobs that dead workers left behind."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from sqlalchemy import update

from tts_service.db.tables import JobRow
from tts_service.jobs.lease import LOST_ATTEMPTS, LeftBehind, jobs_left_behind
from tts_service.jobs.locks import lock_clip_of
from tts_service.jobs.outcome import fail_clip
from tts_service.jobs.turns import JOB_QUEUES
from tts_service.parts import Parts
from tts_service.queue.names import JOBS
from tts_service.queue.rings import ring_due
from tts_service.telemetry.metrics import JOBS_ENDED, JOBS_FAILED
from tts_service.telemetry.subject import working_on

log = logging.getLogger(__name__)


def dispatch(parts: Parts, queues: Iterable[str] = JOBS, now_ms: int | None = None) -> int:
    """Ring for due jobs (queue.rings). Returns how many rings were added."""
    return ring_due(parts, [JOB_QUEUES[name] for name in queues], now_ms)


def sweep(parts: Parts) -> int:
    """Jobs whose worker is gone go back to the queue, or end after too many; then dispatch. Returns how many."""
    with parts.database.reading() as session:
        now = parts.database.now_ms(session)
        found = jobs_left_behind(session, now)
    for left in found:
        _requeue(parts, left)
    dispatch(parts)
    return len(found)


def _requeue(parts: Parts, left: LeftBehind) -> None:
    given_up = left.attempts >= LOST_ATTEMPTS
    again: dict[str, Any] = {"state": "queued", "attempts": JobRow.attempts + 1}
    if given_up:
        detail = f"The worker died {LOST_ATTEMPTS} times without speaking another sentence."
        error = {"code": "worker_lost", "title": "The worker died repeatedly", "detail": detail}
        again = {"state": "failed", "error": error, "live_key": None}
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        if given_up:
            lock_clip_of(session, left.job_id)
            again["finished_ms"] = now
        # Its turn isn't over, and its listeners have waited longest: also than those of jobs that were due during its
        # earlier turns.
        again |= {"lease_owner": None, "lease_until_ms": None, "due_ms": JobRow.created_ms}
        same = (JobRow.id == left.job_id, JobRow.state == "running", JobRow.fence == left.fence)
        # The fence grows here too: the silent worker, should it wake up, finds itself shut out at once.
        changed = session.execute(update(JobRow).where(*same).values(fence=JobRow.fence + 1, **again))
        if given_up and changed.rowcount:  # type: ignore[attr-defined]
            fail_clip(parts, session, left.job_id)
    if given_up and changed.rowcount:  # type: ignore[attr-defined]
        JOBS_ENDED.labels("failed").inc()
        JOBS_FAILED.labels("worker_lost").inc()
    with working_on(job=left.job_id):
        log.warning("job %s was left behind by its worker: %s", left.job_id, "given up" if given_up else "queued again")
