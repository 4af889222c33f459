"""Transactional outbox: an event is stored with the change it reports, then the broker is notified."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import event, or_, select
from sqlalchemy.orm import Session

from tts_service.callbacks.deliveries import DELIVERIES
from tts_service.callbacks.endpoints import jobs_endpoint
from tts_service.db.session import new_id
from tts_service.db.tables import CallbackEndpointRow, DeliveryRow, JsonDict
from tts_service.parts import Parts
from tts_service.queue.rings import ring

Facts = Callable[[], JsonDict]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something publishers are notified of."""

    type: str
    site: str
    facts: Facts
    """Creates `data`; called only if an endpoint receives the event."""
    callback_url: str | None = None
    """callback_url of the job concerned."""


def put(parts: Parts, session: Session, happened: Event) -> None:
    """Stores a delivery per endpoint that receives the event; rings for them after the commit."""
    now = parts.database.now_ms(session)
    targets: list[tuple[CallbackEndpointRow, str | None]] = [(row, None) for row in _listening(session, happened)]
    if happened.callback_url:
        targets.append((jobs_endpoint(session, happened.site, happened.callback_url, now), happened.callback_url))
    if not targets:
        return
    deliver_to(parts, session, targets, kind=happened.type, site=happened.site, data=happened.facts())
    # A paused endpoint gets it after its pause.
    ring_when_kept(parts, session, sum((endpoint.paused_until_ms or 0) <= now for endpoint, _ in targets))


def deliver_to(
    parts: Parts,
    session: Session,
    targets: Iterable[tuple[CallbackEndpointRow, str | None]],
    *,
    kind: str,
    site: str,
    data: JsonDict,
) -> list[DeliveryRow]:
    """Stores deliveries of one event to endpoints, at their own or the given address.

    Doesn't ring: see `ring_when_kept`.
    """
    now = parts.database.now_ms(session)
    stamp = datetime.fromtimestamp(now / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    body = json.dumps({"type": kind, "timestamp": stamp, "data": data}, ensure_ascii=False, separators=(",", ":"))
    event_id = new_id("evt")
    rows = [
        DeliveryRow(
            id=new_id("dlv"),
            endpoint_id=endpoint.id,
            event_id=event_id,
            type=kind,
            site=site,
            url=url,
            body=body,
            state="pending",
            reason="",
            due_ms=now,
            created_ms=now,
        )
        for endpoint, url in targets
    ]
    session.add_all(rows)
    return rows


def ring_when_kept(parts: Parts, session: Session, deliveries: int) -> None:
    """Rings for so many deliveries after the commit; beat rings later where the broker didn't take it."""

    def ring_now(_session: Session) -> None:
        try:
            ring(parts, DELIVERIES, deliveries)
        except Exception:  # the change is committed: its caller must not see an error
            log.exception("%d callbacks wait in the database", deliveries)

    if deliveries:
        event.listen(session, "after_commit", ring_now, once=True)


def _listening(session: Session, happened: Event) -> list[CallbackEndpointRow]:
    rows = session.scalars(
        select(CallbackEndpointRow).where(
            or_(CallbackEndpointRow.site == happened.site, CallbackEndpointRow.site.is_(None)),
            CallbackEndpointRow.jobs_key.is_(None),
            CallbackEndpointRow.disabled_ms.is_(None),
            CallbackEndpointRow.removed_ms.is_(None),
        )
    )
    return [row for row in rows if not row.events or happened.type in row.events.split(",")]
