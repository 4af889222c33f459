"""Erases an article completely: rows, files, counters and log entries.

The audit log keeps the entry about the erasure, and earlier entries with the article's name replaced by a hash. Anyone
who knows the name can still find them.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Text, cast, delete, func, or_, select, update
from sqlalchemy.orm import Session

from tts_service.access.audit import Deed, note
from tts_service.corrections.cases.forgetting import forget_reports
from tts_service.db.pages import identity_in
from tts_service.db.tables import (
    ArticleCheckRow,
    ArticleRepairRow,
    ArticleRevisionRow,
    ArticleRow,
    AuditRow,
    Base,
    ClipRevisionRow,
    ClipRow,
    DeliveryAttemptRow,
    DeliveryRow,
    FoundArticleRow,
    IdempotencyKeyRow,
    InboundEventRow,
    JobRow,
    ListeningRow,
    ReportRow,
    UtteranceRow,
    WithdrawnDocumentRow,
)
from tts_service.errors import NotFound
from tts_service.jobs.clip_words import forget_clip
from tts_service.jobs.recordings import UPLOADS
from tts_service.parts import Parts
from tts_service.retention.article_lexicon import close_corrections, forget_in_lexicon, lock_corrections
from tts_service.retention.listeners import forget_copies, overwrite
from tts_service.values.web_address import spellings

_PAGE = 500
_SHORTEST = 6
"""Minimum characters of a name for a text that contains it to be about the article rather than a coincidence."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """Counts of what was erased."""

    rows: int
    files: int
    log_lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trail:
    """Identifiers by which an article is found in other records."""

    article: ArticleRow
    clip_id: str | None
    jobs: tuple[str, ...]
    reports: tuple[str, ...]
    urls: tuple[str, ...]
    """Its addresses, as stored and in the spellings of people and CMSs."""
    page_keys: tuple[str, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """Our own ids, which are unique to this article wherever they occur."""
        return tuple(filter(None, (self.article.id, self.clip_id, *self.jobs, *self.reports)))

    @property
    def names(self) -> tuple[str, ...]:
        """All identifiers, its addresses, and the CMS's id unless it is a number that may mean something else."""
        own = (self.article.external_id,) if len(self.article.external_id) >= _SHORTEST else ()
        return (*self.ids, *self.urls, *own)

    @property
    def hashed(self) -> str:
        """Replacement for its name in the audit log."""
        name = f"{self.article.site}/{self.article.external_id}"
        return f"erased:{hashlib.sha256(name.encode()).hexdigest()[:16]}"


def erase_article(parts: Parts, site: str, external_id: str, who: str) -> Erased:
    """Erases an article with everything made from it and recorded about it.

    Raises NotFound, StoreUnavailable (then only files are deleted, and the call can be repeated).
    """
    with parts.database.writing() as session:
        overwrite(parts.database, session)
        trail = _trail(session, site, external_id)
        segments = _segments(session, trail)
        # Locked as by everybody who corrects something: correction, lexicon, clip, case.
        corrections = lock_corrections(session, trail.article, trail.clip_id)
        rows = forget_in_lexicon(parts, session, trail.article, trail.clip_id, corrections)
        session.execute(select(ClipRow.id).where(ClipRow.id == trail.clip_id).with_for_update())
        forget_reports(session, trail.reports, parts.database.now_ms(session))
        rows += forget_clip(session, trail.clip_id) if trail.clip_id else 0
        rows += sum(_delete(session, table, mine) for table, mine in _rows(session, trail))
        close_corrections(parts, session, corrections)
        _unname(session, trail)
        shared = set(_still_used(session, segments))
        deed = Deed(who=who, what="article.erased", subject=trail.hashed, site=site, details={"rows": rows})
        note(parts.database, session, deed)
        # Before the commit: if the store fails, the rows remain and the same command can continue.
        files = _drop_files(parts, trail, [key for key in segments if key not in shared])
    forget_copies(parts.database)
    return Erased(rows=rows, files=files, log_lines=_clean_logs(parts, trail))


def _trail(session: Session, site: str, external_id: str) -> _Trail:
    condition = (ArticleRow.site == site, ArticleRow.external_id == external_id)
    article = session.scalars(select(ArticleRow).where(*condition).with_for_update()).one_or_none()
    if article is None:
        raise NotFound(f"The site {site[:80]} has no article {external_id[:200]}.")
    clip = session.scalars(select(ClipRow.id).where(ClipRow.article_id == article.id)).one_or_none()
    jobs = session.scalars(select(JobRow.id).where(JobRow.article_id == article.id)).all()
    reports = session.scalars(select(ReportRow.id).where(ReportRow.clip_id == (clip or ""))).all()
    texts = session.scalars(select(ArticleRevisionRow.url).where(ArticleRevisionRow.article_id == article.id)).all()
    urls = {url for url in (article.url, *texts) if url}
    key = identity_in(session, site).key
    return _Trail(
        article=article,
        clip_id=clip,
        jobs=tuple(jobs),
        reports=tuple(reports),
        urls=tuple({form for url in urls for form in spellings(url)}),
        page_keys=tuple({str(key(url)) for url in urls}),
    )


