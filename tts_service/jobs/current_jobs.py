"""Jobs as operators look at them: those that are being made, those that were put back, and articles that failed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, select, union_all
from sqlalchemy.orm import Session

from tts_service.access.sites import Sites, within
from tts_service.db.counting import MOST_COUNTED
from tts_service.db.tables import ArticleRow, ClipRow, JobRow
from tts_service.db.tables.jobs import FAILED, QUEUED, RUNNING
from tts_service.jobs.lease import left_behind
from tts_service.queue.names import JOBS

MOST_LISTED = 50
_PUT_BACK_MS = 180_000
"""What waits for better times is due again within two minutes (jobs.outcome)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedJob:
    """A job with its article."""

    id: str
    site: str
    article_id: str
    external_id: str
    """The article's id in its CMS."""
    title: str
    """The article's, or else its id in its CMS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningJob(ListedJob):
    """A job in the hands of a worker."""

    queue: str
    stage: str
    """prepare, speak, finish."""
    done: int
    total: int | None
    """Number of sentences; None until the text is prepared."""
    started_ms: int | None
    owner: str
    """The worker's process, as in ProcessRow.owner."""
    left_behind: bool
    """Its worker is gone; another one takes it over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedJob(ListedJob):
    """A job that failed, and whose article nobody has tried again."""

    failed_ms: int
    error: dict[str, Any]
    """Code, title, detail."""


def running_jobs(session: Session, now_ms: int, sites: Sites) -> list[RunningJob]:
    """Those that were begun first, at most MOST_LISTED. One statement."""
    columns = (JobRow.queue, JobRow.done, JobRow.total, JobRow.started_ms, JobRow.lease_owner, JobRow.lease_until_ms)
    query = _listed(*columns).where(JobRow.state == RUNNING, within(sites, JobRow.site)).order_by(JobRow.started_ms)
    return [
        RunningJob(
            **_listed_values(row),
            queue=row.queue,
            stage="prepare" if row.total is None else "speak" if row.done < row.total else "finish",
            done=row.done,
            total=row.total,
            started_ms=row.started_ms,
            owner=row.lease_owner or "",
            left_behind=left_behind(row.lease_owner, row.lease_until_ms, now_ms),
        )
        for row in session.execute(query.limit(MOST_LISTED))
    ]


def failed_jobs(session: Session, since_ms: int, sites: Sites) -> list[FailedJob]:
    """Jobs that failed since then, the newest of their clips, latest first, at most MOST_LISTED. One statement, which
    reads failures since then only, by an index, until it has so many."""
    newest = and_(ClipRow.id == JobRow.clip_id, ClipRow.last_revision == JobRow.revision)
    query = (
        _listed(JobRow.finished_ms, JobRow.error)
        .join(ClipRow, newest)
        .where(JobRow.state == FAILED, JobRow.finished_ms >= since_ms, within(sites, JobRow.site))
        .where(ArticleRow.withdrawn_ms.is_(None))
        .order_by(JobRow.finished_ms.desc())
    )
    rows = session.execute(query.limit(MOST_LISTED))
    return [FailedJob(**_listed_values(row), failed_ms=row.finished_ms, error=row.error or {}) for row in rows]


def put_back(session: Session, now_ms: int, sites: Sites) -> dict[str, int]:
    """How many jobs wait for better times, by the reason (JobRow.waiting). One statement; it looks at MOST_COUNTED + 1
    of them."""
    soon = JobRow.due_ms.between(now_ms, now_ms + _PUT_BACK_MS)
    these = (JobRow.state == QUEUED, soon, JobRow.waiting.is_not(None), within(sites, JobRow.site))
    by_queue = (select(JobRow.waiting).where(JobRow.queue == queue, *these) for queue in JOBS)
    waiting = union_all(*by_queue).limit(MOST_COUNTED + 1).subquery()
    query = select(waiting.c.waiting, func.count()).group_by(waiting.c.waiting)
    return {reason: count for reason, count in session.execute(query) if reason is not None}


def _listed(*columns: Any) -> Select[*tuple[Any, ...]]:
    named = func.coalesce(func.nullif(ArticleRow.title, ""), ArticleRow.external_id).label("title")
    query = select(JobRow.id, JobRow.site, JobRow.article_id, ArticleRow.external_id, named, *columns).select_from(
        JobRow
    )
    return query.join(ArticleRow, ArticleRow.id == JobRow.article_id)


def _listed_values(row: Any) -> dict[str, str]:
    names = ("id", "site", "article_id", "external_id", "title")
    return {name: getattr(row, name) for name in names}
