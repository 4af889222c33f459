"""Publishes a finished revision, or holds it until staff have heard it, where its site asks for that."""

from __future__ import annotations

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tts_service.callbacks.news import clip_ready
from tts_service.db.tables import ArticleRow, ClipRevisionRow, ClipRow, JobRow
from tts_service.jobs.clip_words import index_clip
from tts_service.newsroom.sites import options_in
from tts_service.parts import Parts

HELD = "held"
"""State of a revision, and of a clip that has no other."""
_FROM_TEXT = "article"
"""Cause of the revisions that are held: what staff corrected, they have heard."""
_UNFINISHED = ("rendering", "failed")


def publish(parts: Parts, session: Session, job_id: str, now: int) -> bool:
    """Make the job's finished revision ready and move its clip on to it, never back. Returns whether it is the one that
    is heard now: what comes too late is no news."""
    job = session.get_one(JobRow, job_id)
    _change(session, job, state="ready", ready_ms=now)
    newer = (ClipRow.current_revision.is_(None)) | (ClipRow.current_revision < job.revision)
    moved = session.execute(
        update(ClipRow)
        .where(ClipRow.id == job.clip_id, ClipRow.state != "withdrawn", newer)
        .values(current_revision=job.revision, state="ready")
    ).rowcount  # type: ignore[attr-defined]
    if moved:
        index_clip(session, job.clip_id)
        if _cause(session, job) == _FROM_TEXT:  # a correction speaks the earlier text: the held one still waits
            _withdraw_held(session, job)
        clip_ready(parts, session, job_id)
    return bool(moved)


def hold(session: Session, job_id: str) -> None:
    """Keep the job's finished revision for staff. One that was held before it isn't released any more."""
    job = session.get_one(JobRow, job_id)
    newest = session.scalar(
        select(func.max(ClipRevisionRow.revision)).where(
            ClipRevisionRow.clip_id == job.clip_id,
            ClipRevisionRow.state.in_((HELD, "ready")),
            ClipRevisionRow.cause == _FROM_TEXT,  # a correction speaks an earlier text, whenever it is made
        )
    )
    late = newest is not None and newest > job.revision
    _change(session, job, state="withdrawn" if late else HELD)
    _withdraw_held(session, job)
    unheard = (ClipRow.id == job.clip_id, ClipRow.state != "withdrawn", ClipRow.current_revision.is_(None))
    if session.execute(update(ClipRow).where(*unheard).values(state=HELD)).rowcount:  # type: ignore[attr-defined]
        index_clip(session, job.clip_id)


def held_revision(session: Session, clip_id: str) -> int | None:
    """The revision of a clip that waits for its release; None: none does."""
    held = (ClipRevisionRow.clip_id == clip_id, ClipRevisionRow.state == HELD)
    return session.scalar(
        select(ClipRevisionRow.revision).where(*held).order_by(ClipRevisionRow.revision.desc()).limit(1)
    )


def is_to_be_held(session: Session, job_id: str) -> bool:
    """Whether the job's revision waits for staff once it is finished."""
    job = session.get_one(JobRow, job_id)
    return _cause(session, job) == _FROM_TEXT and options_in(session, job.site).hold


def waits_for_ears(session: Session, job_id: str) -> bool:
    """Whether the job's revision waits until it was heard, once it is finished."""
    job = session.get_one(JobRow, job_id)
    return _cause(session, job) == _FROM_TEXT and options_in(session, job.site).hears_first


def is_kept_back(session: Session, article: ArticleRow, revision: ClipRevisionRow | None) -> bool:
    """Whether only staff may hear this revision of the article's clip: it is held, or would be once it is finished.
    `revision` None: its text isn't prepared yet."""
    if revision is not None and revision.state == HELD:
        return True
    if revision is not None and (revision.cause != _FROM_TEXT or revision.state not in _UNFINISHED):
        return False
    options = options_in(session, article.site)
    return options.hold or options.hears_first


def _cause(session: Session, job: JobRow) -> str:
    return session.get_one(ClipRevisionRow, (job.clip_id, job.revision)).cause


def _withdraw_held(session: Session, job: JobRow) -> None:
    """Revisions held before this one."""
    older = (ClipRevisionRow.clip_id == job.clip_id, ClipRevisionRow.revision < job.revision)
    session.execute(update(ClipRevisionRow).where(*older, ClipRevisionRow.state == HELD).values(state="withdrawn"))


def _change(session: Session, job: JobRow, **values: object) -> None:
    place = {"clip_id": job.clip_id, "revision": job.revision}
    session.execute(update(ClipRevisionRow).filter_by(**place).values(**values))
