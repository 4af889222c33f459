"""Claims the next due job of a queue, its sites in turn.

A site that has just had a turn comes after every other site with due jobs: one that sends ten thousand articles delays
another's single article by one turn. Within a site the job that has been due longest comes first.

Bounded by the number of sites with waiting jobs, not by the number of jobs: the sites are found by skipping through an
index ("loose index scan"), and each one's next job is the first of its stretch of the same index.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import CTE, ColumnElement, and_, exists, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tts_service.db.tables import JobRow, QueueTurnRow
from tts_service.db.tables.jobs import QUEUED
from tts_service.jobs.lease import LOST_ATTEMPTS, Lease, jobs_left_behind, own
from tts_service.parts import Parts
from tts_service.telemetry.metrics import QUEUE_WAIT_S

_SITES = 20
"""Sites tried in one claim: other workers may be at the only due job of each at the same moment."""


def claim_next(parts: Parts, queue: str, owner: str) -> Lease | None:
    """Make this worker the owner of the queue's next job; None: nothing is due, or other workers have it."""
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        job = _abandoned(session, queue, now) or _next_due(session, queue, now)
        if job is None:
            return None
        _note_turn(session, job, now, on_sqlite=parts.database.is_sqlite)
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


def _next_due(session: Session, queue: str, now: int) -> JobRow | None:
    due = (*_waiting(queue), JobRow.due_ms <= now)
    for site in session.scalars(_sites_in_turn(queue, due)).all():
        oldest = select(JobRow).where(*due, JobRow.site == site).order_by(JobRow.due_ms, JobRow.id).limit(1)
        job = session.scalars(oldest.with_for_update(skip_locked=True)).one_or_none()
        if job is not None:
            return job
    return None


def _sites_in_turn(queue: str, due: tuple[ColumnElement[bool], ...]) -> Any:
    """Sites with due jobs, the one whose last turn is longest ago first."""
    sites = _sites(queue)
    turn = and_(QueueTurnRow.queue == queue, QueueTurnRow.site == sites.c.site)
    return (
        select(sites.c.site)
        .outerjoin(QueueTurnRow, turn)
        .where(sites.c.site.is_not(None), exists().where(*due, JobRow.site == sites.c.site))
        .order_by(func.coalesce(QueueTurnRow.taken_ms, 0), sites.c.site)
        .limit(_SITES)
    )


def _sites(queue: str) -> CTE:
    """Sites with waiting jobs, due or not: each found by one step in the index. The last row is NULL."""
    first = select(func.min(JobRow.site).label("site")).where(*_waiting(queue)).cte("sites", recursive=True)
    following = select(func.min(JobRow.site)).where(*_waiting(queue), JobRow.site > first.c.site)
    return first.union_all(select(following.correlate(first).scalar_subquery()).where(first.c.site.is_not(None)))


def _waiting(queue: str) -> tuple[ColumnElement[bool], ...]:
    return JobRow.state == QUEUED, JobRow.queue == queue


def _note_turn(session: Session, job: JobRow, now: int, *, on_sqlite: bool) -> None:
    make: Any = sqlite.insert if on_sqlite else postgresql.insert
    turn = make(QueueTurnRow).values(queue=job.queue, site=job.site, taken_ms=now)
    session.execute(turn.on_conflict_do_update(index_elements=["queue", "site"], set_={"taken_ms": now}))
