"""The data of events: ids, the revision, and links to details.

Events never contain listeners' words or addresses: that data stays here, where it can be erased.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.callbacks.outbox import Event, put
from tts_service.db.tables import ArticleRow, ClipRevisionRow, ClipRow, JobRow, JsonDict, ReportRow
from tts_service.parts import Parts
from tts_service.public_addresses import clip_url, listen_url
from tts_service.values.web_address import shown_address

_LONGEST = 1000
"""Maximum bytes of a text in an event. Keeps the whole body below 20 kB, as the standard recommends."""


def clip_ready(parts: Parts, session: Session, job_id: str) -> None:
    """Event: the job's revision is now the published one."""
    job, article, clip = _of_job(session, job_id)

    def facts() -> JsonDict:
        revision = session.get_one(ClipRevisionRow, (job.clip_id, job.revision))
        made = revision.renditions or []
        path = f"r/{job.revision}/audio"
        return {
            **_clip_facts(parts, article, clip),
            "revision": job.revision,
            "job": job.id,
            "state": "ready",
            "language": revision.language,
            "voice": revision.voice["id"],
            "duration_ms": revision.duration_ms,
            "renditions": made,
            "audio": {one["format"]: clip_url(parts.settings, clip.id, f"{path}.{one['format']}") for one in made},
        }

    put(parts, session, Event(type="clip.ready", site=job.site, facts=facts, callback_url=job.callback_url))


def clip_failed(parts: Parts, session: Session, job_id: str) -> None:
    """Event: the job ended without a clip; an earlier revision stays published."""
    job, article, clip = _of_job(session, job_id)

    def facts() -> JsonDict:
        error = job.error or {}
        brief_error = {name: brief(error.get(name)) for name in ("code", "title", "detail")}
        return {
            **_clip_facts(parts, article, clip),
            "revision": job.revision,
            "job": job.id,
            "state": "failed",
            "error": brief_error,
        }

    put(parts, session, Event(type="clip.failed", site=job.site, facts=facts, callback_url=job.callback_url))


def clip_withdrawn(parts: Parts, session: Session, article: ArticleRow, clip: ClipRow) -> None:
    """Event: the clip is offline."""

    def facts() -> JsonDict:
        return {**_clip_facts(parts, article, clip), "revision": clip.last_revision, "state": "withdrawn"}

    put(parts, session, Event(type="clip.withdrawn", site=article.site, facts=facts))


def report_received(parts: Parts, session: Session, report: ReportRow) -> None:
    """Event: a listener sent a report."""
    put(parts, session, _report_event(parts, session, report, "report.received"))


def report_resolved(parts: Parts, session: Session, report: ReportRow) -> None:
    """Event: staff corrected or rejected a report."""
    put(parts, session, _report_event(parts, session, report, "report.resolved"))


def brief(text: object) -> str | None:
    """A text shortened for an event: at most 1000 bytes, without control characters."""
    if text is None:
        return None
    plain = "".join(sign if sign.isprintable() else " " for sign in str(text)[:_LONGEST])
    return plain.encode("utf-8", "replace")[:_LONGEST].decode("utf-8", "ignore")


def _of_job(session: Session, job_id: str) -> tuple[JobRow, ArticleRow, ClipRow]:
    query = (
        select(JobRow, ArticleRow, ClipRow)
        .join(ArticleRow, ArticleRow.id == JobRow.article_id)
        .join(ClipRow, ClipRow.id == JobRow.clip_id)
        .where(JobRow.id == job_id)
        .execution_options(populate_existing=True)
    )
    job, article, clip = session.execute(query).one()
    return job, article, clip


def _clip_facts(parts: Parts, article: ArticleRow, clip: ClipRow) -> JsonDict:
    return {
        "site": article.site,
        "article": _article_facts(article),
        "clip": clip.id,
        "current_revision": clip.current_revision,
        "url": clip_url(parts.settings, clip.id),
        "listen_url": listen_url(parts.settings, clip.id),
    }


def _article_facts(article: ArticleRow) -> JsonDict:
    # Addresses are complete or left out, as a truncated one leads elsewhere.
    url = shown_address(article.url)
    url = url if url is not None and len(url.encode("utf-8", "replace")) <= 2000 else None
    return {"id": article.external_id, "url": url, "title": brief(article.title)}


def _report_event(parts: Parts, session: Session, report: ReportRow, kind: str) -> Event:
    def facts() -> JsonDict:
        clip = session.get_one(ClipRow, report.clip_id)
        article = session.get_one(ArticleRow, clip.article_id)
        return {
            **_clip_facts(parts, article, clip),
            "revision": report.revision,
            "report": report.id,
            "state": report.state,
            "category": report.category,
            "position_ms": report.position_ms,
            "sentence": brief(report.sentence),
            "token": report.token,
            "updated_ms": report.updated_ms,
            "corrected_revision": report.corrected_revision,
        }

    return Event(type=kind, site=report.site, facts=facts)
