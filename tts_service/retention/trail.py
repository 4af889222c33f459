"""What an article left in other records: webhooks, callbacks and audit log entries that name it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Text, cast, or_, select
from sqlalchemy.orm import Session

from tts_service.db.pages import identity_in
from tts_service.db.tables import (
    ArticleRevisionRow,
    ArticleRow,
    AuditRow,
    ClipRow,
    DeliveryRow,
    InboundEventRow,
    JobRow,
    ReportRow,
)
from tts_service.values.web_address import spellings

_PAGE = 500
_IDS_AT_ONCE = 200
"""SQLite limits how deep an expression is."""
SHORTEST = 6
"""Minimum characters of a name for a text that contains it to be about the article rather than a coincidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """Identifiers by which an article is found in other records."""

    site: str
    external_id: str
    article_id: str | None = None
    """None: it never came, or its own rows are gone already."""
    document_id: str | None = None
    clip_id: str | None = None
    jobs: frozenset[str] = frozenset()
    reports: frozenset[str] = frozenset()
    urls: frozenset[str] = frozenset()
    """Its addresses, as stored and in the spellings of people and CMSs."""
    page_keys: frozenset[str] = frozenset()

    @property
    def ids(self) -> frozenset[str]:
        """Our own ids, which are unique to this article wherever they occur."""
        return frozenset(filter(None, (self.article_id, self.clip_id))) | self.jobs | self.reports

    @property
    def names(self) -> frozenset[str]:
        """All identifiers, its addresses, and the CMS's id unless it is a number that may mean something else."""
        own = {self.external_id} if len(self.external_id) >= SHORTEST else set()
        return self.ids | self.urls | own

    @property
    def external_ids(self) -> frozenset[str]:
        """The CMS's ids of the article and its document."""
        return frozenset((self.external_id, self.document_id or self.external_id))

    @property
    def hashed(self) -> str:
        """Replacement for its name in the audit log."""
        return name_hash(f"{self.site}/{self.external_id}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentions:
    """Ids of the rows that name an article."""

    events: list[str]
    deliveries: list[str]
    audit: list[str]


def name_hash(name: str) -> str:
    """Replacement for an erased name in the audit log: whoever knows the name can still find the entries."""
    return f"erased:{hashlib.sha256(name.encode()).hexdigest()[:16]}"


def trail_of(session: Session, site: str, external_id: str) -> Trail:
    """The trail of an article as far as its own rows tell it."""
    article = session.scalars(select(ArticleRow).filter_by(site=site, external_id=external_id)).one_or_none()
    if article is None:
        return Trail(site=site, external_id=external_id)
    clip = session.scalars(select(ClipRow.id).where(ClipRow.article_id == article.id)).one_or_none()
    jobs = session.scalars(select(JobRow.id).where(JobRow.article_id == article.id))
    reports = session.scalars(select(ReportRow.id).where(ReportRow.clip_id == (clip or "")))
    texts = session.scalars(
        select(ArticleRevisionRow.url).where(ArticleRevisionRow.article_id == article.id).distinct()
    )
    urls = {url for url in (article.url, *texts) if url}
    key = identity_in(session, site).key
    return Trail(
        site=site,
        external_id=external_id,
        article_id=article.id,
        document_id=article.document_id,
        clip_id=clip,
        jobs=frozenset(jobs),
        reports=frozenset(reports),
        urls=frozenset(form for url in urls for form in spellings(url)),
        page_keys=frozenset(str(key(url)) for url in urls),
    )


def mentions_of(session: Session, trail: Trail, since_ms: int = 0) -> Mentions:
    """What names an article, of all records or of those since a time. Without `since_ms` it reads every stored body:
    not for a transaction that others wait for."""
    return Mentions(
        events=list(_events(session, trail, since_ms)),
        deliveries=list(_deliveries(session, trail, since_ms)),
        audit=list(_audit(session, trail, since_ms)),
    )


def _events(session: Session, trail: Trail, since_ms: int) -> Iterator[str]:
    """Webhooks with its id, a job of it, or its address in their body."""
    row = InboundEventRow
    spelled = [form.encode() for url in trail.urls for form in (url, json.dumps(url)[1:-1], url.replace("/", "\\/"))]
    columns = select(row.id, row.site, row.external_id, row.outcome, row.body)
    query = columns.where(or_(row.site == trail.site, row.site.is_(None)), row.received_ms >= since_ms)
    for event in session.execute(query.execution_options(yield_per=_PAGE)):
        outcomes = event.outcome or []
        named = trail.external_ids & {event.external_id, *(one.get("external_id") for one in outcomes)}
        done = any(one.get("job") in trail.jobs for one in outcomes)
        if (named and event.site == trail.site) or done or any(form in (event.body or b"") for form in spelled):
            yield event.id


def _deliveries(session: Session, trail: Trail, since_ms: int) -> Iterator[str]:
    row = DeliveryRow
    query = select(row.id, row.body).where(row.site == trail.site, row.created_ms >= since_ms)
    for delivery in session.execute(query.execution_options(yield_per=_PAGE)):
        if any(one in delivery.body for one in trail.ids):
            yield delivery.id


def _audit(session: Session, trail: Trail, since_ms: int) -> Iterator[str]:
    row = AuditRow
    since = row.at_ms >= since_ms
    ids = sorted(trail.ids)
    for start in range(0, len(ids), _IDS_AT_ONCE):
        yield from session.scalars(select(row.id).where(since, row.subject.in_(ids[start : start + _IDS_AT_ONCE])))
    about = (row.site == trail.site) & (row.subject == trail.external_id)
    if trail.clip_id is not None:
        about = about | cast(row.details, Text).contains(trail.clip_id, autoescape=True)
    yield from session.scalars(select(row.id).where(since, about))
