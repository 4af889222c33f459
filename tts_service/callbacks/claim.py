"""Claims a delivery for one worker: a lease, a fence for its result, and a slot at its endpoint.

On the path of every callback, so it is short: a few statements, built once. An endpoint's row is always locked before
its deliveries' rows, so that two workers can't deadlock.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, func, insert, or_, select, update
from sqlalchemy.orm import Session

from tts_service.callbacks.endpoints import switch_off
from tts_service.callbacks.next_try import EndpointHealth, Next, Tried, health_after
from tts_service.callbacks.secret import live_secrets
from tts_service.db.tables import Base, CallbackEndpointRow, CallbackSecretRow, DeliveryAttemptRow, DeliveryRow
from tts_service.parts import Parts

IN_FLIGHT = 4
"""Maximum concurrent deliveries per endpoint; one if its last attempt failed."""
LEASE_MS = 30_000
"""More than the 15 s a call may take; after that, a delivery of a dead worker is released again."""

_TABLES = Base.metadata.tables
_D, _E, _S = (_TABLES[row.__tablename__] for row in (DeliveryRow, CallbackEndpointRow, CallbackSecretRow))
_OTHERS = _D.alias("others")
_FREE = or_(_D.c.lease_until_ms.is_(None), _D.c.lease_until_ms <= bindparam("now_"))
_DUE = (_D.c.state == "pending", _D.c.due_ms <= bindparam("now_"), _FREE)
_MINE = (_D.c.id == bindparam("id_"), _D.c.state == "pending", _D.c.fence == bindparam("fence_"))
_FIND = (
    select(
        _D.c.endpoint_id,
        _D.c.event_id,
        _D.c.body,
        _D.c.fence,
        _D.c.tries,
        func.coalesce(_D.c.url, _E.c.url).label("url"),
        _E.c.disabled_ms,
        _E.c.failures,
        _E.c.failing_since_ms,
        _E.c.paused_until_ms,
        _S.c.secret,
        _S.c.older,
        _S.c.older_until_ms,
    )
    .join_from(_D, _E, _E.c.id == _D.c.endpoint_id)
    .join(_S, _S.c.owner == _E.c.secret_owner)
    .where(_D.c.id == bindparam("id_"), *_DUE)
    .with_for_update(of=_E, key_share=True)
)
"""A delivery that can be sent now; locks its endpoint."""
_UNDER_WAY = (
    select(func.count())
    .select_from(_OTHERS)
    .where(_OTHERS.c.endpoint_id == bindparam("endpoint_"), _OTHERS.c.lease_until_ms > bindparam("now_"))
    .scalar_subquery()
)
_TAKE = (
    update(_D)
    .where(*_MINE, bindparam("room_") > _UNDER_WAY)
    .values(fence=_D.c.fence + 1, lease_until_ms=bindparam("until_"), released_ms=None)
)
_LEAVE = update(_D).where(*_MINE).values(released_ms=None)
_SETTLE = (
    update(_D)
    .where(*_MINE)
    .values(
        state=bindparam("state_"),
        reason=bindparam("reason_"),
        due_ms=bindparam("due_"),
        tries=bindparam("tries_"),
        done_ms=bindparam("done_"),
        attempts=_D.c.attempts + 1,
        lease_until_ms=None,
        released_ms=None,
    )
    .returning(_D.c.attempts)
)
_LATE = (
    update(_D)
    .where(_D.c.id == bindparam("id_"), _D.c.fence == bindparam("fence_"))
    .values(
        state=func.coalesce(bindparam("state_"), _D.c.state),
        tries=bindparam("tries_"),
        attempts=_D.c.attempts + 1,
        lease_until_ms=None,
    )
    .returning(_D.c.attempts)
)
_WAITING = (
    select(_D.c.id)
    .where(_D.c.endpoint_id == bindparam("endpoint_"), *_DUE, _D.c.released_ms.is_(None))
    .order_by(_D.c.due_ms, _D.c.id)
    .limit(1)
)
_NOTE = insert(_TABLES[DeliveryAttemptRow.__tablename__])


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """The right to send one delivery now, with its data."""

    delivery_id: str
    endpoint_id: str
    fence: int
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


def claim_delivery(parts: Parts, delivery_id: str) -> Claimed | None:
    """Claims a delivery; None if it is finished, not due, in flight, or must wait for a slot at its endpoint."""
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        row = session.execute(_FIND, {"id_": delivery_id, "now_": now}).one_or_none()
        if row is None:
            return None
        health = EndpointHealth(
            failures=row.failures, failing_since_ms=row.failing_since_ms, paused_until_ms=row.paused_until_ms
        )
        mine = {"id_": delivery_id, "fence_": row.fence}
        room = room_of(health.failures) if row.disabled_ms is None and _open(health, now) else 0
        taking = {"endpoint_": row.endpoint_id, "now_": now, "room_": room, "until_": now + LEASE_MS}
        if not _changed(session.execute(_TAKE, mine | taking)):
            session.execute(_LEAVE, mine)
            return None
        return Claimed(
            delivery_id=delivery_id,
            endpoint_id=row.endpoint_id,
            fence=row.fence + 1,
            event_id=row.event_id,
            url=row.url,
            body=row.body,
            secrets=live_secrets(row.secret, row.older, row.older_until_ms, now),
            number=row.tries + 1,
            now_ms=now,
            health=health,
        )


def settle_delivery(parts: Parts, claimed: Claimed, tried: Tried, following: Next) -> str | None:
    """Stores the result of an attempt, unless another worker has claimed the delivery since.

    Returns another delivery waiting for this endpoint's slot, or None.
    """
    now = claimed.now_ms + tried.took_ms
    with parts.database.writing() as session:
        health = _settle_endpoint(session, claimed, tried, following, now)
        number = _settle_delivery(session, claimed, tried, following, now)
        if number is None:
            return None
        attempt = {
            "delivery_id": claimed.delivery_id,
            "number": number,
            "url": claimed.url,
            "started_ms": claimed.now_ms,
            "took_ms": tried.took_ms,
            "status": tried.status,
            "reason": tried.reason,
            "answer": tried.answer,
        }
        session.execute(_NOTE, attempt)
        if not _open(health, now):
            return None
        return session.scalar(_WAITING, {"endpoint_": claimed.endpoint_id, "now_": now})


def room_of(failures: int) -> int:
    """Maximum concurrent deliveries for an endpoint with this many consecutive failures."""
    return 1 if failures else IN_FLIGHT


def _open(health: EndpointHealth, now: int) -> bool:
    return (health.paused_until_ms or 0) <= now


def _changed(result: Any) -> bool:
    return bool(result.rowcount)


def _settle_delivery(session: Session, claimed: Claimed, tried: Tried, following: Next, now: int) -> int | None:
    """Number of the attempt over all rounds; None if another worker owns the delivery now."""
    mine = {"id_": claimed.delivery_id, "fence_": claimed.fence, "tries_": claimed.number}
    ended = None if following.state == "pending" else now
    result = {"state_": following.state, "reason_": tried.reason, "due_": now + following.wait_ms, "done_": ended}
    number: int | None = session.scalar(_SETTLE, mine | result)
    if number is None:  # its endpoint was disabled meanwhile: a success still counts, anything else has ended
        number = session.scalar(_LATE, mine | {"state_": "delivered" if tried.fine else None})
    return number


def _settle_endpoint(session: Session, claimed: Claimed, tried: Tried, following: Next, now: int) -> EndpointHealth:
    """Updates the endpoint's health; disables it if its address is gone or failed for days. Rarely writes."""
    if tried.fine and claimed.health == EndpointHealth():
        return claimed.health
    query = select(CallbackEndpointRow).where(CallbackEndpointRow.id == claimed.endpoint_id)
    row = session.scalars(query.with_for_update(key_share=True)).one()
    before = EndpointHealth(
        failures=row.failures, failing_since_ms=row.failing_since_ms, paused_until_ms=row.paused_until_ms
    )
    health = health_after(before, tried, now)
    row.failures, row.failing_since_ms = health.failures, health.failing_since_ms
    row.paused_until_ms = health.paused_until_ms
    if row.jobs_key is None and row.disabled_ms is None:  # one address of a jobs' host says nothing about the others
        if following.gone:
            switch_off(session, row, "the endpoint returned 410 Gone", now)
        elif health.worn_out(now):
            switch_off(session, row, "every attempt failed for five days", now)
    return health
