"""A publisher's side for tests: endpoints entered in the database, and a receiver that answers as it is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, update
from standardwebhooks import Webhook

from tests.parts.factories import Doorbell
from tests.parts.small_internet import Net, net, reply
from tts_service.callbacks.deliver import deliver_now
from tts_service.callbacks.endpoints import EndpointDraft, add_endpoint
from tts_service.callbacks.log import attempts, send_test
from tts_service.callbacks.outbox import Event, put
from tts_service.db.tables import CallbackEndpointRow, DeliveryAttemptRow, DeliveryRow
from tts_service.http.client import Outbound
from tts_service.http.rules import rules_of
from tts_service.parts import Parts

URL = "http://cms.lan/callbacks"
"""Plain http: the operator of these tests vouches for it."""
VOUCHED = "cms.lan"


@dataclass(slots=True)
class Publisher:
    """A receiver with its endpoint."""

    parts: Parts
    outbound: Outbound
    net: Net
    endpoint: str
    secret: str
    answers: list[list[bytes]] = field(default_factory=list)
    """Answers to come, one a call; then 204."""

    def deliver(self, delivery_id: str) -> DeliveryRow:
        """One turn with a delivery that is due; the row as it is afterwards."""
        make_due(self.parts, delivery_id)
        deliver_now(self.parts, self.outbound, delivery_id)
        return delivery(self.parts, delivery_id)

    def test_event(self) -> str:
        """A delivery of a test event that nobody was told of."""
        return send_test(self.parts, self.endpoint, ring=False).id

    def received(self) -> list[tuple[dict[str, str], str]]:
        """(headers by small name, body) of each call."""
        return [taken_apart(request) for request in self.net.requests]

    def verified(self) -> list[Any]:
        """What the library of the standard reads in each call. It raises for one that isn't signed as agreed."""
        return [Webhook(self.secret).verify(body, headers) for headers, body in self.received()]


@contextmanager
def publisher(parts: Parts, **wanted: Any) -> Iterator[Publisher]:
    """A publisher whose receiver listens; `parts` must vouch for its host."""
    answers: list[list[bytes]] = []

    def answering(_request: str) -> list[bytes]:
        return answers.pop(0) if answers else reply(b"", status="204 No Content")

    with net(answering) as made:
        row, secret = add_endpoint(parts, EndpointDraft(**({"url": URL, "site": "gazette"} | wanted)))
        client = made.client(rules_of(parts.settings))
        yield Publisher(parts=parts, outbound=client, net=made, endpoint=row.id, secret=secret, answers=answers)


def taken_apart(request: str) -> tuple[dict[str, str], str]:
    """Headers by small name, and the body, of a request as `Net` keeps it."""
    head, _, body = request.partition("\r\n\r\n")
    pairs = (line.partition(": ") for line in head.split("\r\n")[1:])
    return {name.lower(): value for name, _, value in pairs}, body.encode("latin-1").decode()


def happened(parts: Parts, kind: str = "clip.ready", site: str = "gazette", **more: Any) -> None:
    """Something happened in a transaction of its own."""
    with parts.database.writing() as session:
        put(parts, session, Event(type=kind, site=site, facts=lambda: {"revision": 1}, **more))


def all_deliveries(parts: Parts) -> list[DeliveryRow]:
    """Every delivery, oldest first."""
    with parts.database.reading() as session:
        return list(session.scalars(select(DeliveryRow).order_by(DeliveryRow.created_ms, DeliveryRow.id)))


def delivery(parts: Parts, delivery_id: str) -> DeliveryRow:
    with parts.database.reading() as session:
        return session.get_one(DeliveryRow, delivery_id)


def endpoint(parts: Parts, endpoint_id: str) -> CallbackEndpointRow:
    with parts.database.reading() as session:
        return session.get_one(CallbackEndpointRow, endpoint_id)


def tries(parts: Parts, delivery_id: str) -> list[DeliveryAttemptRow]:
    with parts.database.reading() as session:
        return attempts(session, delivery_id)


def set_row(parts: Parts, row_id: str, table: type[Any], **values: Any) -> None:
    """Change a row as time or somebody else would."""
    with parts.database.writing() as session:
        session.execute(update(table).where(table.id == row_id).values(**values))


def make_due(parts: Parts, delivery_id: str) -> None:
    """Its wait is over."""
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        due = (DeliveryRow.id == delivery_id, DeliveryRow.due_ms > now)
        session.execute(update(DeliveryRow).where(*due).values(due_ms=now))


def rings(bell: Doorbell) -> int:
    """Rings for deliveries that wait at the broker."""
    return bell.rung.count("callbacks")
