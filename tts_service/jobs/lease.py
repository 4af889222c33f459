"""Claiming a job, keeping it, giving it back: lease for time, fence for writes.

The fence is Kleppmann's fencing token ("How to do distributed locking", 2016): it grows with each claim, and every
write of a worker carries the one it was given, so that a worker that slept through its lease writes nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tts_service.db.tables import JobRow
from tts_service.db.tables.jobs import RUNNING
from tts_service.errors import DatabaseUnavailable, LeaseLost
from tts_service.jobs.owner import is_dead
from tts_service.parts import Parts

LOST_ATTEMPTS = 5
"""A job whose worker vanished so often without one more sentence spoken is given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The right to write for one job, until someone else claims it."""

    job_id: str
    fence: int
    correction_id: str | None = None
    """The correction that asked for the job."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftBehind:
    """A job whose worker is gone, as it was seen."""

    job_id: str
    fence: int
    attempts: int


def claim(parts: Parts, job_id: str, owner: str) -> Lease | None:
    """Make this worker the job's owner; None: it is done, cancelled, not due, or another's."""
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        row = session.scalars(select(JobRow).where(JobRow.id == job_id).with_for_update()).one_or_none()
        if row is None or row.state not in ("queued", "running"):
            return None
        if row.state == "running" and not left_behind(row.lease_owner, row.lease_until_ms, now):
            return None  # a message delivered twice
        if row.due_ms > now or (row.state == "running" and row.attempts >= LOST_ATTEMPTS):
            return None  # its time comes later, or the sweeper ends it
        return own(parts, row, owner, now)


def own(parts: Parts, row: JobRow, owner: str, now: int) -> Lease:
    """Give a locked job to a worker, in the caller's transaction."""
    row.attempts += row.state == "running"
    row.state, row.waiting = "running", None
    row.lease_owner, row.lease_until_ms = owner, now + int(parts.settings.lease_s * 1000)
    row.fence += 1
    row.slices += 1
    row.started_ms = row.started_ms or now
    return Lease(job_id=row.id, fence=row.fence, correction_id=row.correction_id)


def left_behind(owner: str | None, until_ms: int | None, now_ms: int) -> bool:
    """Whether a running job's worker is gone: its lease ran out, or its process is seen to be dead."""
    return (until_ms or 0) < now_ms or is_dead(owner)


def jobs_left_behind(session: Session, now_ms: int, queue: str | None = None) -> list[LeftBehind]:
    """Running jobs whose worker is gone; `queue` None: of every queue. As many rows are read as jobs are running."""
    query = select(JobRow.id, JobRow.fence, JobRow.attempts, JobRow.lease_owner, JobRow.lease_until_ms)
    query = query.where(JobRow.state == RUNNING)
    running = session.execute(query if queue is None else query.where(JobRow.queue == queue)).all()
    return [
        LeftBehind(job_id=row.id, fence=row.fence, attempts=row.attempts)
        for row in running
        if left_behind(row.lease_owner, row.lease_until_ms, now_ms)
    ]


@contextmanager
def kept(parts: Parts, lease: Lease) -> Iterator[threading.Event]:
    """Renew the lease every third of its time while the block runs. Yields an event set when the lease is lost."""
    stop, lost = threading.Event(), threading.Event()

    def renew() -> None:
        while not stop.wait(parts.settings.lease_s / 3):
            try:
                with parts.database.writing() as session:
                    until = parts.database.now_ms(session) + int(parts.settings.lease_s * 1000)
                    write(session, lease, lease_until_ms=until)
            except LeaseLost:
                lost.set()
                return
            except DatabaseUnavailable:
                continue  # the next third tries again; a lease that runs out meanwhile is found by the fence

    thread = threading.Thread(target=renew, name="lease", daemon=True)
    thread.start()
    try:
        yield lost
    finally:
        stop.set()
        thread.join()


def write(session: Session, lease: Lease, **values: Any) -> None:
    """Change the job's row if this lease still owns it. Raises LeaseLost and so undoes the whole transaction."""
    changed = session.execute(
        update(JobRow)
        .where(JobRow.id == lease.job_id, JobRow.state == "running", JobRow.fence == lease.fence)
        .values(**values)
    ).rowcount  # type: ignore[attr-defined]
    if changed != 1:
        raise LeaseLost("Another worker owns this job now, or it was cancelled.")


def release(
    parts: Parts,
    lease: Lease,
    *,
    wait_ms: int = 0,
    waiting: str | None = None,
    failed: bool = False,
    keeps_place: bool = False,
) -> None:
    """Put the job back in the queue: after a slice, or to wait for better times. `keeps_place`: before the jobs that
    came later, as its turn wasn't over."""
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        values: dict[str, Any] = {"state": "queued", "waiting": waiting, "lease_owner": None}
        values["due_ms"] = JobRow.created_ms if keeps_place else now + wait_ms
        if failed:
            values["attempts"] = JobRow.attempts + 1
        write(session, lease, lease_until_ms=None, **values)
