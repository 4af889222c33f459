"""Which part of the service is down, and what to do about it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import redis
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tts_service.db.session import Database
from tts_service.db.tables import ProcessRow
from tts_service.jobs.figures import QueueFigures, queue_figures
from tts_service.parts import Parts
from tts_service.settings import Settings
from tts_service.storage.store import free_mb

_BEAT_STILL_MS = 60_000
"""Beat reports every 15 s."""
_NOT_TAKEN_MS = 120_000
"""A job that is due waits no longer for a free worker to take one, unless all are at work."""
_LOW_TIMES = 3
"""The disk is nearly full with so many times the space below which workers take no jobs."""
_ASK_EVERY_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PartDown:
    """A part that doesn't do its work. The API still accepts articles and serves audio."""

    part: str
    """broker, beat, workers, disk."""
    message: str
    """What is wrong, and what to do."""


def parts_down(database: Database, settings: Settings) -> list[PartDown]:
    """Everything that is down beside database and store. Raises DatabaseUnavailable."""
    with database.reading() as session:
        now = database.now_ms(session)
        beat, workers = _beat(session, now), _workers(queue_figures(session, now), now)
    found = (_broker(settings), beat, workers, _disk(settings))
    return [one for one in found if one is not None]


class Standing:
    """What is down, asked at most every 10 s per process, however often it is polled."""

    def __init__(self, parts: Parts, now_s: Callable[[], float] = time.monotonic) -> None:
        self._parts = parts
        self._now_s = now_s
        self._asking = threading.Lock()
        self._asked_at_s: float | None = None
        self._down: list[PartDown] = []

    def down(self) -> list[PartDown]:
        """Raises DatabaseUnavailable."""
        with self._asking:
            now_s = self._now_s()
            if self._asked_at_s is None or now_s >= self._asked_at_s + _ASK_EVERY_S:
                self._down = parts_down(self._parts.database, self._parts.settings)
                self._asked_at_s = now_s
            return self._down


def _broker(settings: Settings) -> PartDown | None:
    url = settings.broker.replace("redis+socket://", "unix://")
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=1, socket_timeout=1) as client:
            client.ping()
    except (redis.RedisError, OSError, ValueError):
        advice = "start it, or check TTS_BROKER_URL; until then, jobs wait in the database."
        return PartDown(part="broker", message=f"The broker doesn't respond: {advice}")
    return None


def _beat(session: Session, now: int) -> PartDown | None:
    seen = session.scalar(select(func.max(ProcessRow.seen_ms)).where(ProcessRow.part == "beat"))
    if seen is not None and now - seen <= _BEAT_STILL_MS:
        return None
    since = "was never seen" if seen is None else f"was last seen {_seconds(now - seen)} ago"
    return PartDown(
        part="beat",
        message=f"Beat {since}: start `tts-service beat`, or look at its log; nothing is retried until then.",
    )


def _workers(queues: list[QueueFigures], now: int) -> PartDown | None:
    """Whether jobs are due that nobody takes. Workers that are all at work take none, either."""
    for queue in queues:
        due, taken = queue.oldest_due_ms, queue.taken_ms or 0
        if due is not None and not queue.running and now - max(due, taken) > _NOT_TAKEN_MS:
            waits = f"No worker takes the jobs of queue {queue.queue}; one has been due for {_seconds(now - due)}"
            return PartDown(part="workers", message=f"{waits}: start `tts-service worker`, or look at its log.")
    return None


def _disk(settings: Settings) -> PartDown | None:
    free, least = free_mb(settings), settings.min_free_mb
    if free is None or free >= least * _LOW_TIMES:
        return None
    return PartDown(
        part="disk",
        message=f"{free} MB are free; workers take no jobs below TTS_MIN_FREE_MB={least}: free some space.",
    )


def _seconds(ms: int) -> str:
    return f"{ms // 1000} s" if ms < 600_000 else f"{ms // 60_000} min"
