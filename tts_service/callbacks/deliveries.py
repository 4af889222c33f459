"""The queue of deliveries: how many an endpoint is sent at once, what is sent, and what becomes of a delivery."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, case, or_, select
from sqlalchemy.orm import Session

from tts_service.callbacks.endpoints import switch_off
from tts_service.callbacks.next_try import EndpointHealth, Next, Tried, health_after
from tts_service.callbacks.secret import live_secrets
from tts_service.db.tables import CallbackEndpointRow, CallbackSecretRow, DeliveryAttemptRow, DeliveryRow
from tts_service.db.tables.callbacks import PENDING
from tts_service.parts import Parts
from tts_service.queue.claim import Claim, settle
from tts_service.queue.turns import NOW, WorkQueue

IN_FLIGHT = 4
"""Maximum concurrent deliveries per endpoint; one if its last attempt failed."""
LEASE_MS = 30_000
"""More than the 15 s a call may take; after that, a delivery of a dead worker is sent by another."""


def _room(endpoint: Any) -> ColumnElement[int]:
    row = CallbackEndpointRow
    waits = or_(row.disabled_ms.is_not(None), row.paused_until_ms > NOW)
    room = case((waits, 0), (row.failures > 0, 1), else_=IN_FLIGHT)
    return select(room).where(row.id == endpoint).scalar_subquery()


def _give_up(row: DeliveryRow, now_ms: int) -> None:
    row.state, row.done_ms = "failed", now_ms
    row.reason = "The service stopped during each attempt to send it: see its log."


DELIVERIES = WorkQueue(
    name="callbacks",
    row=DeliveryRow,
    waiting=DeliveryRow.state == PENDING,
    due_ms=DeliveryRow.due_ms,
    party=DeliveryRow.endpoint_id,
    room=_room,
    slots=lambda settings: settings.callback_slots,
    lease_ms=LEASE_MS,
    give_up=_give_up,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a delivery sends now."""

    event_id: str
    url: str
    body: str
    secrets: tuple[str, ...] = field(repr=False)
    number: int
    """Number of the attempt in this round, from 1."""
    now_ms: int
    """By the database's clock."""
    health: EndpointHealth
    """The endpoint's health before this attempt."""


def outgoing_message(parts: Parts, claimed: Claim[DeliveryRow]) -> Message:
    """The delivery's message, to its endpoint's present address and with its present secrets."""
    row, now = claimed.row, claimed.now_ms
    with parts.database.reading() as session:
        endpoint = session.get_one(CallbackEndpointRow, row.endpoint_id)
        secret = session.get_one(CallbackSecretRow, endpoint.secret_owner)
    return Message(
        event_id=row.event_id,
        url=row.url or endpoint.url,
        body=row.body,
        secrets=live_secrets(secret.secret, secret.older, secret.older_until_ms, now),
        number=row.tries + 1,
        now_ms=now,
        health=_health(endpoint),
    )


def settle_delivery(parts: Parts, claimed: Claim[DeliveryRow], message: Message, tried: Tried, following: Next) -> None:
    """Stores the result of an attempt. Raises LeaseLost."""
    now = message.now_ms + tried.took_ms
    with parts.database.writing() as session:
        _settle_endpoint(session, claimed.row.endpoint_id, message, tried, following, now)
        row = session.get_one(DeliveryRow, claimed.key, with_for_update={"key_share": True})
        number = row.attempts + 1
        result: dict[str, Any] = {"tries": message.number, "attempts": number}
        if row.state == "pending":
            ended = None if following.state == "pending" else now
            due = now + following.wait_ms
            result |= {"state": following.state, "reason": tried.reason, "due_ms": due, "done_ms": ended}
        elif tried.fine:  # its endpoint was disabled meanwhile: a success still counts
            result["state"] = "delivered"
        settle(session, claimed, **result)
        attempt = DeliveryAttemptRow(
            delivery_id=row.id,
            number=number,
            url=message.url,
            started_ms=message.now_ms,
            took_ms=tried.took_ms,
            status=tried.status,
            reason=tried.reason,
            answer=tried.answer,
        )
        session.add(attempt)


def _settle_endpoint(
    session: Session, endpoint_id: str, message: Message, tried: Tried, following: Next, now: int
) -> None:
    """Updates the endpoint's health; disables it if its address is gone or failed for days. Rarely writes."""
    if tried.fine and message.health == EndpointHealth():
        return
    query = select(CallbackEndpointRow).where(CallbackEndpointRow.id == endpoint_id)
    row = session.scalars(query.with_for_update(key_share=True)).one()
    health = health_after(_health(row), tried, now)
    row.failures, row.failing_since_ms = health.failures, health.failing_since_ms
    row.paused_until_ms = health.paused_until_ms
    if row.jobs_key is None and row.disabled_ms is None:  # one address of a jobs' host says nothing about the others
        if following.gone:
            switch_off(session, row, "the endpoint returned 410 Gone", now)
        elif health.worn_out(now):
            switch_off(session, row, "every attempt failed for five days", now)


def _health(row: CallbackEndpointRow) -> EndpointHealth:
    return EndpointHealth(
        failures=row.failures, failing_since_ms=row.failing_since_ms, paused_until_ms=row.paused_until_ms
    )
