"""An engine child for processes with short-lived threads, such as web servers: owned by one thread, ended when idle."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from contextlib import suppress
from typing import TypeVar

from tts_service.engines.base import Sound
from tts_service.engines.child.speak import EngineChild
from tts_service.errors import EngineUnavailable
from tts_service.settings import Settings
from tts_service.values import SpokenWord, Voice

IDLE_S = 600.0
"""Seconds without a sentence after which the child ends: its models need memory."""
WAIT_S = 30.0
"""Seconds that a caller waits for the sentences before its own, and for its own."""
_END_S = 5.0
_LINE = 20
"""Maximum number of waiting callers."""
T = TypeVar("T")


class ResidentEngine:
    """Speaks one sentence after the other for all threads of a process. Starts with the first one.

    A child gets SIGKILL when the thread that started it ends; threads of a web server end whenever they are idle.
    """

    def __init__(self, settings: Settings, *, idle_s: float = IDLE_S, wait_s: float = WAIT_S) -> None:
        self._child = EngineChild(settings)
        self._idle_s, self._wait_s = idle_s, wait_s
        self._work: queue.Queue[Callable[[], None] | None] = queue.Queue(_LINE)
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    @property
    def pid(self) -> int | None:
        """Process id of the child; None if none is running."""
        return self._child.pid

    def speak(self, words: Sequence[SpokenWord], voice: Voice, rate: float = 1.0) -> Sound:
        """As `EngineChild.speak`. Raises EngineUnavailable, also when too many others wait or it takes too long."""
        return self._done(lambda: self._child.speak(words, voice, rate))

    def pronounce(self, text: str, voice: Voice) -> str:
        """As `EngineChild.pronounce`. Raises EngineUnavailable."""
        return self._done(lambda: self._child.pronounce(text, voice))

    def close(self) -> None:
        """Ends thread and child."""
        with self._starting:
            thread, self._thread = self._thread, None
        if thread is not None:
            with suppress(queue.Full):  # the child ends with this process at the latest
                self._work.put(None, timeout=_END_S)
                thread.join(_END_S)

    def _done(self, work: Callable[[], T]) -> T:
        future: Future[T] = Future()

        def run() -> None:
            if future.set_running_or_notify_cancel():  # False: nobody waits for it any more
                try:
                    future.set_result(work())
                except BaseException as error:  # noqa: BLE001 - raised in the thread that asked
                    future.set_exception(error)

        self._start()
        try:
            self._work.put_nowait(run)
            return future.result(self._wait_s)
        except queue.Full:
            raise EngineUnavailable(
                "Too many requests to the voices at once: try again in a moment.", cause="busy"
            ) from None
        except TooLate:
            future.cancel()
            raise EngineUnavailable(
                f"The voice took longer than {self._wait_s:.0f} s: try again in a moment.", cause="busy"
            ) from None

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name="resident engine", daemon=True)
                self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                work = self._work.get(timeout=self._idle_s)
            except queue.Empty:
                self._child.close()
                continue
            if work is None:
                self._child.close()
                return
            work()
