"""The order in which rows are locked: correction, lexicon, site, article, clip, case, job; the segments' lock last.

Two transactions that lock the same rows in different orders can each wait for the other; PostgreSQL then fails one of
them. So whoever changes a job and its clip in one transaction locks the clip first. A row that is inserted with a
foreign key locks the row that it refers to, though only against deletion. So whoever has a clip and inserts what refers
to its article has the article first. Who only changes a row, not its key, locks it with `key_share`: others may refer
to it meanwhile. SQLite has one writer at a time.
"""

from __future__ import annotations

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tts_service.db.tables import ArticleRow, ClipRow, JobRow

_SEGMENTS = 0x5365676D
"""PostgreSQL's advisory lock between those who name segments and those who delete them."""


def keep_article(session: Session, article_id: str) -> None:
    """Before its clip is locked, where rows follow that refer to the article: it isn't erased meanwhile."""
    mine = select(ArticleRow.id).where(ArticleRow.id == article_id)
    session.execute(mine.with_for_update(read=True, key_share=True))


def lock_article_of(session: Session, clip_id: str) -> None:
    """`keep_article`, by its clip. A clip never moves to another article."""
    article_id = select(ClipRow.article_id).where(ClipRow.id == clip_id).scalar_subquery()
    mine = select(ArticleRow.id).where(ArticleRow.id == article_id)
    session.execute(mine.with_for_update(read=True, key_share=True))


def lock_clip(session: Session, article_id: str) -> ClipRow | None:
    """The clip of an article, which nobody else changes until the session ends."""
    mine = select(ClipRow).where(ClipRow.article_id == article_id)
    return session.scalars(mine.with_for_update(key_share=True)).one_or_none()


def lock_clip_of(session: Session, job_id: str) -> None:
    """Lock the job's clip before the job is changed. A job never moves to another clip."""
    clip_id = select(JobRow.clip_id).where(JobRow.id == job_id).scalar_subquery()
    session.execute(select(ClipRow.id).where(ClipRow.id == clip_id).with_for_update(key_share=True))


def name_segments(session: Session) -> None:
    """Before utterance rows name segments: until they are committed, none is deleted.

    A worker commits its rows before it looks for their segments, so each one that it finds stays.
    """
    if session.get_bind().dialect.name != "sqlite":
        session.execute(text("SELECT pg_advisory_xact_lock_shared(:key)"), {"key": _SEGMENTS})


def keep_others_from_naming_segments(session: Session) -> None:
    """Before segments are deleted that no utterance row names: until the transaction ends, no row names one anew."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SEGMENTS})
