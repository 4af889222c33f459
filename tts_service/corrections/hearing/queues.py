"""The queues of revisions that are to be heard: those that listeners wait for, and the others, for idle time."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.db.tables import HearingRow, JobRow
from tts_service.db.tables.jobs import QUEUED
from tts_service.parts import Parts
from tts_service.queue.rings import ring_due
from tts_service.queue.turns import WorkQueue

_LEASE_MS = 600_000
"""More than the slowest turn: one sentence behind the end of its time."""


def _give_up(row: HearingRow, _now_ms: int) -> None:
    row.due_ms = None


HEAR_FIRST = WorkQueue(
    name="hearing",
    row=HearingRow,
    waiting=HearingRow.urgent.is_(True) & HearingRow.due_ms.is_not(None),
    due_ms=HearingRow.due_ms,
    party=HearingRow.site,
    slots=lambda settings: settings.worker_slots,
    lease_ms=_LEASE_MS,
    give_up=_give_up,
)
"""Before publishing."""
HEAR_IDLE = WorkQueue(
    name="hearing-idle",
    row=HearingRow,
    waiting=HearingRow.urgent.is_(False) & HearingRow.due_ms.is_not(None),
    due_ms=HearingRow.due_ms,
    party=HearingRow.site,
    at_once=1,
    slots=lambda _settings: 1,
    lease_ms=_LEASE_MS,
    give_up=_give_up,
)
"""In idle time, one at a time in the whole service."""


def ring_when_idle(parts: Parts) -> int:
    """Ring for what is heard in idle time, unless a job waits for a worker. Called by beat. Returns the rings."""
    with parts.database.reading() as session:
        if jobs_wait(session, parts.database.now_ms(session)):
            return 0
    return ring_due(parts, [HEAR_IDLE])


def jobs_wait(session: Session, now_ms: int) -> bool:
    """Whether a job is due that no worker has begun."""
    waiting = select(JobRow.id).where(JobRow.state == QUEUED, JobRow.due_ms <= now_ms).limit(1)
    return session.scalar(waiting) is not None
