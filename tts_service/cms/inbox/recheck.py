"""Asks the CMS's API for the state of a known article, in rotation, so that a lost webhook does no lasting harm.

`ask_article` only asks; `apply_recalled` applies the answer in the same way as a webhook. Staff see an entry among the
events if something changed.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from sqlalchemy import select

from tts_service.cms.inbox.apply import Arrival, EventOutcome, apply_event, now_ms
from tts_service.cms.inbox.cms_api import Fetch
from tts_service.cms.inbox.lookup import look_up_event
from tts_service.cms.sources.base import AskingSource, Event, EventKind, Hook
from tts_service.cms.sources.registry import SOURCES
from tts_service.db.session import new_id
from tts_service.db.tables import ArticleRow, InboundEventRow
from tts_service.errors import Outdated
from tts_service.jobs.order import Reach, reach_of
from tts_service.parts import Parts
from tts_service.values import PUBLIC

PATH = "recall"
"""Stands in an event's `path` where no webhook came: the service asked by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """What a CMS's API says about a known article."""

    external_id: str
    """As it is kept here."""
    event: Event
    asked_ms: int
    reach: Reach
    """Who may hear it here until now."""
    changes: bool
    """Whether the answer makes any difference."""


def ask_article(parts: Parts, fetch: Fetch, hook: Hook, external_id: str) -> Recalled:
    """Only ask. Raises what `fetch` raises, and NotFound or NotAllowed where the answer isn't about this article."""
    row = _row(parts, hook, external_id)
    document_id, locale = (external_id, None) if row is None else (row.document_id or external_id, row.locale)
    asked_ms = now_ms()
    event = _asked(fetch, hook, document_id, locale)
    return Recalled(
        external_id=external_id,
        event=event,
        asked_ms=asked_ms,
        reach=Reach.NOBODY if row is None else reach_of(row),
        changes=_changes(event, row),
    )


def apply_recalled(parts: Parts, hook: Hook, recalled: Recalled) -> EventOutcome:
    """Bring the article into the state that the answer shows. Raises ServiceError."""
    event = recalled.event
    if event.kind is EventKind.IGNORED:
        return EventOutcome(external_id=recalled.external_id, state="ignored", reason=event.reason)
    if not recalled.changes:
        return EventOutcome(external_id=recalled.external_id, state="unchanged")
    arrival = Arrival(received_ms=recalled.asked_ms, asked_ms=recalled.asked_ms)
    try:
        outcome = apply_event(parts, hook, event, arrival)
    except Outdated as error:
        return EventOutcome(external_id=recalled.external_id, state="outdated", reason=error.message)
    if outcome is None:
        return EventOutcome(external_id=recalled.external_id, state="unchanged")
    if outcome.state != "unchanged" or _reach_now(parts, hook, recalled.external_id) != recalled.reach:
        _note(parts, hook, event, outcome, recalled.asked_ms)
    return outcome


def _asked(fetch: Fetch, hook: Hook, document_id: str, locale: str | None) -> Event:
    source = SOURCES[hook.source]
    call = source.recall(document_id, locale, hook) if isinstance(source, AskingSource) else None
    event = Event(kind=EventKind.UPDATED, external_id=document_id, locale=locale, call=call)
    if call is None:
        return replace(event, kind=EventKind.IGNORED, reason="this hook has no API that can be asked")
    event = look_up_event(event, hook, fetch, is_published=False)
    if event.document is None:
        return replace(event, every_locale=False, changed_ms=None)  # as of the moment of asking
    return event


def _changes(event: Event, row: ArticleRow | None) -> bool:
    if event.kind is EventKind.IGNORED or row is None:
        return event.kind is not EventKind.IGNORED
    reach = _reach_in(event)
    if event.kind is EventKind.CLOSED and reach_of(row) is Reach.SOME:
        return False  # closed to the public, and heard with a grant only: as it should be
    if row.withdrawn_ms is not None and row.withdrawn_by is None:
        return False  # it comes back when its CMS sends it
    if reach != reach_of(row):
        return True
    if event.document is None:
        return False
    known = row.source_updated_ms
    return event.changed_ms is None or known is None or event.changed_ms > known


def _reach_in(event: Event) -> Reach:
    """Who may hear the article as the answer has it."""
    if event.document is None:
        return Reach.NOBODY
    return Reach.EVERYBODY if event.document.visibility == PUBLIC else Reach.SOME


def _reach_now(parts: Parts, hook: Hook, external_id: str) -> Reach | None:
    row = _row(parts, hook, external_id)
    return None if row is None else reach_of(row)


def _row(parts: Parts, hook: Hook, external_id: str) -> ArticleRow | None:
    mine = (ArticleRow.site == hook.site, ArticleRow.external_id == external_id)
    with parts.database.reading() as session:
        return session.scalars(select(ArticleRow).where(*mine)).one_or_none()


def _note(parts: Parts, hook: Hook, event: Event, outcome: EventOutcome, asked_ms: int) -> None:
    """An entry among the events, without a body: nothing came in."""
    event_id = new_id("evt")
    told = f"requested by the service; {outcome.reason}" if outcome.reason else "requested by the service"
    with parts.database.writing() as session:
        session.add(
            InboundEventRow(
                id=event_id,
                hook_id=hook.id,
                source=hook.source,
                site=hook.site,
                event_key=f"{PATH} {event_id}",
                state="done",
                kind=event.kind.value,
                external_id=event.external_id,
                reason=told,
                outcome=[asdict(outcome)],
                path=PATH,
                headers={},
                body=None,
                received_ms=asked_ms,
                due_ms=0,
                done_ms=parts.database.now_ms(session),
            )
        )
