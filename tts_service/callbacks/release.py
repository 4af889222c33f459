"""Releases due deliveries to the broker: new ones it lost, waiting ones, and those of dead workers."""

from __future__ import annotations

import logging

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from tts_service.callbacks.claim import IN_FLIGHT, room_of
from tts_service.callbacks.outbox import QUEUE
from tts_service.db.tables import CallbackEndpointRow, DeliveryRow
from tts_service.errors import BrokerUnavailable
from tts_service.parts import Parts

FORGOTTEN_MS = 60_000
"""A released id not claimed within this time was lost by the broker and is released again."""
AT_ONCE = 400
"""Maximum ids released per pass."""

log = logging.getLogger(__name__)


def release(parts: Parts) -> int:
    """Puts due deliveries on the broker, up to each endpoint's free slots. Returns how many it accepted."""
    with parts.database.reading() as session:
        ids = _due(session, parts.database.now_ms(session))
    if not ids:
        return 0
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        session.execute(
            update(DeliveryRow).where(DeliveryRow.id.in_(ids), DeliveryRow.state == "pending").values(released_ms=now)
        )
    for place, delivery_id in enumerate(ids):
        try:
            parts.enqueue(delivery_id, QUEUE)
        except BrokerUnavailable as error:
            log.warning("broker down, %d callbacks wait in the database: %s", len(ids) - place, error)
            _put_back(parts, ids[place:])
            return place
    return len(ids)


def _due(session: Session, now: int) -> list[str]:
    """Each endpoint's oldest first, then each endpoint's second, …: a backlog at one doesn't delay the others."""
    place = (
        func.row_number()
        .over(partition_by=DeliveryRow.endpoint_id, order_by=(DeliveryRow.due_ms, DeliveryRow.id))
        .label("place")
    )
    due = (
        select(DeliveryRow.id, DeliveryRow.endpoint_id, DeliveryRow.due_ms, CallbackEndpointRow.failures, place)
        .join(CallbackEndpointRow, CallbackEndpointRow.id == DeliveryRow.endpoint_id)
        .where(
            DeliveryRow.state == "pending",
            DeliveryRow.due_ms <= now,
            or_(DeliveryRow.released_ms.is_(None), DeliveryRow.released_ms <= now - FORGOTTEN_MS),
            or_(DeliveryRow.lease_until_ms.is_(None), DeliveryRow.lease_until_ms <= now),
            CallbackEndpointRow.disabled_ms.is_(None),
            or_(CallbackEndpointRow.paused_until_ms.is_(None), CallbackEndpointRow.paused_until_ms <= now),
        )
        .subquery()
    )
    first = select(due).where(due.c.place <= IN_FLIGHT).order_by(due.c.place, due.c.due_ms, due.c.id).limit(AT_ONCE)
    found = session.execute(first).all()
    under_way = _under_way(session, now) if found else {}
    return [row.id for row in found if row.place + under_way.get(row.endpoint_id, 0) <= room_of(row.failures)]


def _under_way(session: Session, now: int) -> dict[str, int]:
    counted = session.execute(
        select(DeliveryRow.endpoint_id, func.count())
        .where(DeliveryRow.lease_until_ms > now)
        .group_by(DeliveryRow.endpoint_id)
    )
    return {row[0]: row[1] for row in counted}


def _put_back(parts: Parts, ids: list[str]) -> None:
    with parts.database.writing() as session:
        session.execute(
            update(DeliveryRow).where(DeliveryRow.id.in_(ids), DeliveryRow.state == "pending").values(released_ms=None)
        )
