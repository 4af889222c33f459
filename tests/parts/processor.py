"""CPU time that a test may bound: a busy machine lengthens some tries, a slow algorithm lengthens every one."""

from __future__ import annotations

import time
from collections.abc import Callable

_TRIES = 5


def cpu_s(work: Callable[[], object]) -> float:
    """CPU seconds of one call."""
    began = time.process_time()
    work()
    return time.process_time() - began


def takes_at_most(seconds: float, work: Callable[[], object]) -> bool:
    """Whether one of some calls takes no more CPU time than that; the first that does ends it."""
    return any(cpu_s(work) <= seconds for _ in range(_TRIES))


def costs_at_most(times: float, work: Callable[[], object], other: Callable[[], object]) -> bool:
    """Whether the work's best try costs at most so many times the other's; the first pair that shows it ends it."""
    best_s = others_best_s = float("inf")
    for _ in range(_TRIES):
        best_s, others_best_s = min(best_s, cpu_s(work)), min(others_best_s, cpu_s(other))
        if best_s <= times * others_best_s:
            return True
    return False
