"""Releasing due jobs to the broker, and sweeping up what was left behind.

The broker holds at most 4 ids per slot and queue; the rest waits in the database, where it can be ordered by priority
and by fair share of sites, cancelled, and counted.
"""

from __future__ import annotations

import logging

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from tts_service.db.tables import JobRow
from tts_service.errors import BrokerUnavailable
from tts_service.parts import Parts

IDS_PER_SLOT = 4
FORGOTTEN_MS = 60_000
"""A released id nobody claimed for so long was lost by the broker: it is released again."""
_LOST_ATTEMPTS = 5
"""A job whose worker vanished so often without one more sentence spoken is given up."""

log = logging.getLogger(__name__)


def dispatch(parts: Parts) -> int:
    """Release what is due, queue by queue. Returns how many ids were put on the broker; never raises for the broker:
    what it didn't take stays due and goes out with the next sweep."""
    released = 0
    for queue in ("breaking", "normal", "backfill"):
        for job_id in _take_due(parts, queue):
            try:
                parts.enqueue(job_id, queue)
                released += 1
            except BrokerUnavailable as error:
                log.warning("broker down, job %s stays in the database: %s", job_id, error)
                _put_back(parts, job_id)
                return released
    return released


def sweep(parts: Parts) -> int:
    """Jobs whose worker fell silent go back to the queue; then dispatch. Returns how many were found."""
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        silent = (JobRow.state == "running", JobRow.lease_until_ms < now)
        given_up = session.execute(
            update(JobRow).where(*silent, JobRow.attempts >= _LOST_ATTEMPTS).values(
                state="failed", finished_ms=now, live_key=None, lease_owner=None, fence=JobRow.fence + 1,
                error={"code": "worker_lost", "title": "The worker vanished again and again",
                       "detail": f"The worker died {_LOST_ATTEMPTS} times without one more sentence spoken."},
            )
        ).rowcount  # type: ignore[attr-defined]  # fmt: skip
        found = session.execute(
            update(JobRow).where(*silent).values(
                state="queued", released_ms=None, lease_owner=None, due_ms=now, attempts=JobRow.attempts + 1
            )
        ).rowcount  # type: ignore[attr-defined]  # fmt: skip
    if found or given_up:
        log.warning("sweep: %d jobs of silent workers queued again, %d given up", found, given_up)
    dispatch(parts)
    return int(found)


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
            JobRow.state == "queued", JobRow.queue == queue, JobRow.due_ms <= now,
            or_(JobRow.released_ms.is_(None), JobRow.released_ms <= now - FORGOTTEN_MS),
        )
        .subquery()
    )  # fmt: skip
    return list(session.scalars(select(due.c.id).order_by(due.c.place, due.c.due_ms, due.c.id).limit(room)))


def _put_back(parts: Parts, job_id: str) -> None:
    with parts.database.writing() as session:
        session.execute(update(JobRow).where(JobRow.id == job_id, JobRow.state == "queued").values(released_ms=None))
