"""What a CMS may do after sending an article: cancel a job, withdraw the article."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tts_service.access.audit import SERVICE, Deed, note
from tts_service.callbacks.news import clip_withdrawn
from tts_service.db.session import new_id
from tts_service.db.tables import ArticleRow, ClipRevisionRow, ClipRow, JobRow, WithdrawnDocumentRow
from tts_service.errors import Conflict, NotFound, Outdated
from tts_service.jobs.doubts import check_found
from tts_service.jobs.joining import found_before
from tts_service.jobs.locks import lock_clip, lock_clip_of
from tts_service.jobs.order import Reach, follow
from tts_service.jobs.versions import (
    Version,
    language_known,
    name_version,
    require_document_open,
    same_language,
    versions_of,
)
from tts_service.parts import Parts


def cancel(parts: Parts, job_id: str, *, who: str = SERVICE) -> None:
    """Stop a job; a worker that has it finds out at its next write. Raises NotFound, Conflict (already ended)."""
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        job = session.scalars(select(JobRow).where(JobRow.id == job_id)).one_or_none()
        if job is None:
            raise NotFound(f"There is no job {job_id}.")
        lock_clip_of(session, job_id)
        changed = session.execute(
            update(JobRow)
            .where(JobRow.id == job_id, JobRow.state.in_(("queued", "running")))
            .values(state="cancelled", finished_ms=now, live_key=None, waiting=None, lease_owner=None)
        ).rowcount  # type: ignore[attr-defined]
        if changed != 1:
            raise Conflict(f"Job {job_id} has already ended: {job.state}.")
        session.execute(
            update(ClipRevisionRow).filter_by(clip_id=job.clip_id, revision=job.revision).values(state="failed")
        )
        session.execute(
            update(ClipRow)
            .where(ClipRow.id == job.clip_id, ClipRow.current_revision.is_(None), ClipRow.last_revision == job.revision)
            .values(state="failed")
        )
        note(parts.database, session, Deed(who=who, what="job.cancelled", subject=job_id, site=job.site))


def withdraw(parts: Parts, site: str, external_id: str, *, who: str = SERVICE) -> tuple[str, ...]:
    """Take an article's clip offline at once; by a document's id all its language versions. Returns their ids.

    Raises NotFound."""
    with parts.database.writing() as session:
        articles = versions_of(session, site, external_id)
        if not articles:
            raise NotFound(f"The site {site} has no article {external_id}.")
        for article in articles:
            take_offline(parts, session, article)
            deed = Deed(who=who, what="article.withdrawn", subject=article.external_id, site=site)
            note(parts.database, session, deed)
        return tuple(article.external_id for article in articles)


def withdraw_as_of(
    parts: Parts,
    site: str,
    external_id: str,
    as_of_ms: int | None,
    *,
    visibility: str | None = None,
    told_ms: int | None = None,
    version: Version | None = None,
    url: str | None = None,
) -> bool:
    """Take it offline as of the CMS's own time; None: it doesn't say. `visibility`: who may read it, when that is why.
    `url`: its address, by which catch-up may have found it.

    An article that never came is noted too: an older event that arrives later must not publish it. Returns whether
    there was anything to take offline. Raises Outdated when a newer state is known.
    """
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        require_document_open(session, site, version, as_of_ms, Reach.NOBODY, told_ms)
        wanted = (ArticleRow.site == site, ArticleRow.external_id == external_id)
        article = session.scalars(select(ArticleRow).where(*wanted).with_for_update(key_share=True)).one_or_none()
        article = article or found_before(session, site, url, external_id)
        known = article is not None and article.withdrawn_ms is None
        if article is None:
            check_found(session, site, now)
            article = ArticleRow(id=new_id("art"), site=site, external_id=external_id, created_ms=now)
            session.add(article)
            session.flush()
        follow(article, as_of_ms, Reach.NOBODY, told_ms)
        name_version(article, version)
        article.visibility = visibility or article.visibility
        take_offline(parts, session, article, by="cms")
        return known


def withdraw_document(
    parts: Parts,
    site: str,
    document_id: str,
    as_of_ms: int,
    *,
    told_ms: int | None = None,
    kept: Collection[str] = (),
    url: str | None = None,
) -> tuple[str, ...]:
    """Take all language versions of a document offline, except those in the locales `kept`. Returns the ids of those
    that were heard until now. A version whose newer state is known stays as it is; another one that comes later isn't
    published unless its state is newer than this."""
    with parts.database.writing() as session:
        _note_withdrawn_document(session, site, document_id, as_of_ms, told_ms, kept)
        gone = []
        versions = versions_of(session, site, document_id)
        if not versions and not kept:
            found = found_before(session, site, url, document_id)
            versions = [found] if found is not None else []
        if not versions:
            check_found(session, site, parts.database.now_ms(session))
        for article in versions:
            if kept and _stays(session, article, kept):
                continue
            try:
                follow(article, as_of_ms, Reach.NOBODY, told_ms)
            except Outdated:
                continue
            if article.withdrawn_ms is None:
                gone.append(article.external_id)
            take_offline(parts, session, article, by="cms")
        return tuple(gone)


def _stays(session: Session, article: ArticleRow, kept: Collection[str]) -> bool:
    language = language_known(session, article)
    return language is None or any(same_language(language, locale) for locale in kept)


def _note_withdrawn_document(
    session: Session, site: str, document_id: str, as_of_ms: int, told_ms: int | None, kept: Collection[str]
) -> None:
    row = session.get(WithdrawnDocumentRow, (site, document_id), with_for_update=True)
    if row is None:
        row = WithdrawnDocumentRow(site=site, document_id=document_id)
        session.add(row)
    if row.source_updated_ms is None or as_of_ms > row.source_updated_ms:
        row.source_updated_ms, row.source_told_ms, row.kept = as_of_ms, told_ms, list(kept)


def take_offline(parts: Parts, session: Session, article: ArticleRow, *, by: str | None = None) -> None:
    """Withdraw the article's clip and stop its jobs, in the caller's transaction. `by`: see ArticleRow.withdrawn_by."""
    now = parts.database.now_ms(session)
    clip = lock_clip(session, article.id)
    article.withdrawn_ms, article.withdrawn_by = now, by
    mine = JobRow.article_id == article.id
    session.execute(update(JobRow).where(mine).values(live_key=None))
    session.execute(
        update(JobRow)
        .where(mine, JobRow.state.in_(("queued", "running")))
        .values(state="cancelled", finished_ms=now, waiting=None, lease_owner=None)
    )
    if clip is not None and clip.state != "withdrawn":
        clip.state = "withdrawn"
        clip_withdrawn(parts, session, article, clip)
