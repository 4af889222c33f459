"""Rings for workers while rows are due: "this queue has work"."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from tts_service.errors import BrokerUnavailable
from tts_service.parts import Parts
from tts_service.queue.turns import WorkQueue, count_due

log = logging.getLogger(__name__)


def ring_due(parts: Parts, queues: Sequence[WorkQueue[Any]], now_ms: int | None = None) -> int:
    """Ring until as many rings wait at each queue as rows are due there, at most one for each slot. Returns how many
    were added; never raises for the broker: the next call rings for what it didn't take.

    `now_ms`: a moment of the database's clock in which what is to be rung for was due; None: now."""
    with parts.database.at_once(write=False) as connection:
        now = parts.database.now_ms(connection) if now_ms is None else now_ms
        due = [(queue, count_due(connection, queue, now, queue.slots(parts.settings))) for queue in queues]
    return sum(ring(parts, queue, rows) for queue, rows in due if rows)


def ring(parts: Parts, queue: WorkQueue[Any], rows: int = 1) -> int:
    """Ring for so many due rows. Returns how many rings were added; 0 also where the broker is down."""
    try:
        return parts.fill(queue.name, min(rows, queue.slots(parts.settings)))
    except BrokerUnavailable as error:
        log.warning("broker down, %s waits in the database: %s", queue.name, error)
        return 0
