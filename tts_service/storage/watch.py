"""Whether the store accepts writes: for /readyz, which is polled too often to write every time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from tts_service.errors import DiskFull, NotFound, StoreUnavailable
from tts_service.settings import Settings
from tts_service.storage.base import ClipStore
from tts_service.storage.store import free_mb

PROBE_NAME = "readyz/probe"
"""The one object that is written repeatedly."""
_EVERY_S = 60.0
"""Interval between writes while they succeed."""
_AGAIN_S = 10.0
"""Interval between writes while they fail."""
_PROBE = b"Written to see whether the store takes anything.\n"


class StoreWatch:
    """One per process: writes at most once a minute however many requests ask."""

    def __init__(self, store: ClipStore, settings: Settings, now_s: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._settings = settings
        self._now_s = now_s
        self._probing = threading.Lock()
        self._probe_at_s = 0.0
        """When the next write is due."""
        self._trouble: str | None = None
        """Why the last write failed; None if it succeeded."""
        self._full = False

    def require(self) -> None:
        """Raises DiskFull, StoreUnavailable."""
        self._store.size(PROBE_NAME)
        free, least = free_mb(self._settings), self._settings.min_free_mb
        if free is not None and free < least:
            raise DiskFull(f"{free} MB are free; workers take no jobs below TTS_MIN_FREE_MB={least}.")
        # Concurrent callers get the result of the previous write.
        if self._now_s() >= self._probe_at_s and self._probing.acquire(blocking=False):
            try:
                self._probe()
            finally:
                self._probing.release()
        if self._trouble is not None:
            raise (DiskFull if self._full else StoreUnavailable)(self._trouble)

    def _probe(self) -> None:
        try:
            self._store.put(PROBE_NAME, _PROBE)
            if self._store.get(PROBE_NAME) != _PROBE:
                raise StoreUnavailable("The store returned different bytes than were written.")
        except NotFound:
            self._trouble, self._full = "A file that was just written isn't there.", False
        except StoreUnavailable as error:
            self._trouble, self._full = error.message, isinstance(error, DiskFull)
        else:
            self._trouble, self._full = None, False
        self._probe_at_s = self._now_s() + (_EVERY_S if self._trouble is None else _AGAIN_S)
