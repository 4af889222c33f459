"""The order in which rows are locked: article, then clip, then job; the segments' lock last.

Two transactions that lock the same rows in different orders can each wait for the other; PostgreSQL then fails one of
them. So whoever changes a job and its clip in one transaction locks the clip first. SQLite has one writer at a time.
"""

from __future__ import annotations

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tts_service.db.tables import ClipRow, JobRow

_SEGMENTS = 0x5365676D
"""PostgreSQL's advisory lock between those who name segments and those who delete them."""


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
