"""A worker's turn at a queue."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from tts_service.errors import ServiceError
from tts_service.parts import Parts
from tts_service.queue.claim import Claim, claim_row, fenced
from tts_service.queue.turns import Row, WorkQueue

TURN_S = 10.0
"""After this time a turn begins nothing more, to make room for other queues."""

log = logging.getLogger(__name__)


def work(
    parts: Parts,
    queue: WorkQueue[Row],
    do: Callable[[Parts, Claim[Row]], object],
    *,
    turn_s: float = TURN_S,
    clock: Callable[[], float] = time.monotonic,
) -> int:
    """Claim rows and do them, until nothing is due or the turn is over. Returns how many were claimed.

    `do` is given parts that only write while the claim holds, and settles it. A row that wasn't settled is taken again
    when its lease is over. Raises DatabaseUnavailable if nothing can be claimed.
    """
    until, claimed = clock() + turn_s, 0
    while (one := claim_row(parts, queue)) is not None:
        claimed += 1
        try:
            do(fenced(parts, one), one)
        except ServiceError as error:
            log.warning("%s: %s: %s", one.name, error.code, error.message)
        except Exception:  # a fault of ours ends the work on this row, and the next one goes on
            log.exception("%s failed unexpectedly", one.name)
        if clock() >= until:
            break
    return claimed
