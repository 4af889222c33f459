"""Releases a held revision: staff have heard it, so listeners may. Corrections that it missed follow it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.access.audit import Deed, note
from tts_service.corrections.affected import add_to_missed_corrections, lock_missed_corrections
from tts_service.db.tables import ArticleRow, ClipRow, CorrectionRow, JobRow
from tts_service.errors import Conflict, NotFound
from tts_service.jobs.publish import held_revision, publish
from tts_service.parts import Parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """What was released."""

    clip_id: str
    revision: int


def release_held(parts: Parts, clip_id: str, *, who: str, revision: int | None = None) -> Released:
    """Publish a clip's held revision. `revision`: the one that was heard, so that a newer one isn't released unheard.

    Raises NotFound (no such clip, or it was withdrawn), Conflict (nothing is held, another revision is, or a newer one
    is published)."""
    with parts.database.writing() as session:
        missed = _missed_corrections(session, clip_id)  # locked before the clip, as by everybody
        locked = select(ClipRow).where(ClipRow.id == clip_id).with_for_update(key_share=True)
        clip = session.scalars(locked).one_or_none()
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
        add_to_missed_corrections(parts, session, missed, clip_id)
        details = {"revision": held}
        note(
            parts.database,
            session,
            Deed(who=who, what="clip.released", subject=clip_id, site=article.site, details=details),
        )
    return Released(clip_id=clip_id, revision=held)


def _missed_corrections(session: Session, clip_id: str) -> list[CorrectionRow]:
    """Those since the text of the held revision was prepared: nothing of it was heard that they could change."""
    mine = (JobRow.clip_id == clip_id, JobRow.revision == held_revision(session, clip_id))
    job = session.scalars(select(JobRow).where(*mine)).one_or_none()
    if job is None:
        return []
    article = session.get_one(ArticleRow, job.article_id)
    return lock_missed_corrections(session, article, clip_id, job.started_ms or job.created_ms)
