"""How a worker leaves on SIGTERM: its slots put their jobs down after the sentence at hand, and other workers go on.

Celery's soft shutdown would wait for a fixed time while the jobs run on, then kill the slots; on another machine their
jobs would wait for their leases to expire.
"""

from __future__ import annotations

import mmap
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from billiard.process import current_process

PATIENCE_S = 20.0
"""For slots that are encoding a file, which can't be put down half-way."""
_MOST_SLOTS = 1024
_LEAVING = _MOST_SLOTS
"""Index of the byte that says so; before it a byte for each slot: whether it works on something."""
_shared = mmap.mmap(-1, _MOST_SLOTS + 1)
"""Shared with the slots, which are forked later."""


def is_leaving() -> bool:
    """Whether this worker was told to end."""
    return _shared[_LEAVING] == 1


@contextmanager
def at_work() -> Iterator[None]:
    """While this slot works on something, its worker waits for it."""
    slot = getattr(current_process(), "index", 0)
    _shared[slot] = 1
    try:
        yield
    finally:
        _shared[slot] = 0


def slots_at_work() -> int:
    """How many slots work on something: what Celery counts itself is wrong in a worker that no longer listens."""
    return sum(_shared[:_MOST_SLOTS])


def slot_begins() -> None:
    """A new process in a slot's place: what the one before it was doing is over."""
    _shared[getattr(current_process(), "index", 0)] = 0


def leave_on_sigterm(then: Callable[[], None]) -> None:
    """Tell the slots when this process receives SIGTERM, wait for them, call `then`, and go on as was set before.

    A second SIGTERM ends the wait.
    """
    before = signal.getsignal(signal.SIGTERM)

    def leave(number: int, frame: FrameType | None) -> None:
        told_before = is_leaving()
        _shared[_LEAVING] = 1
        until = time.monotonic() + PATIENCE_S
        while not told_before and slots_at_work() and time.monotonic() < until:
            time.sleep(0.05)
        then()
        if callable(before):
            before(number, frame)

    signal.signal(signal.SIGTERM, leave)
