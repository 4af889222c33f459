"""What a CMS may do to a job or an article after sending it: cancel, withdraw."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tts_service.callbacks.news import clip_withdrawn
from tts_service.db.session import new_id
from tts_service.db.tables import ArticleRow, ClipRevisionRow, ClipRow, JobRow
from tts_service.errors import Conflict, NotFound
from tts_service.jobs.order import follow
from tts_service.parts import Parts


def cancel(parts: Parts, job_id: str) -> None:
    """Stop a job; a worker that has it finds out at its next write. Raises NotFound, Conflict (already ended)."""
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        job = session.scalars(select(JobRow).where(JobRow.id == job_id)).one_or_none()
        if job is None:
            raise NotFound(f"There is no job {job_id}.")
        changed = session.execute(
            update(JobRow).where(JobRow.id == job_id, JobRow.state.in_(("queued", "running"))).values(
                state="cancelled", finished_ms=now, live_key=None, waiting=None, lease_owner=None)
        ).rowcount  # type: ignore[attr-defined]  # fmt: skip
        if changed != 1:
            raise Conflict(f"Job {job_id} has ended already: {job.state}.")
        session.execute(
            update(ClipRevisionRow).filter_by(clip_id=job.clip_id, revision=job.revision).values(state="failed")
        )
        session.execute(
            update(ClipRow).where(ClipRow.id == job.clip_id, ClipRow.current_revision.is_(None),
                                  ClipRow.last_revision == job.revision).values(state="failed")
        )  # fmt: skip


def withdraw(parts: Parts, site: str, external_id: str) -> None:
    """Take an article's clip offline at once. Raises NotFound."""
    with parts.database.writing() as session:
        wanted = (ArticleRow.site == site, ArticleRow.external_id == external_id)
        article = session.scalars(select(ArticleRow).where(*wanted)).one_or_none()
        if article is None:
            raise NotFound(f"Site {site} has no article {external_id} here.")
        take_offline(parts, session, article)


def withdraw_as_of(
    parts: Parts, site: str, external_id: str, as_of_ms: int | None, *, visibility: str | None = None
) -> bool:
    """Take it offline as of the CMS's own time; None: it doesn't say. `visibility`: who may read it, when that is why.

    An article that never came is noted too: an older event that arrives later must not publish it. Returns whether
    there was anything to take offline. Raises Outdated when a newer state is known.
    """
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        wanted = (ArticleRow.site == site, ArticleRow.external_id == external_id)
        article = session.scalars(select(ArticleRow).where(*wanted).with_for_update()).one_or_none()
        known = article is not None and article.withdrawn_ms is None
        if article is None:
            article = ArticleRow(id=new_id("art"), site=site, external_id=external_id, created_ms=now)
            session.add(article)
            session.flush()
        follow(article, as_of_ms)
        article.visibility = visibility or article.visibility
        take_offline(parts, session, article, by="cms")
        return known


def take_offline(parts: Parts, session: Session, article: ArticleRow, *, by: str | None = None) -> None:
    """Withdraw the article's clip and stop its jobs, in the caller's transaction. `by`: see ArticleRow.withdrawn_by."""
    now = parts.database.now_ms(session)
    article.withdrawn_ms, article.withdrawn_by = now, by
    mine = JobRow.article_id == article.id
    session.execute(update(JobRow).where(mine).values(live_key=None))
    session.execute(
        update(JobRow).where(mine, JobRow.state.in_(("queued", "running")))
        .values(state="cancelled", finished_ms=now, waiting=None, lease_owner=None)
    )  # fmt: skip
    clip = session.scalars(select(ClipRow).where(ClipRow.article_id == article.id).with_for_update()).one_or_none()
    if clip is not None and clip.state != "withdrawn":
        clip.state = "withdrawn"
        clip_withdrawn(parts, session, article, clip)
