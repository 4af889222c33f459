"""The job queue in figures, for operators. Nothing here reads more rows than wait or run, except `jobs_by_state`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tts_service.db.tables import JobRow, QueueTurnRow
from tts_service.db.tables.jobs import QUEUED, RUNNING
from tts_service.queue.names import JOBS

STATES = ("queued", "running", "succeeded", "failed", "cancelled", "superseded")


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFigures:
    """One queue."""

    queue: str
    oldest_due_ms: int | None
    """Due time of the job that has been due longest; None: nothing is due."""
    running: int
    taken_ms: int | None
    """When a worker last took a job; None: never."""


def queue_figures(session: Session, now_ms: int) -> list[QueueFigures]:
    """The queues in the order in which they are served. Three statements, each answered by an index."""
    oldest: dict[str, int] = dict(
        session.execute(
            # One probe of ix_jobs_due per queue, however many jobs wait.
            _union(
                [
                    select(JobRow.queue, JobRow.due_ms)
                    .where(JobRow.state == QUEUED, JobRow.queue == queue, JobRow.due_ms <= now_ms)
                    .order_by(JobRow.due_ms)
                    .limit(1)
                    for queue in JOBS
                ]
            )
        ).all()
    )
    running = select(JobRow.queue, func.count()).where(JobRow.state == RUNNING).group_by(JobRow.queue)
    runs: dict[str, int] = dict(session.execute(running).all())
    turns = select(QueueTurnRow.queue, func.max(QueueTurnRow.taken_ms)).group_by(QueueTurnRow.queue)
    taken: dict[str, int] = dict(session.execute(turns).all())
    return [
        QueueFigures(
            queue=queue, oldest_due_ms=oldest.get(queue), running=runs.get(queue, 0), taken_ms=taken.get(queue)
        )
        for queue in JOBS
    ]


def jobs_by_state(session: Session) -> dict[str, int]:
    """All jobs there are. Reads an index entry per job: 1,000,000 jobs take a fraction of a second."""
    counted: dict[str, int] = dict(session.execute(select(JobRow.state, func.count()).group_by(JobRow.state)).all())
    return {state: counted.get(state, 0) for state in STATES}


def _union(queries: list[Any]) -> Any:
    """SQLite takes no LIMIT inside a union without a subquery around it."""
    first, *others = [select(query.subquery()) for query in queries]
    return first.union_all(*others)
