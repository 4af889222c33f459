"""Receives a webhook: verifies the raw bytes, stores it, answers. Processing follows in process.py."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import update

from tts_service.cms.inbox.addresses import find_hook
from tts_service.cms.inbox.insert import REFUSED, REMOVED, EventInserter
from tts_service.cms.sources.base import Claims, Delivery, Event, EventKind, Hook
from tts_service.cms.sources.json_body import read_json
from tts_service.cms.sources.registry import SOURCES, admit
from tts_service.db.session import new_id
from tts_service.db.tables import InboundEventRow
from tts_service.errors import BodyCompressed, InputRefused, NotFound, ServiceError, WebhookRefused
from tts_service.parts import Parts

MAX_BYTES = 2 * 1024 * 1024
"""Bytes of a webhook's body."""
KEPT_REFUSED_BYTES = 256 * 1024
"""A refused body is kept for staff up to so many bytes."""
KEPT_REFUSALS = 20
"""Refused deliveries recorded per hook, hour and process: senders without the secret can't fill the database."""
_KNOWN_FOR_S = 60.0
_HOUR_S = 3600
_HEADERS = ("content-type", "user-agent", "x-", "webhook-", "sanity-")
_MAX_HEADERS = 40
_MAX_REASON = 300
_PING = "an unsigned ping"
_NOWHERE = "Unknown webhook address: copy it again from the output of `tts-service hooks add`."

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The response to the sender."""

    state: str
    """received, ignored, duplicate."""
    event_id: str | None = None
    """None: nothing was kept, as of an unsigned ping."""
    reason: str = ""
    site: str | None = None
    """The site that the hook is for; None: nothing proves that the sender knows the hook's secret."""


class Inbox:
    """Receives deliveries. One per process; thread-safe."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._inserter = EventInserter(parts.database)
        self._hooks: dict[str, tuple[Hook, float]] = {}
        self._refusals: dict[tuple[str, int], int] = {}

    def take_in(self, source: str, hook_id: str, delivery: Delivery) -> Receipt:
        """Check and keep. Raises NotFound (no such address), BodyCompressed, WebhookRefused, BodyUnreadable,
        DatabaseUnavailable (only then the sender should come again)."""
        hook = self._find(source, hook_id)
        try:
            if hook is None:
                raise NotFound(_NOWHERE)
            if delivery.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
                raise BodyCompressed(
                    "Send the body without Content-Encoding: the signature covers the uncompressed body."
                )
            claims = admit(delivery, hook)
            if claims.greeting:
                self._note(hook, delivery, "ignored", _PING)
                return Receipt(state="ignored", reason=_PING)
            events = SOURCES[hook.source].read(delivery, read_json(delivery.body), hook)
        except (NotFound, InputRefused, WebhookRefused) as error:
            self.refuse(source, hook_id, delivery, error)
            if isinstance(error, WebhookRefused):
                raise WebhookRefused from None  # what exactly is wrong with a signature, only the log says
            raise
        return self._keep(hook, delivery, claims, events)

    def refuse(self, source: str, hook_id: str, delivery: Delivery, error: ServiceError) -> None:
        """Note a delivery that isn't taken. Never raises for the database: the refusal itself matters more."""
        reason = printable(f"{error.code}: {error.message}")
        log.warning("webhook %.40r %.40r refused: %s", source, hook_id, reason)
        known = self._hooks.get(hook_id)
        hook = known[0] if known and known[0].source == source else None
        self._note(hook or Hook(id=hook_id[:64], source=source[:40], site="", secret=""), delivery, REFUSED, reason)

    def _find(self, source: str, hook_id: str) -> Hook | None:
        """The hook, from memory while it was seen lately: the insert looks again whether it was removed."""
        known = self._hooks.get(hook_id)
        if known is None or time.monotonic() > known[1]:
            self._hooks.pop(hook_id, None)
            hook = find_hook(self._parts.database, hook_id)
            if hook is None:
                return None
            known = self._hooks[hook_id] = (hook, time.monotonic() + _KNOWN_FOR_S)
        return known[0] if known[0].source == source else None

    def _keep(self, hook: Hook, delivery: Delivery, claims: Claims, events: tuple[Event, ...]) -> Receipt:
        values = _values(hook, delivery)
        first = events[0]
        idle = all(event.kind is EventKind.IGNORED for event in events)
        reason = printable(first.reason)
        values |= {
            "event_key": claims.key,
            "sent_ms": claims.sent_ms,
            "kind": first.kind.value,
            "external_id": first.external_id or None,
            "reason": reason,
            "body": delivery.body,
            "state": "ignored" if idle else "received",
            "done_ms": delivery.received_ms if idle else None,
        }
        state = self._inserter.keep(values)
        if state is None:
            return self._seen_before(hook, claims)
        if state == REFUSED:
            self._hooks.pop(hook.id, None)
            log.warning("webhook %s %s refused: %s", hook.source, hook.id, REMOVED)
            raise NotFound(_NOWHERE)
        if idle:
            log.info("webhook %s %s ignored: %s", hook.source, hook.id, reason)
        return Receipt(state=state, event_id=values["id"], reason=reason if idle else "", site=hook.site)

    def _seen_before(self, hook: Hook, claims: Claims) -> Receipt:
        """Nothing was inserted: which one was there already. It is counted, so that nothing is dropped unseen."""
        wanted = (InboundEventRow.hook_id == hook.id, InboundEventRow.event_key == claims.key)
        counted = update(InboundEventRow).where(*wanted).values(again=InboundEventRow.again + 1)
        with self._parts.database.writing() as session:
            event_id = session.scalar(counted.returning(InboundEventRow.id))
        log.info("webhook %s %s came again: event %s", hook.source, hook.id, event_id)
        return Receipt(state="duplicate", event_id=event_id, reason="this event was received before", site=hook.site)

    def _note(self, hook: Hook, delivery: Delivery, state: str, reason: str) -> None:
        """Keep what isn't taken, for staff, within bounds."""
        if not self._may_note(hook.id if hook.secret else ""):
            return
        whole = hook.secret and len(delivery.body) <= KEPT_REFUSED_BYTES
        row = InboundEventRow(
            **_values(hook, delivery),
            state=state,
            reason=reason,
            body=delivery.body if whole else None,
            done_ms=delivery.received_ms,
        )
        try:
            with self._parts.database.writing() as session:
                session.add(row)
        except ServiceError as error:
            log.warning("a refused webhook could not be noted: %s", error.message)

    def _may_note(self, hook_id: str) -> bool:
        hour = int(time.time() // _HOUR_S)
        if any(noted != hour for _, noted in list(self._refusals)):
            self._refusals = {}
        count = self._refusals[hook_id, hour] = self._refusals.get((hook_id, hour), 0) + 1
        return count <= KEPT_REFUSALS


def _values(hook: Hook, delivery: Delivery) -> dict[str, Any]:
    """What every kept delivery has."""
    return {
        "id": new_id("evt"),
        "hook_id": hook.id,
        "source": hook.source,
        "site": hook.site or None,
        "path": printable(delivery.path),
        "headers": _kept_headers(delivery.headers),
        "received_ms": delivery.received_ms,
        "due_ms": 0,
        "attempts": 0,
    }


def _kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Those that tell what was sent and how it was signed; never Authorization or cookies."""
    wanted = [(name, printable(value)) for name, value in headers.items() if name.startswith(_HEADERS)]
    return dict(wanted[:_MAX_HEADERS])


def printable(text: str) -> str:
    """Text from outside for the log and for staff: printable, bounded."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text[:_MAX_REASON])
