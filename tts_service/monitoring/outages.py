"""Which part of the service is down, and what to do about it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import redis
from sqlalchemy import func, select

from tts_service.db.session import Database
from tts_service.db.tables import ProcessRow
from tts_service.jobs.figures import QueueFigures, queue_figures
from tts_service.parts import Parts
from tts_service.queue.broker import connected
from tts_service.retention.ownership import store_refusal
from tts_service.settings import Settings
from tts_service.storage.base import ClipStore
from tts_service.storage.store import free_mb

_BEAT_STILL_MS = 60_000
"""Beat reports every 15 s."""
_NOT_TAKEN_MS = 120_000
"""A due job waits this long at most for a free worker, unless all are at work."""
_LOW_TIMES = 3
"""The disk is nearly full below this multiple of the space at which workers stop taking jobs."""
ASK_EVERY_S = 10.0
"""Least time between two checks of the parts, in each process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartDown:
    """A part that doesn't do its work. The API still accepts articles and serves audio."""

    part: str
    """A key of SECTIONS; for /readyz: broker, beat, workers, disk, store."""
    message: str
    """What is wrong, and what to do."""
    site_message: str = ""
    """What staff of single sites and their keys read instead, as `message` contains what a driver or a disk said, which
    may reveal paths and hosts of the installation. Empty: `message`."""

    @property
    def section(self) -> str:
        """The section of docs/operations.md that says more."""
        return SECTIONS[self.part]


SECTIONS = {
    "database": "the-database",
    "store": "the-store-and-its-disk",
    "disk": "the-store-and-its-disk",
    "broker": "the-broker",
    "beat": "beat",
    "workers": "workers",
    "queue": "workers",
    "failures": "engines-and-articles",
    "callbacks": "publishers-cmss-and-feeds",
}
"""Sections of docs/operations.md, by part."""


def parts_down(database: Database, settings: Settings) -> list[PartDown]:
    """Everything that is down beside database and store. Raises DatabaseUnavailable."""
    with database.reading() as session:
        now = database.now_ms(session)
        seen = session.scalar(select(func.max(ProcessRow.seen_ms)).where(ProcessRow.part == "beat"))
        queues = queue_figures(session, now)
    found = (broker_down(settings), beat_down(seen, now), workers_down(queues, now), disk_down(settings))
    return [one for one in found if one is not None]


class OutageCheck:
    """What is down, asked at most every 10 s per process, however often it is polled."""

    def __init__(self, parts: Parts, now_s: Callable[[], float] = time.monotonic) -> None:
        self._parts = parts
        self._now_s = now_s
        self._asking = threading.Lock()
        self._asked_at_s: float | None = None
        self._down: list[PartDown] = []

    def down(self) -> list[PartDown]:
        """Raises DatabaseUnavailable, StoreUnavailable."""
        with self._asking:
            now_s = self._now_s()
            if self._asked_at_s is None or now_s >= self._asked_at_s + ASK_EVERY_S:
                not_ours = store_down(self._parts.database, self._parts.store)
                self._down = parts_down(self._parts.database, self._parts.settings) + ([not_ours] if not_ours else [])
                self._asked_at_s = now_s
            return self._down


def broker_down(settings: Settings) -> PartDown | None:
    """Whether the broker doesn't respond; known within seconds."""
    try:
        with connected(settings, within_s=1) as broker:
            broker.ping()
    except (redis.RedisError, OSError, ValueError):
        advice = "start it, or check TTS_BROKER_URL; until then, jobs wait in the database."
        return PartDown(part="broker", message=f"The broker doesn't respond: {advice}")
    return None


def beat_down(seen_ms: int | None, now_ms: int) -> PartDown | None:
    """Whether beat stands still. `seen_ms`: its last sign of life; None: there was none."""
    if seen_ms is not None and now_ms - seen_ms <= _BEAT_STILL_MS:
        return None
    since = "was never seen" if seen_ms is None else f"was last seen {in_words(now_ms - seen_ms)} ago"
    return PartDown(
        part="beat",
        message=f"Beat {since}: start `tts-service beat`, or look at its log; nothing is retried until then.",
    )


def workers_down(queues: list[QueueFigures], now_ms: int) -> PartDown | None:
    """Whether jobs are due that nobody takes. Workers that are all at work take none, either."""
    for queue in queues:
        due, taken = queue.oldest_due_ms, queue.taken_ms or 0
        if due is not None and not queue.running and now_ms - max(due, taken) > _NOT_TAKEN_MS:
            waits = f"No worker takes the jobs of queue {queue.queue}; one has been due for {in_words(now_ms - due)}"
            return PartDown(part="workers", message=f"{waits}: start `tts-service worker`, or look at its log.")
    return None


def disk_down(settings: Settings) -> PartDown | None:
    """Whether the store's disk is nearly full."""
    free, least = free_mb(settings), settings.min_free_mb
    if free is None or free >= least * _LOW_TIMES:
        return None
    return PartDown(
        part="disk",
        message=f"{free} MB are free; workers take no jobs below TTS_MIN_FREE_MB={least}: free some space.",
    )


def store_down(database: Database, store: ClipStore) -> PartDown | None:
    """Whether the store isn't this installation's. Raises StoreUnavailable."""
    refusal = store_refusal(database, store)
    return PartDown(part="store", message=refusal) if refusal else None


def in_words(ms: int) -> str:
    """A time that passed, for messages."""
    return f"{ms // 1000} s" if ms < 600_000 else f"{ms // 60_000} min"