def _rows(session: Session, trail: _Trail) -> Iterable[tuple[type[Base], ColumnElement[bool]]]:
    """The rows to delete, in an order allowed by foreign keys."""
    article, clip = trail.article, trail.clip_id or ""
    hits = select(DeliveryRow.id).where(or_(*(DeliveryRow.body.contains(name, autoescape=True) for name in trail.ids)))
    deliveries = session.scalars(hits).all()
    yield DeliveryAttemptRow, DeliveryAttemptRow.delivery_id.in_(deliveries)
    yield DeliveryRow, DeliveryRow.id.in_(deliveries)
    yield InboundEventRow, InboundEventRow.id.in_(_events(session, trail))
    yield IdempotencyKeyRow, IdempotencyKeyRow.job_id.in_(trail.jobs)
    yield (
        FoundArticleRow,
        (FoundArticleRow.site == article.site)
        & or_(
            FoundArticleRow.article_id == article.id,
            FoundArticleRow.job_id.in_(trail.jobs),
            FoundArticleRow.page_key.in_([*trail.page_keys, f"id:{article.external_id}"]),
            FoundArticleRow.external_id == article.external_id,
        ),
    )
    for table in (ListeningRow, ReportRow, UtteranceRow, ClipRevisionRow):
        yield table, table.clip_id == clip
    yield ArticleCheckRow, ArticleCheckRow.article_id == article.id
    yield ArticleRepairRow, ArticleRepairRow.article_id == article.id
    yield JobRow, JobRow.article_id == article.id
    yield ClipRow, ClipRow.id == clip
    yield ArticleRevisionRow, ArticleRevisionRow.article_id == article.id
    yield ArticleRow, ArticleRow.id == article.id
    yield (
        WithdrawnDocumentRow,
        (WithdrawnDocumentRow.site == article.site)
        & WithdrawnDocumentRow.document_id.in_((article.external_id, article.document_id or article.external_id)),
    )


def _delete(session: Session, table: type[Base], mine: ColumnElement[bool]) -> int:
    return int(session.execute(delete(table).where(mine)).rowcount)  # type: ignore[attr-defined]


def _events(session: Session, trail: _Trail) -> list[str]:
    """Webhooks about the article: with its id, a job of it, or its address in their body."""
    article, found = trail.article, []
    spelled = [form.encode() for url in trail.urls for form in (url, json.dumps(url)[1:-1], url.replace("/", "\\/"))]
    mine = or_(InboundEventRow.site == article.site, InboundEventRow.site.is_(None))
    query = select(InboundEventRow).where(mine).execution_options(yield_per=_PAGE)
    for row in session.scalars(query):
        outcomes = row.outcome or []
        ids = {row.external_id, *(one.get("external_id") for one in outcomes)}
        named = bool(ids & {article.external_id, article.document_id or article.external_id})
        done = any(one.get("job") in trail.jobs for one in outcomes)
        if (named and row.site == article.site) or done or any(form in (row.body or b"") for form in spelled):
            found.append(row.id)
    return found


def _unname(session: Session, trail: _Trail) -> None:
    """Removes its name and details from its audit log entries, which stay."""
    about = or_(
        AuditRow.subject.in_(trail.ids),
        (AuditRow.site == trail.article.site) & (AuditRow.subject == trail.article.external_id),
    )
    session.execute(update(AuditRow).where(about).values(subject=trail.hashed, details={}))
    if trail.clip_id is not None:
        naming = cast(AuditRow.details, Text).contains(trail.clip_id, autoescape=True)
        session.execute(update(AuditRow).where(naming).values(details={}))


def _segments(session: Session, trail: _Trail) -> list[str]:
    mine = select(UtteranceRow.segment_key).where(UtteranceRow.clip_id == (trail.clip_id or "")).distinct()
    return list(session.scalars(mine))


def _still_used(session: Session, keys: list[str]) -> Iterable[str]:
    """The segments also used by other articles."""
    for start in range(0, len(keys), _PAGE):
        some = keys[start : start + _PAGE]
        yield from session.scalars(
            select(func.distinct(UtteranceRow.segment_key)).where(UtteranceRow.segment_key.in_(some))
        )


def _drop_files(parts: Parts, trail: _Trail, segments: list[str]) -> int:
    for key in segments:
        parts.segments.delete(key)
    folders = [f"{kind}{trail.clip_id}/" for kind in ("clips/", "live/", UPLOADS)] if trail.clip_id else []
    names = [name for folder in folders for name in parts.store.names(folder)]
    for name in names:
        parts.store.delete(name)
    return len(segments) + len(names)


def _clean_logs(parts: Parts, trail: _Trail) -> int:
    """Removes lines with its names from the embedded service's logs; other logs are the operator's responsibility."""
    dropped = 0
    words = [name.encode() for name in trail.names]
    for file in (parts.settings.data_dir / "logs").glob("*.log"):
        with suppress(OSError), file.open("r+b") as opened:
            lines = opened.readlines()
            kept = [line for line in lines if not any(word in line for word in words)]
            if len(kept) < len(lines):  # writers append: keep what was added meanwhile
                opened.seek(0)
                opened.truncate()
                opened.writelines(kept)
                dropped += len(lines) - len(kept)
    return dropped
