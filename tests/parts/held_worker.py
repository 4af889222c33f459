"""Rendering that stands still: what a test needs to see in the middle of a job doesn't hang on the machine's speed."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress

from tests.parts.service import ENDED, Running

WORDS = ("celery", "normal")
"""In the command line of a process that renders: the name of its program and of its queue."""
_PATIENCE_S = 60


@contextmanager
def held(service: Running, job_id: str, sentences: int) -> Iterator[Callable[[], None]]:
    """Once a job has so many sentences, every worker is stopped (SIGSTOP). What is yielded lets them go on.

    They go on at the end in any case. None is stopped while it writes: the API could write nothing either. The job
    must be much longer than `sentences`, as it goes on for some milliseconds. Its lease (60 s) runs on meanwhile.
    """
    _wait_for(service, job_id, sentences)
    stopped = _stop(service)

    def go_on() -> None:
        for pid in stopped:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
        stopped.clear()

    try:
        assert _job(service, job_id)["state"] not in ENDED, "the job had ended before it could be held: make it longer"
        yield go_on
    finally:
        go_on()


def _wait_for(service: Running, job_id: str, sentences: int) -> None:
    """By the job's own events: they come as it goes on."""
    end = time.monotonic() + _PATIENCE_S
    for event in service.events(job_id):
        if event["data"].get("progress", {}).get("done", 0) >= sentences:
            return
        assert time.monotonic() < end, f"not {sentences} sentences within {_PATIENCE_S} s"
    raise AssertionError(f"the job ended before it had {sentences} sentences")


def _stop(service: Running) -> list[int]:
    """Every worker, stopped between two transactions."""
    end = time.monotonic() + _PATIENCE_S
    while time.monotonic() < end:
        pids = service.pids(*WORDS)
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)
        if _writable(service):
            return pids
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
        time.sleep(0.01)
    raise AssertionError("no moment without a transaction was found")


def _writable(service: Running) -> bool:
    with closing(sqlite3.connect(service.data / "tts.sqlite3", timeout=0.3, isolation_level=None)) as database:
        try:
            database.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        database.execute("ROLLBACK")
        return True


def _job(service: Running, job_id: str) -> dict[str, object]:
    with service.client() as client:
        job: dict[str, object] = client.get(f"/v1/jobs/{job_id}").json()
    return job
