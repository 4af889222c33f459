"""Clip visibility follows the article's visibility in its CMS, finished clips included.

What was made for fewer people is never opened to more by itself: when an article opens, only the text that opens with
it does. Older revisions, which may hold more, are withdrawn, and a job that is still making one stops.
"""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from tts_service.db.tables import ArticleRow, ClipRevisionRow, ClipRow, JobRow
from tts_service.errors import Conflict
from tts_service.jobs.control import withdraw_as_of
from tts_service.parts import Parts
from tts_service.values import PUBLIC, Article


def require_keepable(parts: Parts, article: Article, as_of_ms: int | None) -> None:
    """Raises Conflict for an article that isn't public where a CDN serves the whole store: anybody who knows a clip's
    id could have its files there. What is here of it goes offline."""
    if article.visibility in (None, PUBLIC) or not parts.settings.audio_base_url:
        return
    withdraw_as_of(parts, article.site, article.external_id, as_of_ms, visibility=article.visibility)
    raise Conflict(f"Audio for {article.visibility} can't be stored: TTS_AUDIO_BASE_URL serves the store to everybody.")


def settle_visibility(
    session: Session, row: ArticleRow, clip: ClipRow, article: Article, job: JobRow | None, now: int
) -> None:
    """Let the article be for whom it is now; `job` answers for its present text, None: one is still to be made.

    Raises Conflict where it would open before its embargo is over."""
    wanted = article.visibility or row.visibility
    if wanted == PUBLIC and row.visibility != PUBLIC:
        embargo = article.publish_at is not None and article.publish_at.timestamp() * 1000 > now
        if embargo and row.withdrawn_ms is None and clip.last_revision:
            raise Conflict("A restricted article can't be opened by publish_at: send it again when it becomes public.")
        _keep_back(session, clip, job.revision if job else 0, now)
    row.visibility = wanted


def _keep_back(session: Session, clip: ClipRow, opened: int, now: int) -> None:
    """Nothing of a clip is heard any more but this revision; 0: nothing at all."""
    others = (JobRow.clip_id == clip.id, JobRow.revision != opened, JobRow.state.in_(("queued", "running")))
    ended = {"state": "superseded", "finished_ms": now, "waiting": None, "lease_owner": None, "live_key": None}
    session.execute(update(JobRow).where(*others).values(**ended))
    finished = (ClipRevisionRow.clip_id == clip.id, ClipRevisionRow.revision != opened)
    session.execute(update(ClipRevisionRow).where(*finished).values(state="withdrawn"))
    if clip.current_revision not in (None, opened):
        clip.current_revision, clip.state = None, "rendering"
