"""Received webhooks for staff: list, show, replay, and delete after their time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, defer

from tts_service.access.audit import SERVICE, Deed, note
from tts_service.cms.inbox.addresses import find_hook
from tts_service.cms.sources.base import Delivery
from tts_service.cms.sources.json_body import read_json
from tts_service.cms.sources.registry import SOURCES
from tts_service.cms.sources.sample import SAMPLE
from tts_service.db.session import Database
from tts_service.db.tables import ArticleRow, InboundEventRow
from tts_service.errors import Conflict, NotFound
from tts_service.jobs.versions import named_articles
from tts_service.newsroom.kept_days import kept_long_enough
from tts_service.values.moments import DAY_MS

REFUSED_KEPT_MS = 7 * DAY_MS
_PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFacts:
    """An event as staff see it."""

    id: str
    received_ms: int
    source: str
    hook_id: str | None
    site: str | None
    kind: str | None
    external_id: str | None
    state: str
    reason: str
    outcome: list[Any] | None
    again: int
    """How many times the same event came again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRequest:
    """A received request, as stored."""

    path: str
    headers: dict[str, str]
    body: bytes | None
    """None: it wasn't kept."""


def list_events(
    database: Database,
    *,
    state: str | None = None,
    site: str | None = None,
    source: str | None = None,
    below: str | None = None,
    limit: int = 50,
) -> list[EventFacts]:
    """Events, newest first, without what was sent; `below`: only those older than the event of this id."""
    row = InboundEventRow
    query = select(row).options(defer(row.body), defer(row.headers)).order_by(row.id.desc()).limit(limit)
    for column, value in ((row.state, state), (row.site, site), (row.source, source)):
        query = query.where(column == value) if value else query
    query = query.where(row.id < below) if below else query  # ids sort by time
    with database.reading() as session:
        return [_facts(found) for found in session.scalars(query)]


def stored_request(database: Database, event_id: str) -> StoredRequest:
    """What an event's sender sent. Raises NotFound."""
    with database.reading() as session:
        row = session.get(InboundEventRow, event_id)
    if row is None:
        raise NotFound(f"There is no event {event_id[:64]}.")
    return StoredRequest(path=row.path, headers=row.headers, body=row.body)


def event_facts(database: Database, event_id: str) -> EventFacts:
    """One event. Raises NotFound."""
    with database.reading() as session:
        row = session.get(InboundEventRow, event_id)
    if row is None:
        raise NotFound(f"There is no event {event_id[:64]}.")
    return _facts(row)


def replay_webhook(database: Database, event_id: str, *, who: str = SERVICE, vouch: bool = False) -> None:
    """Process an event again, also a refused one once its signature fits (its age doesn't matter then).

    `vouch`: without a look at the signature; staff say that it is genuine. Raises NotFound, WebhookRefused (it isn't
    signed by this hook's secret), BodyUnreadable, Conflict (nothing to do it with; it came again meanwhile).
    """
    with database.reading() as session:
        row = session.get(InboundEventRow, event_id)
    if row is None:
        raise NotFound(f"There is no event {event_id[:64]}.")
    hook = find_hook(database, row.hook_id or "")
    if hook is None or hook.source != row.source:
        raise Conflict("Its hook is unknown, so it can't be assigned to a site.")
    if row.body is None:
        raise Conflict("Its body is no longer stored: publish the article again in the CMS.")
    if row.state == "refused":
        delivery = Delivery(body=row.body, headers=row.headers, path=row.path, received_ms=row.received_ms)
        claims = None if vouch else SOURCES[hook.source].verify(delivery, hook)
        read_json(row.body)
        row.event_key = claims.key if claims else f"vouched {row.id}"
        row.sent_ms = claims.sent_ms if claims else None
    row.state, row.due_ms, row.attempts, row.site = "received", 0, 0, hook.site
    try:
        with database.writing() as session:
            session.merge(row)
            details = {"vouched": True} if vouch else {}
            note(
                database,
                session,
                Deed(who=who, what="event.replayed", subject=event_id, site=row.site, details=details),
            )
    except IntegrityError as error:
        raise Conflict("The same event was received again and accepted.") from error


def sample_ids(database: Database, site: str) -> list[str]:
    """The articles that the sample of `hooks test` made: in most CMSs one, else one for its language."""
    with database.reading() as session:
        return list(session.scalars(select(ArticleRow.external_id).where(named_articles(site, SAMPLE.external_id))))


def drop_event(database: Database, event_id: str) -> None:
    """Delete one event, such as a connection test."""
    with database.writing() as session:
        session.execute(delete(InboundEventRow).where(InboundEventRow.id == event_id))


def forget_events(database: Database, *, most: int | None = None) -> int:
    """Delete events that were kept as long as their site says, in batches; `most`: about so many.
    Returns how many."""
    dropped = 0
    while True:
        with database.reading() as session:
            ids = session.scalars(select(InboundEventRow.id).where(old_events(database, session)).limit(_PAGE)).all()
        if ids:
            with database.writing() as session:
                mine = InboundEventRow.id.in_(ids) & (
                    InboundEventRow.state != "received"
                )  # one may be replayed meanwhile
                session.execute(delete(InboundEventRow).where(mine))
        dropped += len(ids)
        if len(ids) < _PAGE or (most is not None and dropped >= most):
            return dropped


def old_events(database: Database, session: Session) -> ColumnElement[bool]:
    """The condition that an event was kept long enough. One that is still to be processed stays: it may have waited
    longer than that for its article to open or expire."""
    now, row = database.now_ms(session), InboundEventRow
    old = kept_long_enough(session, "keep_webhooks_days", row.site, row.received_ms, now)
    return ((row.state != "received") & old) | ((row.state == "refused") & (row.received_ms < now - REFUSED_KEPT_MS))


def _facts(row: InboundEventRow) -> EventFacts:
    return EventFacts(
        id=row.id,
        received_ms=row.received_ms,
        source=row.source,
        hook_id=row.hook_id,
        site=row.site,
        kind=row.kind,
        external_id=row.external_id,
        state=row.state,
        reason=row.reason,
        outcome=row.outcome,
        again=row.again,
    )
