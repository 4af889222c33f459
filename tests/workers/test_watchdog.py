"""A worker that takes nothing although something waits is ended; any other is left alone."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from workers.watchdog import STUCK_S, Sight, Watchdog

STUCK = Sight(waiting=1, taken=7, free=True)


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def ended_after(sights: Iterable[Sight | None]) -> int | None:
    """How many seconds a worker seen so, once a second, lives; None: longer than it was watched."""
    clock = Clock()
    dog = Watchdog(clock)
    for seconds, sight in enumerate(sights):
        if dog.is_stuck(sight):
            return seconds
        clock.now += 1
    return None


def test_a_worker_that_takes_nothing_is_ended_after_its_time() -> None:
    assert ended_after([Sight(waiting=0, taken=7, free=True), *[STUCK] * 60]) == 1 + STUCK_S


@pytest.mark.parametrize(
    "other",
    [
        Sight(waiting=0, taken=7, free=True),
        Sight(waiting=1, taken=7, free=False),
        Sight(waiting=1, taken=8, free=True),
        None,
    ],
    ids=["nothing waits", "its slots are busy", "it takes messages", "the broker is away"],
)
def test_whatever_explains_it_begins_the_time_again(other: Sight | None) -> None:
    almost = [STUCK] * int(STUCK_S)
    assert ended_after([*almost, other, *almost]) is None
