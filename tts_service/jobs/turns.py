"""Claims a queue's next job: what a dead worker left behind, then the sites in turn."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.db.tables import JobRow
from tts_service.db.tables.jobs import QUEUED
from tts_service.jobs.lease import LOST_ATTEMPTS, Lease, jobs_left_behind, own
from tts_service.parts import Parts
from tts_service.queue.names import JOBS
from tts_service.queue.turns import WorkQueue, next_row, take_turn
from tts_service.telemetry.metrics import QUEUE_WAIT_S

JOB_QUEUES: dict[str, WorkQueue[JobRow]] = {
    name: WorkQueue(
        name=name,
        row=JobRow,
        waiting=(JobRow.state == QUEUED) & (JobRow.queue == name),
        due_ms=JobRow.due_ms,
        party=JobRow.site,
        slots=lambda settings: settings.worker_slots + settings.breaking_slots,
    )
    for name in JOBS
}


def claim_next(parts: Parts, queue: str, owner: str) -> Lease | None:
    """Make this worker the owner of the queue's next job; None: nothing is due, or other workers have it."""
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        job = _abandoned(session, queue, now)
        if job is not None:
            take_turn(session, queue, job.site, now)
        else:
            job = next_row(session, JOB_QUEUES[queue], now)
        if job is None:
            return None
        waited_ms = None if job.slices else now - job.due_ms
        lease = own(parts, job, owner, now)
    if waited_ms is not None:
        QUEUE_WAIT_S.labels(queue).observe(waited_ms / 1000)
    return lease


def _abandoned(session: Session, queue: str, now: int) -> JobRow | None:
    """A job whose worker is gone: its listeners have waited longest."""
    for left in jobs_left_behind(session, now, queue):
        mine = (JobRow.id == left.job_id, JobRow.state == "running", JobRow.fence == left.fence)
        job = session.scalars(select(JobRow).where(*mine).with_for_update(skip_locked=True)).one_or_none()
        if job is not None and job.attempts < LOST_ATTEMPTS:  # the sweeper ends the others
            return job
    return None
