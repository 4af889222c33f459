"""Whether broker and store respond, and how fast, for staff."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from tts_service.errors import DiskFull, StoreUnavailable
from tts_service.monitoring.outages import ASK_EVERY_S, PartDown, broker_down, disk_down, store_down
from tts_service.parts import Parts
from tts_service.storage.watch import StoreWatch


@dataclass(frozen=True, slots=True, kw_only=True)
class PartResponse:
    """Whether a part responds, and how fast."""

    part: str
    """database, broker, store."""
    took_ms: int
    down: PartDown | None
    """None: it responds."""


class PartsCheck:
    """Checks broker and store at most every 10 s per process, however many pages are open."""

    def __init__(self, parts: Parts, store_watch: StoreWatch, now_s: Callable[[], float] = time.monotonic) -> None:
        self._parts = parts
        self._store_watch = store_watch
        self._now_s = now_s
        self._checking = threading.Lock()
        self._checked_at_s: float | None = None
        self._found: tuple[PartResponse, ...] = ()

    def responses(self) -> tuple[PartResponse, ...]:
        """Broker and store. A store that doesn't respond is known within 5 s."""
        with self._checking:
            if self._checked_at_s is None or self._now_s() >= self._checked_at_s + ASK_EVERY_S:
                settings = self._parts.settings
                self._found = (
                    _timed("broker", lambda: broker_down(settings)),
                    _timed("store", self._store_down),
                )
                self._checked_at_s = self._now_s()
            return self._found

    def _store_down(self) -> PartDown | None:
        try:
            self._store_watch.require()
            return store_down(self._parts.database, self._parts.store)
        except DiskFull as error:
            full = PartDown(part="disk", message=error.message, site_message=f"{error.title}.")
            return disk_down(self._parts.settings) or full
        except StoreUnavailable as error:
            said, for_sites = (_store_fails(reason) for reason in (error.message.rstrip("."), error.title))
            return PartDown(part="store", message=said, site_message=for_sites)


def _store_fails(reason: str) -> str:
    advice = "check TTS_STORE_URL and its permissions; until it does, jobs wait."
    return f"The store doesn't take and return files ({reason}): {advice}"


def _timed(part: str, ask: Callable[[], PartDown | None]) -> PartResponse:
    began = time.perf_counter()
    down = ask()
    return PartResponse(part=part, took_ms=round((time.perf_counter() - began) * 1000), down=down)
