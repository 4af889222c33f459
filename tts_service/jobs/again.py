"""What staff do with an article that is here already: render it again, take it offline, bring it back."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from tts_service.access.audit import Deed, note
from tts_service.db.tables import ArticleRevisionRow, ArticleRow, ClipRevisionRow, ClipRow, JobRow
from tts_service.errors import Conflict, NotFound, QuotaExceeded, ServiceError
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.control import take_offline
from tts_service.jobs.publish import held_revision
from tts_service.jobs.rendering import article_from
from tts_service.jobs.submit import Submitted, submit
from tts_service.newsroom.repairs import drop_voice
from tts_service.parts import Parts
from tts_service.values import Article

_QUEUE = "breaking"
"""Somebody waits for it."""
_NOT_RENEWED = (
    "The change is kept, but the version that waits could not be spoken again: "
    "render the article again, which says why."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredText:
    """The newest text of an article, and how its audio was wanted."""

    article: Article
    wish: Wish


def stored_text(session: Session, article: ArticleRow, queue: str = "normal") -> StoredText | None:
    """What was sent last of an article, as its newest job is to speak it; None: nothing was ever sent.

    Not the newest job of all: a correction speaks the text that is heard, though a newer one may be held. Nor is it a
    text that stayed withdrawn when an earlier one came back."""
    revision = ClipRevisionRow
    made = and_(revision.clip_id == JobRow.clip_id, revision.revision == JobRow.revision)
    newest = (
        select(JobRow)
        .outerjoin(revision, made)
        .where(JobRow.article_id == article.id)
        .order_by(
            func.coalesce(revision.state, "") == "withdrawn", JobRow.article_revision_id.desc(), JobRow.revision.desc()
        )
    )
    job = session.scalars(newest.limit(1)).one_or_none()
    text = session.get(ArticleRevisionRow, job.article_revision_id) if job is not None else None
    if job is None or text is None:
        return None
    tags = None if text.tags is None else tuple(text.tags)
    known = replace(article_from(article, text), section=text.section, tags=tags)
    return StoredText(article=known, wish=Wish(voice=job.voice, formats=tuple(job.formats.split(",")), queue=queue))


def render_again(parts: Parts, article_id: str, *, who: str, voice: str | None = None) -> str:
    """Speak an article's newest text again, by today's pronunciations and policy; one that failed perhaps by another
    voice. Returns the job's id. Of what is heard, corrections.repairs changes the voice.

    Raises NotFound, VoiceNotFound, Conflict (withdrawn, or it would sound the same)."""
    with parts.database.reading() as session:
        article = _found(session, article_id)
        if article.withdrawn_ms is not None:
            raise Conflict("The article is withdrawn: restore it first.")
        kept = stored_text(session, article, _QUEUE)
        clip = session.scalars(select(ClipRow).where(ClipRow.article_id == article_id)).one_or_none()
    if kept is None or clip is None:
        raise NotFound("No text of this article is stored: send it again from the CMS.")
    if voice is not None:
        parts.voices.find(voice)
        with parts.database.writing() as session:
            drop_voice(session, article_id)  # a repaired voice: the later choice holds
    details = {"voice": voice} if voice else {}
    deed = Deed(who=who, what="article.rendered-again", subject=article.id, site=article.site, details=details)

    def audited(session: Session, made: Submitted) -> None:
        if made.created:
            note(parts.database, session, deed)

    made = submit(parts, kept.article, replace(kept.wish, voice=voice or kept.wish.voice), together=audited)
    if not made.created:
        raise Conflict(
            "Text, voice, pronunciations and policy are those of the newest version: it would sound the same."
        )
    return made.job_id


def renew_held(parts: Parts, article_id: str) -> None:
    """Speak the text of a revision that waits for its release again, as it was repaired since: the new one waits
    instead. Does nothing where none waits, or it would sound the same.

    Raises Conflict if it can't be spoken now: what was changed stays."""
    with parts.database.reading() as session:
        article = session.get(ArticleRow, article_id)
        clip = session.scalars(select(ClipRow).where(ClipRow.article_id == article_id)).one_or_none()
        if article is None or article.withdrawn_ms is not None or clip is None:
            return
        if held_revision(session, clip.id) is None:
            return
        kept = stored_text(session, article, _QUEUE)
    if kept is None:
        return
    try:
        submit(parts, kept.article, kept.wish)
    except QuotaExceeded as error:  # it isn't permanent, but is the same today
        raise Conflict(_NOT_RENEWED) from error
    except ServiceError as error:
        if not error.permanent:
            raise
        raise Conflict(_NOT_RENEWED) from error


def take_article_offline(parts: Parts, article_id: str, *, who: str) -> None:
    """Take one article offline; no check of its page brings it back. Raises NotFound, Conflict (it is offline)."""
    with parts.database.writing() as session:
        article = _found(session, article_id, for_update=True)
        if article.withdrawn_ms is not None:
            raise Conflict("The article is withdrawn already.")
        take_offline(parts, session, article)
        details = {"article": article.external_id}
        deed = Deed(who=who, what="article.withdrawn", subject=article.id, site=article.site, details=details)
        note(parts.database, session, deed)


def restore_article(parts: Parts, article_id: str, *, who: str) -> str:
    """Bring back an article that a person or a check withdrew. Returns the job that speaks its text, made before or
    new.

    Raises NotFound, Conflict (it isn't withdrawn, or its CMS withdrew it)."""
    with parts.database.reading() as session:
        article = _found(session, article_id)
        kept = stored_text(session, article, _QUEUE)
    if article.withdrawn_ms is None:
        raise Conflict("The article is not withdrawn.")
    if article.withdrawn_by == "cms":
        raise Conflict("The CMS withdrew this article: publish it again in the CMS.")
    if kept is None:
        raise NotFound("No text of this article is stored: send it again from the CMS.")
    deed = Deed(who=who, what="article.restored", subject=article.id, site=article.site)

    def audited(session: Session, _: Submitted) -> None:
        note(parts.database, session, deed)

    return submit(parts, kept.article, kept.wish, together=audited).job_id


def _found(session: Session, article_id: str, *, for_update: bool = False) -> ArticleRow:
    article = session.get(ArticleRow, article_id, with_for_update={"key_share": True} if for_update else None)
    if article is None:
        raise NotFound(f"There is no article {article_id[:64]}.")
    return article
