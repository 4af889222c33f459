"""The job queue in figures, for operators. Nothing here reads more rows than wait or run, except `jobs_by_state`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tts_service.db.tables import ArticleRow, JobRow, QueueTurnRow
from tts_service.db.tables.jobs import QUEUED, RUNNING
from tts_service.jobs.dispatch import QUEUES

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


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFigures:
    """A site's jobs that wait or run in one queue."""

    queue: str
    site: str
    state: str
    """queued, running."""
    jobs: int
    since_ms: int
    """Due time of the oldest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedJob:
    """A job that failed."""

    id: str
    site: str
    article_id: str
    title: str
    code: str
    detail: str
    finished_ms: int | None
    is_newest: bool
    """Whether its clip has no newer job, so that trying again makes sense."""


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
                    for queue in QUEUES
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
        for queue in QUEUES
    ]


def jobs_by_site(session: Session) -> list[SiteFigures]:
    """Waiting and running jobs by queue and site, in the order of the queues."""
    found = []
    for state, condition in (("running", RUNNING), ("queued", QUEUED)):
        rows = session.execute(
            select(JobRow.queue, JobRow.site, func.count(), func.min(JobRow.due_ms))
            .where(JobRow.state == condition)
            .group_by(JobRow.queue, JobRow.site)
        )
        found += [
            SiteFigures(queue=queue, site=site, state=state, jobs=jobs, since_ms=since)
            for queue, site, jobs, since in rows
        ]
    return sorted(found, key=lambda one: (QUEUES.index(one.queue), one.state == "queued", one.since_ms, one.site))


def jobs_by_state(session: Session) -> dict[str, int]:
    """All jobs there are. Reads an index entry per job: 1,000,000 jobs take a fraction of a second."""
    counted: dict[str, int] = dict(session.execute(select(JobRow.state, func.count()).group_by(JobRow.state)).all())
    return {state: counted.get(state, 0) for state in STATES}


def failed_jobs(session: Session, limit: int) -> list[FailedJob]:
    """Failed jobs, the newest first."""
    newer = select(JobRow.clip_id, func.max(JobRow.revision).label("revision")).group_by(JobRow.clip_id)
    newest = newer.where(JobRow.clip_id.in_(select(_last_failed(limit).c.clip_id))).subquery()
    rows = session.execute(
        select(JobRow, ArticleRow.title, ArticleRow.external_id, newest.c.revision)
        .where(JobRow.id.in_(select(_last_failed(limit).c.id)))
        .join(ArticleRow, ArticleRow.id == JobRow.article_id)
        .join(newest, newest.c.clip_id == JobRow.clip_id)
        .order_by(JobRow.id.desc())
    )
    return [
        FailedJob(
            id=job.id,
            site=job.site,
            article_id=job.article_id,
            title=title or external_id,
            code=str((job.error or {}).get("code", "")),
            detail=str((job.error or {}).get("detail", "")),
            finished_ms=job.finished_ms,
            is_newest=job.revision == revision,
        )
        for job, title, external_id, revision in rows
    ]


def _last_failed(limit: int) -> Any:
    return (
        select(JobRow.id, JobRow.clip_id)
        .where(JobRow.state == "failed")
        .order_by(JobRow.id.desc())  # ids sort by time
        .limit(limit)
        .subquery()
    )


def _union(queries: list[Any]) -> Any:
    """SQLite takes no LIMIT inside a union without a subquery around it."""
    first, *others = [select(query.subquery()) for query in queries]
    return first.union_all(*others)
