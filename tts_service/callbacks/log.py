"""The delivery log: deliveries and attempts, replay, test events, expiry."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session, defer

from tts_service.access.audit import SERVICE, Deed, note
from tts_service.callbacks.endpoints import find_endpoint
from tts_service.callbacks.outbox import deliver_to, ring_when_kept
from tts_service.db.session import Database
from tts_service.db.tables import CallbackEndpointRow, DeliveryAttemptRow, DeliveryRow
from tts_service.errors import Conflict, InputRefused, NotFound
from tts_service.newsroom.kept_days import kept_long_enough
from tts_service.parts import Parts

TEST = "callback.test"
"""Type of the test event, which ignores endpoints' event filters."""
STATES = ("pending", "delivered", "failed")
_PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Selects deliveries."""

    site: str | None = None
    """Owner of the endpoint; None: any."""
    about: str | None = None
    """Site of the event; None: any."""
    endpoint: str | None = None
    state: str | None = None
    type: str | None = None
    before: str | None = None
    """Only deliveries older than this id."""
    limit: int = 50


def deliveries(session: Session, filters: Filter) -> list[DeliveryRow]:
    """Deliveries without their bodies, newest first. Raises InputRefused for an unknown state."""
    if filters.state is not None and filters.state not in STATES:
        raise InputRefused(f"A delivery's state must be one of {', '.join(STATES)}, not {filters.state[:40]!r}.")
    query = select(DeliveryRow).options(defer(DeliveryRow.body, raiseload=True))
    if filters.site is not None:
        query = query.join(CallbackEndpointRow, CallbackEndpointRow.id == DeliveryRow.endpoint_id)
        query = query.where(CallbackEndpointRow.site == filters.site)
    for column, value in (
        (DeliveryRow.endpoint_id, filters.endpoint),
        (DeliveryRow.state, filters.state),
        (DeliveryRow.type, filters.type),
        (DeliveryRow.site, filters.about),
    ):
        query = query.where(column == value) if value else query
    query = query.where(DeliveryRow.id < filters.before) if filters.before else query  # ids sort by time
    return list(session.scalars(query.order_by(DeliveryRow.id.desc()).limit(filters.limit)))


def find_delivery(session: Session, delivery_id: str) -> DeliveryRow:
    """The delivery with this id. Raises NotFound."""
    row = session.get(DeliveryRow, delivery_id)
    if row is None:
        raise NotFound(f"There is no delivery {delivery_id[:64]}.")
    return row


def attempts(session: Session, delivery_id: str) -> list[DeliveryAttemptRow]:
    """A delivery's attempts, oldest first."""
    mine = select(DeliveryAttemptRow).where(DeliveryAttemptRow.delivery_id == delivery_id)
    return list(session.scalars(mine.order_by(DeliveryAttemptRow.number)))


def replay(parts: Parts, delivery_id: str, *, who: str = SERVICE) -> DeliveryRow:
    """Sends it again now with the same id and a new round. Raises NotFound, Conflict (in flight, disabled)."""
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        _woken(session, find_delivery(session, delivery_id).endpoint_id)
        row = session.get_one(DeliveryRow, delivery_id, with_for_update={"key_share": True}, populate_existing=True)
        if (row.lease_until_ms or 0) > now:
            raise Conflict(f"{delivery_id} is being sent right now.")
        row.state, row.reason, row.tries, row.due_ms, row.done_ms = "pending", "", 0, now, None
        row.fence += 1  # a worker that is late writes nothing into the new round
        details = {"type": row.type}
        deed = Deed(who=who, what="callback.replayed", subject=row.id, site=row.site or None, details=details)
        note(parts.database, session, deed)
        ring_when_kept(parts, session, 1)
    return row


def send_test(parts: Parts, endpoint_id: str, *, who: str = SERVICE, ring: bool = True) -> DeliveryRow:
    """Sends a test event. `ring` False: the caller delivers it. Raises NotFound, Conflict (as replay)."""
    with parts.database.writing() as session:
        endpoint = _woken(session, find_endpoint(session, endpoint_id).id)
        if endpoint.jobs_key is not None:
            raise Conflict(
                f"{endpoint_id} represents the callback_url of jobs: to test it, send an article with a callback_url."
            )
        data = {"endpoint": endpoint.id, "site": endpoint.site, "text": "This is a test."}
        [row] = deliver_to(parts, session, [(endpoint, None)], kind=TEST, site=endpoint.site or "", data=data)
        details = {"delivery": row.id}
        deed = Deed(who=who, what="callback.tested", subject=endpoint.id, site=endpoint.site, details=details)
        note(parts.database, session, deed)
        if ring:
            ring_when_kept(parts, session, 1)
        return row


def forget(database: Database, *, most: int | None = None) -> int:
    """Deletes finished deliveries that were kept as long as their site says, with their attempts, in batches; `most`:
    about so many. Returns how many."""
    dropped = 0
    while True:
        with database.reading() as session:
            ids = session.scalars(select(DeliveryRow.id).where(old_deliveries(database, session)).limit(_PAGE)).all()
        if ids:
            with database.writing() as session:
                mine = DeliveryRow.id.in_(ids) & (DeliveryRow.state != "pending")  # one may be replayed meanwhile
                ended = session.scalars(select(DeliveryRow.id).where(mine).with_for_update()).all()
                session.execute(delete(DeliveryAttemptRow).where(DeliveryAttemptRow.delivery_id.in_(ended)))
                session.execute(delete(DeliveryRow).where(DeliveryRow.id.in_(ended)))
        dropped += len(ids)
        if len(ids) < _PAGE or (most is not None and dropped >= most):
            return dropped


def old_deliveries(database: Database, session: Session) -> ColumnElement[bool]:
    """The condition that a delivery was kept long enough."""
    now, row = database.now_ms(session), DeliveryRow
    return (row.state != "pending") & kept_long_enough(session, "keep_webhooks_days", row.site, row.done_ms, now)


def _woken(session: Session, endpoint_id: str) -> CallbackEndpointRow:
    """The endpoint with its pause ended, as manual sends are immediate. Raises Conflict if it is disabled."""
    query = select(CallbackEndpointRow).where(CallbackEndpointRow.id == endpoint_id)
    endpoint = session.scalars(query.with_for_update(key_share=True)).one()
    if endpoint.removed_ms is not None or endpoint.disabled_ms is not None:
        raise Conflict(f"{endpoint.id} is switched off ({endpoint.disabled_reason}): switch it on first.")
    endpoint.paused_until_ms = None
    return endpoint
