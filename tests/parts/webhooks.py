"""Recorded webhooks, and signing as the CMSs do it: written from their own definitions, not from the code that checks.

Secrets are made when a test runs.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from fastapi.testclient import TestClient

from tests.parts.factories import Doorbell, delete_all_rows
from tests.parts.places import DATA
from tts_service.cms.inbox.addresses import add_hook, hook_path, options_from
from tts_service.cms.inbox.receive import Inbox
from tts_service.cms.sources.base import Delivery, Event, Hook
from tts_service.cms.sources.registry import SOURCES
from tts_service.parts import Parts
from tts_service.web.api import webhooks as api_webhooks
from tts_service.web.app import create_app

WEBHOOKS = DATA / "webhooks"
NAMES = sorted(SOURCES)
CONTENTFUL_SIGNED = "x-contentful-signed-headers,x-contentful-timestamp"


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def case_of(source: str) -> dict[str, Any]:
    """What is to be expected of a source's recorded webhooks, and the hook's options they need."""
    found: dict[str, Any] = json.loads((WEBHOOKS / source / "case.json").read_text("utf-8"))
    return found


def body_of(source: str, name: str) -> bytes:
    """A recorded body, byte for byte."""
    return (WEBHOOKS / source / f"{name}.json").read_bytes()


def plain_headers(source: str, name: str) -> dict[str, str]:
    """Headers recorded with it that are no signature."""
    found: dict[str, str] = case_of(source).get("headers", {}).get(name, {})
    return {"content-type": "application/json", **found}


def make_hook(parts: Parts, source: str, **more: Any) -> Hook:
    """A hook with a fresh secret and the options of the recorded webhooks."""
    options = options_from(case_of(source).get("options", {}) | more)
    return add_hook(parts.database, source, "gazette", options)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What is to be signed."""

    secret: str
    body: bytes
    path: str = "/"
    sent_ms: int
    message_id: str = "msg_1"


def signature(source: str, letter: Letter) -> dict[str, str]:
    """The headers that a CMS of this kind adds."""
    secret, body, stamp = letter.secret.encode(), letter.body, str(letter.sent_ms)
    if source == "ghost":
        return {"x-ghost-signature": f"sha256={_mac(secret, body + stamp.encode()).hex()}, t={stamp}"}
    if source == "woocommerce":
        return {"x-wc-webhook-signature": base64.b64encode(_mac(secret, body)).decode()}
    if source == "drupal":
        return {"x-hub-signature-256": f"sha256={_mac(secret, body).hex()}"}
    if source == "sanity":
        signed = base64.urlsafe_b64encode(_mac(secret, f"{stamp}.".encode() + body)).decode().rstrip("=")
        return {"sanity-webhook-signature": f"t={stamp},v1={signed}"}
    if source == "contentful":
        listed = {"x-contentful-signed-headers": CONTENTFUL_SIGNED, "x-contentful-timestamp": stamp}
        canonical = f"x-contentful-signed-headers:{CONTENTFUL_SIGNED};x-contentful-timestamp:{stamp}"
        text = f"POST\n{letter.path}\n{canonical}\n".encode() + body
        return {**listed, "x-contentful-signature": _mac(secret, text).hex()}
    if source in ("strapi", "directus"):
        return {"authorization": f"Bearer {letter.secret}"}
    key = base64.b64decode(letter.secret.removeprefix("whsec_"))
    seconds = str(letter.sent_ms // 1000)
    signed = base64.b64encode(_mac(key, f"{letter.message_id}.{seconds}.".encode() + body)).decode()
    return {"webhook-id": letter.message_id, "webhook-timestamp": seconds, "webhook-signature": f"v1,{signed}"}


def delivery_of(hook: Hook, name: str, *, sent_ms: int | None = None, message_id: str = "msg_1") -> Delivery:
    """A recorded webhook as the CMS would send it to this hook now."""
    body, headers = body_of(hook.source, name), plain_headers(hook.source, name)
    return signed_delivery(hook, body, headers, sent_ms=sent_ms, message_id=message_id)


def signed_delivery(
    hook: Hook, body: bytes, headers: Mapping[str, str], *, sent_ms: int | None = None, message_id: str = "msg_1"
) -> Delivery:
    """A body as the CMS would send it to this hook now, with these headers besides those of the signature."""
    at, path = sent_ms or now_ms(), hook_path(hook)
    letter = Letter(secret=hook.secret, body=body, path=path, sent_ms=at, message_id=message_id)
    return Delivery(body=body, headers={**headers, **signature(hook.source, letter)}, path=path, received_ms=at)


def event_in(hook: Hook, body: Any, headers: Mapping[str, str] | None = None) -> Event:
    """The one event that this hook's source reads in a body."""
    delivery = Delivery(body=b"", headers=headers or {}, path="/", received_ms=now_ms())
    (event,) = SOURCES[hook.source].read(delivery, body, hook)
    return event


def _mac(key: bytes, text: bytes) -> bytes:
    return hmac.new(key, text, hashlib.sha256).digest()


@dataclass(frozen=True, slots=True)
class Desk:
    """One application for many tests: made once, empty for each."""

    parts: Parts
    client: TestClient

    @property
    def bell(self) -> Doorbell:
        bell: Any = self.parts.fill
        assert isinstance(bell.__self__, Doorbell)
        return bell.__self__

    def cleared(self) -> Desk:
        delete_all_rows(self.parts.database)
        self.bell.clear()
        state: Any = self.client.app
        state.state.inbox = Inbox(self.parts)
        return self


@contextmanager
def desk(parts: Parts) -> Iterator[Desk]:
    """The application around these parts, without a server. However busy the machine is, it answers what it found."""
    patient = patch.object(api_webhooks, "ANSWER_WITHIN_S", 60.0)
    with patient, TestClient(create_app(parts), raise_server_exceptions=False) as client:
        yield Desk(parts, client)
