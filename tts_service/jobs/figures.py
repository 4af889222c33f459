"""The job queue in figures, for operators. Only `jobs_by_state` reads as many rows as there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, literal, select, union_all
from sqlalchemy.orm import Session

from tts_service.access.sites import Sites, within
from tts_service.db.counting import bounded_count
from tts_service.db.tables import JobRow, QueueTurnRow
from tts_service.db.tables.jobs import QUEUED, RUNNING
from tts_service.queue.names import JOBS

STATES = ("queued", "running", "succeeded", "failed", "cancelled", "superseded")


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFigures:
    """One queue."""

    queue: str
    waiting: int
    """Due, and not begun; by bounded_count."""
    oldest_due_ms: int | None
    """Due time of the job that has been due longest; None: nothing is due."""
    running: int
    taken_ms: int | None
    """When a worker last took a job; None: never."""


def queue_figures(session: Session, now_ms: int, sites: Sites = None) -> list[QueueFigures]:
    """The queues in the order in which they are served; `sites`: only their jobs. One statement, each part of which is
    answered by an index, however many jobs wait."""
    rows = session.execute(union_all(*(_figures_of(queue, now_ms, sites) for queue in JOBS))).all()
    by_queue = {row.queue: row for row in rows}
    return [QueueFigures(**by_queue[queue]._mapping) for queue in JOBS]


def _figures_of(queue: str, now_ms: int, sites: Sites) -> Select[*tuple[Any, ...]]:
    due = (JobRow.state == QUEUED, JobRow.queue == queue, JobRow.due_ms <= now_ms, within(sites, JobRow.site))
    running = (JobRow.state == RUNNING, JobRow.queue == queue, within(sites, JobRow.site))
    turns = (QueueTurnRow.queue == queue, within(sites, QueueTurnRow.party))
    return select(
        literal(queue).label("queue"),
        bounded_count(select(JobRow.id).where(*due)).label("waiting"),
        select(func.min(JobRow.due_ms)).where(*due).scalar_subquery().label("oldest_due_ms"),
        select(func.count()).select_from(JobRow).where(*running).scalar_subquery().label("running"),
        select(func.max(QueueTurnRow.taken_ms)).where(*turns).scalar_subquery().label("taken_ms"),
    )


def jobs_by_state(session: Session) -> dict[str, int]:
    """All jobs there are. Reads an index entry per job: 1,000,000 jobs take a fraction of a second."""
    counted: dict[str, int] = dict(session.execute(select(JobRow.state, func.count()).group_by(JobRow.state)).all())
    return {state: counted.get(state, 0) for state in STATES}
