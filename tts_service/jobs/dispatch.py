"""Releases due jobs to the broker, and sweeps up what was left behind.

The broker holds at most 4 ids per slot and queue; the rest waits in the database, where it can be ordered by priority
and by fair share of sites, cancelled, and counted.
"""

from __future__ import annotations

import logging
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from tts_service.db.tables import JobRow
from tts_service.jobs.lease import LOST_ATTEMPTS, left_behind
from tts_service.jobs.outcome import fail_clip
from tts_service.jobs.ring import ring_each
from tts_service.parts import Parts

IDS_PER_SLOT = 4
FORGOTTEN_MS = 60_000
"""A released id nobody claimed for so long was lost by the broker: it is released again."""

log = logging.getLogger(__name__)


def dispatch(parts: Parts) -> int:
    """Release what is due, queue by queue. Returns how many ids were put on the broker; never raises for the broker:
    what it didn't take stays due and goes out with the next sweep."""
    released = 0
    for queue in ("breaking", "normal", "backfill"):
        ids = _take_due(parts, queue)
        rung = ring_each(parts, ids, queue, "{} jobs stay in the database")
        released += rung
        if rung < len(ids):
            _put_back(parts, ids[rung:])
            break
    return released


def sweep(parts: Parts) -> int:
    """Jobs whose worker is gone go back to the queue, or end after too many; then dispatch. Returns how many."""
    with parts.database.reading() as session:
        now = parts.database.now_ms(session)
        running = session.scalars(select(JobRow).where(JobRow.state == "running")).all()
        found = [(row.id, row.fence, row.attempts) for row in running if left_behind(row, now)]
    for job_id, fence, attempts in found:
        _requeue(parts, job_id, fence, given_up=attempts >= LOST_ATTEMPTS)
    dispatch(parts)
    return len(found)


def _requeue(parts: Parts, job_id: str, fence: int, *, given_up: bool) -> None:
    again: dict[str, Any] = {"state": "queued", "released_ms": None, "attempts": JobRow.attempts + 1}
    if given_up:
        detail = f"The worker died {LOST_ATTEMPTS} times without speaking another sentence."
        error = {"code": "worker_lost", "title": "The worker died repeatedly", "detail": detail}
        again = {"state": "failed", "error": error, "live_key": None}
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        again |= {"finished_ms" if given_up else "due_ms": now, "lease_owner": None, "lease_until_ms": None}
        same = (JobRow.id == job_id, JobRow.state == "running", JobRow.fence == fence)
        # The fence grows here too: the silent worker, should it wake up, finds itself shut out at once.
        changed = session.execute(update(JobRow).where(*same).values(fence=JobRow.fence + 1, **again))
        if given_up and changed.rowcount:  # type: ignore[attr-defined]
            fail_clip(parts, session, job_id)
    log.warning("job %s was left behind by its worker: %s", job_id, "given up" if given_up else "queued again")


def _take_due(parts: Parts, queue: str) -> list[str]:
    with parts.database.reading() as session:  # the common case is an empty queue: no write lock for it
        if session.scalar(select(JobRow.id).where(JobRow.state == "queued", JobRow.queue == queue).limit(1)) is None:
            return []
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        waiting = (JobRow.state == "queued", JobRow.queue == queue)
        outside = session.scalar(
            select(func.count()).select_from(JobRow).where(*waiting, JobRow.released_ms > now - FORGOTTEN_MS)
        )
        slots = parts.settings.worker_slots + parts.settings.breaking_slots
        room = IDS_PER_SLOT * slots - int(outside or 0)
        if room <= 0:
            return []
        ids = _fair_order(session, queue, now, room)
        session.execute(update(JobRow).where(JobRow.id.in_(ids)).values(released_ms=now))
        return ids


def _fair_order(session: Session, queue: str, now: int, room: int) -> list[str]:
    """The next due ids: every site's oldest first, then every site's second, …"""
    place = func.row_number().over(partition_by=JobRow.site, order_by=(JobRow.due_ms, JobRow.id)).label("place")
    due = (
        select(JobRow.id, JobRow.due_ms, place)
        .where(
            JobRow.state == "queued",
            JobRow.queue == queue,
            JobRow.due_ms <= now,
            or_(JobRow.released_ms.is_(None), JobRow.released_ms <= now - FORGOTTEN_MS),
        )
        .subquery()
    )
    return list(session.scalars(select(due.c.id).order_by(due.c.place, due.c.due_ms, due.c.id).limit(room)))


def _put_back(parts: Parts, ids: list[str]) -> None:
    with parts.database.writing() as session:
        session.execute(update(JobRow).where(JobRow.id.in_(ids), JobRow.state == "queued").values(released_ms=None))
