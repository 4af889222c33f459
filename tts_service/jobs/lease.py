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

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from tts_service.db.tables import JobRow
from tts_service.errors import DatabaseUnavailable, LeaseLost
from tts_service.parts import Parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The right to write for one job, until someone else claims it."""

    job_id: str
    fence: int


def claim(parts: Parts, job_id: str, owner: str) -> Lease | None:
    """Make this worker the job's owner; None: it is done, cancelled, not due, or another's."""
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        free = or_(JobRow.state == "queued", (JobRow.state == "running") & (JobRow.lease_until_ms < now))
        # A message delivered twice finds released_ms gone or the state changed, and leaves.
        changed = session.execute(
            update(JobRow).where(JobRow.id == job_id, free, JobRow.due_ms <= now).values(
                state="running", waiting=None, lease_owner=owner, fence=JobRow.fence + 1, released_ms=None,
                lease_until_ms=now + int(parts.settings.lease_s * 1000), slices=JobRow.slices + 1,
            )
        ).rowcount  # type: ignore[attr-defined]  # fmt: skip
        if changed != 1:
            return None
        row = session.scalars(select(JobRow).where(JobRow.id == job_id)).one()
        row.started_ms = row.started_ms or now
        return Lease(job_id=job_id, fence=row.fence)


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


def release(parts: Parts, lease: Lease, *, wait_ms: int = 0, waiting: str | None = None, failed: bool = False) -> None:
    """Put the job back in the queue: after a slice, or to wait for better times."""
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        values: dict[str, Any] = {"state": "queued", "due_ms": now + wait_ms, "waiting": waiting, "lease_owner": None}
        if failed:
            values["attempts"] = JobRow.attempts + 1
        write(session, lease, released_ms=None, lease_until_ms=None, **values)
