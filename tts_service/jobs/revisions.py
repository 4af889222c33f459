"""Which text a clip speaks: the newest. A burst of saves is one rendering; a withdrawn clip can come back.

A job that has begun goes on although a newer text came: whoever listens to it hears it to its end. It can't take the
clip back, since finishing moves a clip on to a newer revision only (jobs.sink).
"""

from __future__ import annotations

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tts_service.db.tables import ClipRevisionRow, ClipRow, JobRow
from tts_service.jobs.clip_words import index_clip

SETTLES_AT_MOST = 4
"""An article that is saved again and again is rendered after so many times the settling time all the same."""


def replace_waiting(session: Session, clip_id: str, now: int) -> None:
    """Jobs for older texts of this clip: one that hasn't begun is superseded, none answers for the clip any more."""
    mine = JobRow.clip_id == clip_id
    session.execute(update(JobRow).where(mine).values(live_key=None))
    waiting = (mine, JobRow.state == "queued", JobRow.slices == 0)
    session.execute(update(JobRow).where(*waiting).values(state="superseded", finished_ms=now, waiting=None))


def settled_at(session: Session, clip_id: str, now: int, settle_ms: int) -> int:
    """When a new text of a clip is rendered, milliseconds since 1970: the first one at once, a changed one when no
    other has come for `settle_ms`, counted from now. Before `replace_waiting`."""
    mine = JobRow.clip_id == clip_id
    begun = session.scalar(select(func.max(JobRow.revision)).where(mine, JobRow.slices > 0))
    if begun is None:
        return now
    unsettled = (mine, JobRow.revision > begun, JobRow.slices == 0, JobRow.state.in_(("queued", "superseded")))
    since = session.scalar(select(func.min(JobRow.created_ms)).where(*unsettled))
    return max(now, min(now + settle_ms, (since or now) + SETTLES_AT_MOST * settle_ms))


def bring_back(session: Session, clip: ClipRow, natural_key: str) -> JobRow | None:
    """Let a withdrawn clip be heard again as it was, if this text was rendered before; what staff never released is
    held again. Returns the job that did it; None: it has to be rendered. After `retire`."""
    wanted = (JobRow.clip_id == clip.id, JobRow.natural_key == natural_key, JobRow.state == "succeeded")
    job = session.scalars(select(JobRow).where(*wanted).order_by(JobRow.revision.desc()).limit(1)).one_or_none()
    revision = session.get(ClipRevisionRow, (clip.id, job.revision)) if job else None
    if job is None or revision is None or revision.state != "withdrawn":
        return None
    job.live_key = natural_key
    if revision.ready_ms is None:
        revision.state = clip.state = "held"
        return job
    revision.state = "ready"
    clip.current_revision, clip.state = job.revision, "ready"
    session.flush()
    index_clip(session, clip.id)
    return job


def retire(session: Session, clip: ClipRow) -> None:
    """Nothing of what was withdrawn is heard again by itself when the clip comes back."""
    finished = (ClipRevisionRow.clip_id == clip.id, ClipRevisionRow.state.in_(("ready", "held")))
    session.execute(update(ClipRevisionRow).where(*finished).values(state="withdrawn"))
    clip.current_revision = None
