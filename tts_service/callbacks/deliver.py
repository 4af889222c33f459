"""A worker's turn: signs and sends one delivery, stores the result, then takes others for the same endpoint."""

from __future__ import annotations

import logging
import random
import time
from dataclasses import replace

from tts_service.callbacks.claim import Claimed, claim_delivery, settle_delivery
from tts_service.callbacks.next_try import Tried, asked_wait_ms, next_try
from tts_service.callbacks.signing import signed
from tts_service.errors import ServiceError
from tts_service.http.client import Answer, Outbound
from tts_service.http.terms import CALLBACK
from tts_service.parts import Parts
from tts_service.telemetry.metrics import CALLBACK_ATTEMPTS, CALLBACK_S

TURN_S = 10.0
"""After this time a turn starts no further delivery, to make room for other endpoints."""
KEPT_OF_SUCCESS = 200
"""Characters stored of a successful response; failed ones are stored as read."""

log = logging.getLogger(__name__)


def deliver(parts: Parts, outbound: Outbound, delivery_id: str) -> None:
    """Attempts a delivery, then others waiting for the same endpoint. Raises DatabaseUnavailable."""
    until = time.monotonic() + TURN_S
    following: str | None = delivery_id
    while following is not None and time.monotonic() < until:
        claimed = claim_delivery(parts, following)
        if claimed is None:
            return
        tried = _send(outbound, claimed)
        verdict = next_try(tried, claimed.number, random.random())
        following = settle_delivery(parts, claimed, tried, verdict)
        result = "again" if verdict.state == "pending" else verdict.state
        CALLBACK_ATTEMPTS.labels(result, f"{tried.status // 100}xx" if tried.status else "none").inc()
        CALLBACK_S.observe(tried.took_ms / 1000)


def _send(outbound: Outbound, claimed: Claimed) -> Tried:
    """Calls the receiver; any error is a failed attempt."""
    began = time.monotonic()
    headers = signed(claimed.secrets, claimed.event_id, claimed.now_ms, claimed.body)
    try:
        answer = outbound.post(
            claimed.url, claimed.body.encode(), CALLBACK, headers | {"content-type": "application/json"}
        )
        tried = _tried(answer, claimed.now_ms)
    except ServiceError as error:
        tried = Tried(status=None, reason=error.message)
    except Exception as error:  # process boundary: our own bugs count as failed attempts with a traceback
        log.exception("callback %s failed unexpectedly", claimed.delivery_id)
        tried = Tried(status=None, reason=f"Internal error in this service: {type(error).__name__}")
    if not tried.fine:
        log.info("callback %s, try %d: %s", claimed.delivery_id, claimed.number, tried.reason)
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
