"""Processes received events exactly once: claim, apply, settle, or retry later."""

from __future__ import annotations

import logging
import time
from dataclasses import asdict, replace
from functools import partial

from sqlalchemy import false, literal, select, true
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
from tts_service.db.tables.webhooks import RECEIVED
from tts_service.errors import LeaseLost, NotFound, Outdated, ServiceError
from tts_service.parts import Parts
from tts_service.queue.backoff import wait_after
from tts_service.queue.claim import Claim, settle
from tts_service.queue.rings import ring
from tts_service.queue.turns import WorkQueue
from tts_service.queue.work import work
from tts_service.values.moments import utc_of

RETRY_MS = (10_000, 60_000, 300_000, 1_800_000, 7_200_000)
"""Waits before an event whose CMS or database doesn't answer is tried again."""
_LONGEST_KEY = 300

log = logging.getLogger(__name__)


def _give_up(row: InboundEventRow, now_ms: int) -> None:
    row.state, row.done_ms = "failed", now_ms
    row.reason = "The service stopped during each attempt to process it: see its log."


ARRIVALS = WorkQueue(
    name="arrivals",
    row=InboundEventRow,
    waiting=(InboundEventRow.state == RECEIVED) & (InboundEventRow.asks == false()),
    due_ms=InboundEventRow.due_ms,
    party=InboundEventRow.site,
    slots=lambda _: 1,
    lease_ms=60_000,
    give_up=_give_up,
)
"""Events as they came in: beat does them itself."""
LOOKUPS = WorkQueue(
    name="lookups",
    row=InboundEventRow,
    waiting=(InboundEventRow.state == RECEIVED) & (InboundEventRow.asks == true()),
    due_ms=InboundEventRow.due_ms,
    party=InboundEventRow.site,
    room=lambda _: literal(4),
    at_once=8,
    slots=lambda settings: settings.callback_slots,
    lease_ms=120_000,  # more than the calls of one event take
    give_up=_give_up,
)
"""Events whose CMS has to be asked. Bounded, so that a CMS that hangs takes few of the workers."""


class _MustAskError(Exception):
    """The CMS has to be asked, and that isn't done here."""


def process_due(parts: Parts, budget_s: float = 0.5) -> int:
    """Process received events for at most `budget_s` seconds. Returns how many were looked at."""
    return work(parts, ARRIVALS, partial(process_event, fetch=None), turn_s=budget_s)


def process_event(parts: Parts, claimed: Claim[InboundEventRow], fetch: Fetch | None) -> None:
    """Process one event. Without `fetch`, one whose CMS has to be asked is left to a worker. Raises LeaseLost."""
    row = claimed.row
    try:
        hook = find_hook(parts.database, row.hook_id or "")
        if hook is None:
            raise NotFound("The hook was removed before this event was processed.")
        applied = [_apply(parts, hook, event, row, fetch) for event in _events(row, hook)]
        outcomes = [outcome for outcome in applied if outcome is not None]
    except _MustAskError:
        with parts.database.writing() as session:
            settle(session, claimed, asks=True)
        ring(parts, LOOKUPS)
    except LeaseLost:
        raise
    except ServiceError as error:
        _again(parts, claimed, error)
    except Exception as error:  # the edge: a fault of ours ends this event with a trace, and the next one goes on
        log.exception("webhook event %s failed unexpectedly", row.id)
        reason = f"Internal error in this service: {type(error).__name__}"
        _settle(parts, claimed, [EventOutcome(external_id=row.external_id or "", state="failed", reason=reason)])
    else:
        _settle(parts, claimed, outcomes)


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


def _again(parts: Parts, claimed: Claim[InboundEventRow], error: ServiceError) -> None:
    """Try again later, or give up with the reason."""
    row, reason = claimed.row, f"{error.code}: {error.message}"
    wait_ms = None if error.permanent else wait_after(row.attempts + 1, RETRY_MS)
    if wait_ms is None:
        _settle(parts, claimed, [EventOutcome(external_id=row.external_id or "", state="failed", reason=reason)])
        return
    log.warning("webhook event %s waits: %s", row.id, reason)
    with parts.database.writing() as session:
        due = parts.database.now_ms(session) + wait_ms
        settle(session, claimed, due_ms=due, reason=reason, attempts=row.attempts + 1)


def _settle(parts: Parts, claimed: Claim[InboundEventRow], outcomes: list[EventOutcome]) -> None:
    states = {outcome.state for outcome in outcomes}
    state = "failed" if "failed" in states else "ignored" if states <= {"ignored"} else "done"
    reasons = "; ".join(dict.fromkeys(outcome.reason for outcome in outcomes if outcome.reason))
    due = [outcome.due_ms for outcome in outcomes if outcome.due_ms is not None]
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        told = [asdict(outcome) for outcome in outcomes]
        settle(session, claimed, state=state, reason=reasons, outcome=told, done_ms=now)
        for due_ms in set(due):
            _do_again(session, claimed.row, due_ms)
    if state == "failed":
        log.warning("webhook event %s failed: %s", claimed.row.id, reasons)


def _do_again(session: Session, row: InboundEventRow, due_ms: int) -> None:
    """Have the same event done once more when its article opens or expires: the CMS sends nothing then."""
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
