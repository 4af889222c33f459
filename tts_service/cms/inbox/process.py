"""Processes received events exactly once: claim, apply, settle, or retry later."""

from __future__ import annotations

import logging
import time
from dataclasses import asdict, replace

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tts_service.cms.inbox.addresses import find_hook
from tts_service.cms.inbox.apply import Arrival, EventOutcome, apply_event
from tts_service.cms.inbox.cms_api import Fetch
from tts_service.cms.inbox.lookup import look_up_event
from tts_service.cms.sources.base import Delivery, Event, Hook
from tts_service.cms.sources.json_body import read_json
from tts_service.cms.sources.registry import SOURCES
from tts_service.db.session import new_id
from tts_service.db.tables import InboundEventRow
from tts_service.errors import BrokerUnavailable, NotFound, Outdated, ServiceError
from tts_service.parts import Parts
from tts_service.values.moments import utc_of

INTAKE = "intake"
"""The doorbell for events whose CMS has to be asked."""
LEASE_MS = 60_000
"""An event in work is left alone for so long; then somebody else takes it. Twice is harmless: the second finds the
same article there already."""
RETRY_MS = (10_000, 60_000, 300_000, 1_800_000, 7_200_000)
"""Waits before an event whose CMS or database doesn't answer is tried again."""
_AT_ONCE = 50
_LONGEST_KEY = 300

log = logging.getLogger(__name__)


class _MustAskError(Exception):
    """The CMS has to be asked, and that isn't done here."""


def process_due(parts: Parts, budget_s: float = 0.5) -> int:
    """Do what came in, oldest first, for at most `budget_s` seconds. Returns how many events were looked at."""
    until = time.monotonic() + budget_s
    with parts.database.reading() as session:
        now = parts.database.now_ms(session)
        due = (InboundEventRow.state == "received", InboundEventRow.due_ms <= now)
        ids = session.scalars(select(InboundEventRow.id).where(*due).order_by(InboundEventRow.id).limit(_AT_ONCE)).all()
    looked = 0
    for event_id in ids:
        take(parts, event_id)
        looked += 1
        if time.monotonic() >= until:
            break
    return looked


def take(parts: Parts, event_id: str, fetch: Fetch | None = None) -> None:
    """Do one event. Without `fetch`, one whose CMS has to be asked is handed to a worker."""
    row = _claim(parts, event_id, handed_over=fetch is not None)
    if row is None:
        return
    try:
        hook = find_hook(parts.database, row.hook_id or "")
        if hook is None:
            raise NotFound("The hook was removed before this event was processed.")
        applied = [_apply(parts, hook, event, row, fetch) for event in _events(row, hook)]
        outcomes = [outcome for outcome in applied if outcome is not None]
    except _MustAskError:
        _hand_over(parts, event_id)
    except ServiceError as error:
        _again(parts, row, error)
    except Exception as error:  # the edge: a fault of ours ends this event with a trace, and the next one goes on
        log.exception("webhook event %s failed unexpectedly", event_id)
        reason = f"Internal error in this service: {type(error).__name__}"
        _settle(parts, event_id, [EventOutcome(external_id=row.external_id or "", state="failed", reason=reason)])
    else:
        _settle(parts, event_id, outcomes)


def _claim(parts: Parts, event_id: str, *, handed_over: bool) -> InboundEventRow | None:
    """The event, left alone by others for a while; None: it is done, or somebody just took it."""
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        row = session.get(InboundEventRow, event_id, with_for_update=True)
        if row is None or row.state != "received" or (row.due_ms > now and not handed_over):
            return None
        row.due_ms = now + LEASE_MS
        return row


def _events(row: InboundEventRow, hook: Hook) -> tuple[Event, ...]:
    """The same events that were read when it came in."""
    body = row.body or b""
    delivery = Delivery(body=body, headers=row.headers, path=row.path, received_ms=row.received_ms)
    return SOURCES[hook.source].read(delivery, read_json(body), hook)


