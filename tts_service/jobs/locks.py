"""The order in which rows are locked: article, then clip, then job.

Two transactions that lock the same rows in different orders can each wait for the other; PostgreSQL then fails one of
them. So whoever changes a job and its clip in one transaction locks the clip first. SQLite has one writer at a time.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.db.tables import ClipRow, JobRow


def lock_clip_of(session: Session, job_id: str) -> None:
    """Lock the job's clip before the job is changed. A job never moves to another clip."""
    clip_id = select(JobRow.clip_id).where(JobRow.id == job_id).scalar_subquery()
    session.execute(select(ClipRow.id).where(ClipRow.id == clip_id).with_for_update(key_share=True))
