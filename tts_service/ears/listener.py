"""Listener: recognises sentences in a child process of low priority, which holds the model while it runs."""

from __future__ import annotations

import os
import sys
from typing import Protocol

from tts_service.ears.model_files import missing
from tts_service.ears.spectrogram import WINDOW_S
from tts_service.engines.child.process import GRACE_S, ChildLostError, ChildProcess
from tts_service.errors import EarsUnavailable
from tts_service.settings import Settings
from tts_service.values import Segment

MEMORY_MB = 900
"""Limit of the child: while it loads the model it takes 650 MB, afterwards half of that."""
_DEADLINE_S = 120.0
"""For a sentence, or for loading the model; both take a few seconds, on a busy machine at the lowest priority more."""


class Listens(Protocol):
    """Recognises what is said in sentences."""

    def hear(self, segment: Segment, language: str) -> str | None:
        """What is said in a sentence; None: it is too long, or in a language that the recogniser doesn't know.

        Raises EarsUnavailable."""


class Listener:
    """Owns the child; use it as a context. It starts with the first sentence."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._child: ChildProcess | None = None

    def __enter__(self) -> Listener:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    @property
    def memory_mb(self) -> float:
        """Of the child; 0 without one."""
        return self._child.memory_mb if self._child is not None else 0.0

    def close(self) -> None:
        """Ends the child; the next sentence starts another one."""
        if self._child is not None:
            self._child.end(GRACE_S)
            self._child = None

    def hear(self, segment: Segment, language: str) -> str | None:
        """As `Listens.hear`."""
        if segment.duration_ms >= WINDOW_S * 1000:
            return None
        try:
            child = self._child or self._start()
            child.send({"rate_hz": segment.sample_rate_hz, "language": language}, _DEADLINE_S, segment.pcm)
            header = child.receive(_DEADLINE_S).header
        except ChildLostError as lost:
            self.close()
            raise EarsUnavailable(f"The recogniser's process failed: {lost}.", cause=lost.cause) from lost
        return header.get("text")

    def _start(self) -> ChildProcess:
        if reason := missing():
            raise EarsUnavailable(f"The recogniser is missing: {reason}.")
        line = [sys.executable, "-P", "-m", "tts_service.ears", "--parent", str(os.getpid())]
        try:
            child = self._child = ChildProcess(self._settings, line, MEMORY_MB)
        except OSError as error:
            raise EarsUnavailable(f"The recogniser's process can't be started: {error}.") from error
        if failure := child.receive(_DEADLINE_S).header.get("error"):
            self.close()
            raise EarsUnavailable(failure["message"])
        return child
