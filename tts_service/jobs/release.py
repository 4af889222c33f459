"""Releases a held revision: staff have heard it, so listeners may."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.access.audit import Deed, note
from tts_service.db.tables import ArticleRow, ClipRevisionRow, ClipRow, JobRow
from tts_service.errors import Conflict, NotFound
from tts_service.jobs.publish import HELD, publish
from tts_service.parts import Parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """What was released."""

    clip_id: str
    revision: int


def held_revision(session: Session, clip_id: str) -> int | None:
    """The revision of a clip that waits for its release; None: none does."""
    held = (ClipRevisionRow.clip_id == clip_id, ClipRevisionRow.state == HELD)
    return session.scalar(
        select(ClipRevisionRow.revision).where(*held).order_by(ClipRevisionRow.revision.desc()).limit(1)
    )


def release_held(parts: Parts, clip_id: str, *, who: str, revision: int | None = None) -> Released:
    """Publish a clip's held revision. `revision`: the one that was heard, so that a newer one isn't released unheard.

    Raises NotFound (no such clip, or it was withdrawn), Conflict (nothing is held, another revision is, or a newer one
    is published)."""
    with parts.database.writing() as session:
        clip = session.scalars(select(ClipRow).where(ClipRow.id == clip_id).with_for_update()).one_or_none()
        article = session.get(ArticleRow, clip.article_id) if clip else None
        if clip is None or article is None:
            raise NotFound(f"There is no clip {clip_id[:64]}.")
        if clip.state == "withdrawn" or article.withdrawn_ms is not None:
            raise NotFound(f"Clip {clip.id} was withdrawn.", state="withdrawn")
        held = held_revision(session, clip_id)
        if held is None:
            raise Conflict("Nothing of this clip waits for release.")
        if revision is not None and revision != held:
            raise Conflict(f"Revision {held} is held now, not revision {revision}: listen to it before you release it.")
        job = session.scalars(select(JobRow).where(JobRow.clip_id == clip_id, JobRow.revision == held)).one()
        if not publish(parts, session, job.id, parts.database.now_ms(session)):
            raise Conflict(
                f"Revision {clip.current_revision} was published after revision {held} was made: render the article "
                "again, then release the new revision."
            )
        details = {"revision": held}
        note(
            parts.database,
            session,
            Deed(who=who, what="clip.released", subject=clip_id, site=article.site, details=details),
        )
    return Released(clip_id=clip_id, revision=held)
