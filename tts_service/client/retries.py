"""When a call is made again: decided here, slept elsewhere."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from tts_service.client.errors import AudioError, TryLater

TIMEOUT_S = 30.0
"""Seconds a single try may take."""
WAIT_S = 600.0
"""Seconds a job is waited for."""
_JITTER = 0.25
"""Share by which a wait that the service asked for may be longer, so that not all come back at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How often and how long a call is tried."""

    tries: int = 4
    """At most, the first one included."""
    longest_wait_s: float = 60.0
    """If the service asks for a longer wait, the error is raised at once, with `retry_after_s`."""
    first_wait_s: float = 0.5
    """Where the service doesn't say how long: doubled at each try."""

    def wait_s(self, error: AudioError, tried: int) -> float | None:
        """Seconds until the next try, after so many; None: give up."""
        if error.permanent or tried >= self.tries:
            return None
        asked = error.retry_after_s if isinstance(error, TryLater) else None
        if asked is not None:
            return asked * (1 + _JITTER * random.random()) if asked <= self.longest_wait_s else None
        if isinstance(error, TryLater) and error.code != "request_in_flight":
            return None  # a 5xx without Retry-After: nobody promised that it gets better
        most: float = min(self.longest_wait_s, self.first_wait_s * 2.0 ** (tried - 1))
        return most * (0.5 + 0.5 * random.random())


def poll_pauses() -> Iterator[float]:
    """Seconds between two looks at a job: short ones first, for short articles."""
    pause_s = 0.4
    while True:
        yield pause_s * (0.75 + 0.5 * random.random())
        pause_s = min(5.0, pause_s * 1.4)
