"""A worker's turn: one delivery is signed, sent, and what came of it kept; then others that wait at its endpoint."""

from __future__ import annotations

import logging
import random
import time
from dataclasses import replace

from tts_service.callbacks.claim import Claimed, claim, settle_delivery
from tts_service.callbacks.next_try import Tried, asked_wait_ms, next_try
from tts_service.callbacks.signing import signed
from tts_service.errors import ServiceError
from tts_service.http.client import Answer, Outbound
from tts_service.http.terms import CALLBACK
from tts_service.parts import Parts

TURN_S = 10.0
"""A turn begins no further delivery after so long: other endpoints get this place."""
KEPT_OF_SUCCESS = 200
"""Characters kept of what came with a success; of a failure, all that was read."""

log = logging.getLogger(__name__)


def deliver(parts: Parts, outbound: Outbound, delivery_id: str) -> None:
    """One try of a delivery, then of others that wait for room at the same endpoint. Raises DatabaseUnavailable."""
    until = time.monotonic() + TURN_S
    following: str | None = delivery_id
    while following is not None and time.monotonic() < until:
        claimed = claim(parts, following)
        if claimed is None:
            return
        tried = _send(outbound, claimed)
        verdict = next_try(tried, claimed.number, random.random())
        following = settle_delivery(parts, claimed, tried, verdict)


def _send(outbound: Outbound, claimed: Claimed) -> Tried:
    """Call the receiver; whatever goes wrong is a failed try."""
    began = time.monotonic()
    headers = signed(claimed.secrets, claimed.event_id, claimed.now_ms, claimed.body)
    try:
        answer = outbound.post(
            claimed.url, claimed.body.encode(), CALLBACK, headers | {"content-type": "application/json"}
        )
        tried = _tried(answer, claimed.now_ms)
    except ServiceError as error:
        tried = Tried(status=None, reason=error.message)
    except Exception as error:  # the edge: a fault of ours is a failed try with a trace, not a delivery lost from sight
        log.exception("callback %s failed unexpectedly", claimed.delivery_id)
        tried = Tried(status=None, reason=f"A fault in this service: {type(error).__name__}")
    if not tried.fine:
        log.info("callback %s, try %d: %s", claimed.delivery_id, claimed.number, tried.reason)
    return replace(tried, took_ms=round((time.monotonic() - began) * 1000))


def _tried(answer: Answer, now_ms: int) -> Tried:
    text = readable(answer.body)
    asked = asked_wait_ms(answer.status, answer.headers, now_ms)
    tried = Tried(status=answer.status, answer=text, asked_ms=asked)
    if tried.fine:
        return Tried(status=answer.status, answer=text[:KEPT_OF_SUCCESS])
    hint = "; redirects are not followed: enter the address they lead to" if 300 <= answer.status < 400 else ""
    return Tried(status=answer.status, answer=text, asked_ms=asked, reason=f"It answered {answer.status}{hint}.")


def readable(body: bytes) -> str:
    """A receiver's words as text that can be kept and shown: nothing in it steers a terminal, a page or a database."""
    text = body.decode("utf-8", "replace")
    return "".join(sign if sign.isprintable() or sign in "\n\t" else " " for sign in text)
