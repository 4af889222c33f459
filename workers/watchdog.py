"""Ends a worker that takes no messages although some wait and it has a free slot; its supervisor starts a new one.

After a broker's restart a Celery worker can stay connected without consuming (celery #8030, #8990, #10205).
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from celery import Celery
from celery.worker import state
from kombu.exceptions import OperationalError

from tts_service.queue.doorbell import waiting_messages
from tts_service.telemetry.metrics import WORKERS_STUCK

STUCK_S = 20.0
"""A worker with a free slot takes a waiting message within milliseconds."""
LOOK_EVERY_S = 2.0
_LEAVE_S = 60.0
"""A worker that doesn't end by itself within this time is killed."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What the watchdog sees."""

    waiting: int
    """Messages at the worker's queues."""
    taken: int
    """Messages the worker has taken since it started."""
    free: bool
    """Whether one of its slots is free."""


class Watchdog:
    """Measures how long a worker has taken nothing."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._since: float | None = None
        self._taken = 0

    def is_stuck(self, sight: Sight | None) -> bool:
        """Whether it is time to end the worker. `sight` None: the broker didn't respond, which isn't its fault."""
        if sight is None or not sight.waiting or not sight.free or sight.taken != self._taken:
            self._since = None
            self._taken = sight.taken if sight else self._taken
            return False
        if self._since is None:
            self._since = self._now_s()
        return self._now_s() - self._since >= STUCK_S


def watch(app: Celery, queues: list[str], has_free_slot: Callable[[], bool], note: Callable[[], None]) -> None:
    """Watch this worker from a thread of its main process. `note` is called before it is ended."""

    def look() -> None:
        dog = Watchdog()
        while not dog.is_stuck(_sight(app, queues, has_free_slot)):
            time.sleep(LOOK_EVERY_S)
        log.error(
            "This worker takes no messages although some wait at %s: it ends, so that its supervisor starts a new one.",
            ", ".join(queues),
        )
        WORKERS_STUCK.inc()
        note()
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(_LEAVE_S)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=look, name="watchdog", daemon=True).start()


def _sight(app: Celery, queues: list[str], has_free_slot: Callable[[], bool]) -> Sight | None:
    try:
        with app.connection_for_read() as connection:
            waiting = sum(waiting_messages(connection, queue) for queue in queues)
    except (OperationalError, OSError, *app.connection_for_read().connection_errors):
        return None
    return Sight(waiting=waiting, taken=sum(state.total_count.values()), free=has_free_slot())
