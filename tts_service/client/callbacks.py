"""Callbacks that come in: only what the service signed is an event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

from tts_service.client.errors import CallbackRefused


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened."""

    id: str
    """The same at every try: an event may come twice."""
    type: str
    """clip.ready, clip.failed, clip.withdrawn, report.received, report.resolved, callback.test."""
    timestamp: str
    """When it happened, RFC 3339."""
    data: Mapping[str, Any] = field(repr=False)
    """What it is about: docs/callbacks.md."""


def verify(secret: str, body: bytes, headers: Mapping[str, str]) -> Event:
    """The event in a callback. `body`: raw, as it came; `headers`: in any case. Raises CallbackRefused."""
    receiver = Webhook(secret)
    known = {name.lower(): value for name, value in headers.items()}
    try:
        said = receiver.verify(body, known)
        return Event(id=known["webhook-id"], type=said["type"], timestamp=said["timestamp"], data=said["data"])
    except (WebhookVerificationError, KeyError, TypeError, ValueError) as error:
        raise CallbackRefused(f"this is not a callback from the service: {error}") from error