def _apply(parts: Parts, hook: Hook, event: Event, row: InboundEventRow, fetch: Fetch | None) -> EventOutcome | None:
    """One article's part. Raises ServiceErrors that pass (permanent False), and _MustAskError."""
    arrival = Arrival(received_ms=row.received_ms, sent_ms=row.sent_ms)
    try:
        if event.call is not None:
            if fetch is None:
                raise _MustAskError
            arrival = replace(arrival, asked_ms=time.time_ns() // 1_000_000)
            event = look_up_event(event, hook, fetch)
        return apply_event(parts, hook, event, arrival)
    except Outdated as error:
        return EventOutcome(external_id=event.external_id, state="outdated", reason=error.message)
    except ServiceError as error:
        if not error.permanent:
            raise
        reason = f"{error.code}: {error.message}"
        return EventOutcome(external_id=event.external_id, state="failed", reason=reason)


def _hand_over(parts: Parts, event_id: str) -> None:
    """Ring for a worker; should the broker lose it, it is due again when the lease is over."""
    try:
        parts.enqueue(event_id, INTAKE)
    except BrokerUnavailable as error:
        log.warning("broker down, webhook event %s waits: %s", event_id, error)


def _again(parts: Parts, row: InboundEventRow, error: ServiceError) -> None:
    """Try again later, or give up with the reason."""
    reason = f"{error.code}: {error.message}"
    if error.permanent or row.attempts >= len(RETRY_MS):
        _settle(parts, row.id, [EventOutcome(external_id=row.external_id or "", state="failed", reason=reason)])
        return
    log.warning("webhook event %s waits: %s", row.id, reason)
    with parts.database.writing() as session:
        due = parts.database.now_ms(session) + RETRY_MS[row.attempts]
        mine = (InboundEventRow.id == row.id, InboundEventRow.state == "received")
        waiting = {"due_ms": due, "reason": reason, "attempts": row.attempts + 1}
        session.execute(update(InboundEventRow).where(*mine).values(**waiting))


def _settle(parts: Parts, event_id: str, outcomes: list[EventOutcome]) -> None:
    states = {outcome.state for outcome in outcomes}
    state = "failed" if "failed" in states else "ignored" if states <= {"ignored"} else "done"
    reasons = "; ".join(dict.fromkeys(outcome.reason for outcome in outcomes if outcome.reason))
    due = [outcome.due_ms for outcome in outcomes if outcome.due_ms is not None]
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        session.execute(
            update(InboundEventRow)
            .where(InboundEventRow.id == event_id)
            .values(state=state, reason=reasons, outcome=[asdict(outcome) for outcome in outcomes], done_ms=now)
        )
        for due_ms in set(due):
            _do_again(session, event_id, due_ms)
    if state == "failed":
        log.warning("webhook event %s failed: %s", event_id, reasons)


def _do_again(session: Session, event_id: str, due_ms: int) -> None:
    """Have the same event done once more when its article opens or expires: the CMS sends nothing then."""
    row = session.get_one(InboundEventRow, event_id)
    key = f"{(row.event_key or row.id)[:_LONGEST_KEY]} due {due_ms}"
    there = select(InboundEventRow.id).where(InboundEventRow.hook_id == row.hook_id, InboundEventRow.event_key == key)
    if session.scalar(there) is not None:
        return
    session.add(
        InboundEventRow(
            id=new_id("evt"),
            hook_id=row.hook_id,
            source=row.source,
            site=row.site,
            event_key=key,
            state="received",
            kind=row.kind,
            external_id=row.external_id,
            reason=f"waits until {utc_of(due_ms):%Y-%m-%d %H:%M} UTC",
            path=row.path,
            headers=row.headers,
            body=row.body,
            sent_ms=row.sent_ms,
            received_ms=row.received_ms,
            due_ms=due_ms,
        )
    )
