"""Signs and sends a delivery, and stores the result."""

from __future__ import annotations

import logging
import random
import time
from dataclasses import replace

from tts_service.callbacks.deliveries import DELIVERIES, Message, outgoing_message, settle_delivery
from tts_service.callbacks.next_try import Tried, asked_wait_ms, next_try
from tts_service.callbacks.signing import signed
from tts_service.db.tables import DeliveryRow
from tts_service.errors import ServiceError
from tts_service.http.client import Answer, Outbound
from tts_service.http.terms import CALLBACK
from tts_service.parts import Parts
from tts_service.queue.claim import Claim, claim_row, fenced
from tts_service.telemetry.metrics import CALLBACK_ATTEMPTS, CALLBACK_S

KEPT_OF_SUCCESS = 200
"""Characters stored of a successful response; failed ones are stored as read."""

log = logging.getLogger(__name__)


def deliver(parts: Parts, outbound: Outbound, claimed: Claim[DeliveryRow]) -> None:
    """Sends a delivery once and stores the result. Raises DatabaseUnavailable, LeaseLost."""
    message = outgoing_message(parts, claimed)
    tried = _send(outbound, message, claimed.name)
    verdict = next_try(tried, message.number, random.random())
    settle_delivery(parts, claimed, message, tried, verdict)
    result = "again" if verdict.state == "pending" else verdict.state
    CALLBACK_ATTEMPTS.labels(result, f"{tried.status // 100}xx" if tried.status else "none").inc()
    CALLBACK_S.observe(tried.took_ms / 1000)


def deliver_now(parts: Parts, outbound: Outbound, delivery_id: str) -> None:
    """The same for one delivery without its turn, if it is due and its endpoint has room."""
    claimed = claim_row(parts, DELIVERIES, (delivery_id,))
    if claimed is not None:
        deliver(fenced(parts, claimed), outbound, claimed)


def _send(outbound: Outbound, message: Message, name: str) -> Tried:
    """Calls the receiver; any error is a failed attempt. `name`: for the log."""
    began = time.monotonic()
    headers = signed(message.secrets, message.event_id, message.now_ms, message.body)
    try:
        answer = outbound.post(
            message.url, message.body.encode(), CALLBACK, headers | {"content-type": "application/json"}
        )
        tried = _tried(answer, message.now_ms)
    except ServiceError as error:
        tried = Tried(status=None, reason=error.message)
    except Exception as error:  # process boundary: our own bugs count as failed attempts with a traceback
        log.exception("%s failed unexpectedly", name)
        tried = Tried(status=None, reason=f"Internal error in this service: {type(error).__name__}")
    if not tried.fine:
        log.info("%s, try %d: %s", name, message.number, tried.reason)
    return replace(tried, took_ms=round((time.monotonic() - began) * 1000))


def _tried(answer: Answer, now_ms: int) -> Tried:
    text = readable(answer.body)
    asked = asked_wait_ms(answer.status, answer.headers, now_ms)
    tried = Tried(status=answer.status, answer=text, asked_ms=asked)
    if tried.fine:
        return Tried(status=answer.status, answer=text[:KEPT_OF_SUCCESS])
    hint = (
        "; redirects are not followed: enter their target as the endpoint's URL" if 300 <= answer.status < 400 else ""
    )
    return Tried(
        status=answer.status, answer=text, asked_ms=asked, reason=f"The endpoint returned {answer.status}{hint}."
    )


def readable(body: bytes) -> str:
    """A response body as safe text: without characters that could affect a terminal, a page or the database."""
    text = body.decode("utf-8", "replace")
    return "".join(sign if sign.isprintable() or sign in "\n\t" else " " for sign in text)
