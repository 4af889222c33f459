"""SIGTERM to a worker's main process: it waits for its slots, and only so long."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from workers import leaving


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)
    leaving._shared[:] = bytes(len(leaving._shared))


def told_to_end() -> list[str]:
    """What happens in this process at SIGTERM, in order."""
    seen: list[str] = []
    signal.signal(signal.SIGTERM, lambda *_: seen.append("ends"))
    leaving.leave_on_sigterm(lambda: seen.append(f"{leaving.slots_at_work()} at work"))
    os.kill(os.getpid(), signal.SIGTERM)
    return seen


def test_an_idle_worker_ends_at_once() -> None:
    assert told_to_end() == ["0 at work", "ends"]
    assert leaving.is_leaving()


def test_it_waits_for_its_slots() -> None:
    begun = threading.Event()

    def work_until_told() -> None:
        with leaving.at_work():
            begun.set()
            while not leaving.is_leaving():
                time.sleep(0.01)

    slot = threading.Thread(target=work_until_told)
    slot.start()
    begun.wait()
    assert told_to_end() == ["0 at work", "ends"]
    slot.join()


def test_a_slot_that_was_killed_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaving, "PATIENCE_S", 60.0)
    leaving._shared[0] = 1  # as a killed process leaves it
    leaving.slot_begins()
    assert told_to_end() == ["0 at work", "ends"]


def test_its_patience_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaving, "PATIENCE_S", 0.1)
    with leaving.at_work():
        assert told_to_end() == ["1 at work", "ends"]


def test_a_slot_of_a_leaving_worker_takes_no_job(tasks: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    leaving._shared[leaving._LEAVING] = 1
    taken: list[str] = []
    monkeypatch.setattr(tasks, "claim_next", lambda *_: taken.append("a job"))
    tasks.narrate_next.apply(("normal",))
    assert taken == []
