"""One delivery for one worker: a lease for its time, a fence for its result, and room at its endpoint."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tts_service.callbacks.endpoints import switch_off
from tts_service.callbacks.next_try import Health, Next, Tried, health_after
from tts_service.callbacks.secret import live_secrets, secret_row
from tts_service.db.tables import CallbackEndpointRow, DeliveryAttemptRow, DeliveryRow
from tts_service.parts import Parts

IN_FLIGHT = 4
"""Deliveries under way to one endpoint; to one whose last try failed: one."""
LEASE_MS = 30_000
"""Above the 15 s a call may take: after it, a delivery whose worker is gone is released again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """The right to send one delivery now, and what is sent."""

    delivery_id: str
    endpoint_id: str
    fence: int
    event_id: str
    url: str
    body: str
    secrets: tuple[str, ...] = field(repr=False)
    number: int
    """Which try of this round, from 1."""
    now_ms: int
    """By the database's clock."""
    health: Health
    """Of the endpoint, before this try."""


def claim(parts: Parts, delivery_id: str) -> Claimed | None:
    """Take a delivery; None: it is done, not due, in flight, or its endpoint has no room now (then it waits)."""
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        row = session.get(DeliveryRow, delivery_id)
        if row is None or row.state != "pending" or row.due_ms > now or (row.lease_until_ms or 0) > now:
            return None
        endpoint = _locked(session, row.endpoint_id)
        same = (DeliveryRow.id == row.id, DeliveryRow.state == "pending", DeliveryRow.fence == row.fence)
        if not _has_room(session, endpoint, now):
            session.execute(update(DeliveryRow).where(*same).values(released_ms=None))
            return None
        taken = {"fence": row.fence + 1, "lease_until_ms": now + LEASE_MS, "released_ms": None}
        if session.execute(update(DeliveryRow).where(*same).values(**taken)).rowcount != 1:  # type: ignore[attr-defined]
            return None  # somebody took it while we waited for the endpoint
        secrets = live_secrets(secret_row(session, endpoint.secret_owner, now), now)
        return Claimed(
            delivery_id=row.id, endpoint_id=endpoint.id, fence=row.fence, event_id=row.event_id, body=row.body,
            url=row.url or endpoint.url, secrets=secrets, number=row.tries + 1, now_ms=now, health=health_of(endpoint),
        )  # fmt: skip


def settle(parts: Parts, claimed: Claimed, tried: Tried, following: Next) -> str | None:
    """Keep what came of a try, unless somebody else has claimed the delivery since.

    Returns another delivery that waits for room at this endpoint; None: there is none, or no room.
    """
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        # The endpoint before the delivery, as everywhere: two workers never wait for each other.
        health = _settle_endpoint(session, claimed, tried, following, now)
        row = session.get(DeliveryRow, claimed.delivery_id, with_for_update=True)
        if row is None or row.fence != claimed.fence:
            return None
        row.attempts, row.tries = row.attempts + 1, claimed.number
        row.lease_until_ms = row.released_ms = None
        session.add(
            DeliveryAttemptRow(
                delivery_id=row.id, number=row.attempts, url=claimed.url, started_ms=claimed.now_ms,
                took_ms=tried.took_ms, status=tried.status, reason=tried.reason, answer=tried.answer,
            )
        )  # fmt: skip
        if row.state == "pending" or tried.fine:  # else the endpoint was switched off meanwhile
            row.state, row.reason, row.due_ms = following.state, tried.reason, now + following.wait_ms
            row.done_ms = None if following.state == "pending" else now
        return _waiting(session, claimed, now) if _open(health, now) else None


def health_of(endpoint: CallbackEndpointRow) -> Health:
    return Health(
        failures=endpoint.failures, failing_since_ms=endpoint.failing_since_ms, paused_until_ms=endpoint.paused_until_ms
    )


def room_of(failures: int) -> int:
    """Deliveries that may be under way to an endpoint that failed so often in a row."""
    return 1 if failures else IN_FLIGHT


def _has_room(session: Session, endpoint: CallbackEndpointRow, now: int) -> bool:
    if endpoint.disabled_ms is not None or not _open(health_of(endpoint), now):
        return False
    under_way = session.scalar(
        select(func.count()).select_from(DeliveryRow).where(
            DeliveryRow.endpoint_id == endpoint.id, DeliveryRow.lease_until_ms > now)
    )  # fmt: skip
    return int(under_way or 0) < room_of(endpoint.failures)


def _open(health: Health, now: int) -> bool:
    return (health.paused_until_ms or 0) <= now


def _settle_endpoint(session: Session, claimed: Claimed, tried: Tried, following: Next, now: int) -> Health:
    """Note how the endpoint does; one that is gone or failed for days is switched off. Usually nothing is written."""
    if tried.fine and claimed.health == Health():
        return claimed.health
    row = _locked(session, claimed.endpoint_id)
    health = health_after(health_of(row), tried, now)
    row.failures, row.failing_since_ms = health.failures, health.failing_since_ms
    row.paused_until_ms = health.paused_until_ms
    if row.jobs_key is None and row.disabled_ms is None:  # of a jobs' host, one address says nothing about the others
        if following.gone:
            switch_off(session, row, "it answered 410 Gone", now)
        elif health.worn_out(now):
            switch_off(session, row, "every try failed for five days", now)
    return health


def _waiting(session: Session, claimed: Claimed, now: int) -> str | None:
    """The oldest due delivery to this endpoint that isn't on the broker."""
    return session.scalars(
        select(DeliveryRow.id)
        .where(DeliveryRow.endpoint_id == claimed.endpoint_id, DeliveryRow.state == "pending",
               DeliveryRow.due_ms <= now, DeliveryRow.released_ms.is_(None), DeliveryRow.lease_until_ms.is_(None))
        .order_by(DeliveryRow.due_ms, DeliveryRow.id).limit(1)
    ).one_or_none()  # fmt: skip


def _locked(session: Session, endpoint_id: str) -> CallbackEndpointRow:
    query = select(CallbackEndpointRow).where(CallbackEndpointRow.id == endpoint_id)
    return session.scalars(query.with_for_update(key_share=True)).one()
