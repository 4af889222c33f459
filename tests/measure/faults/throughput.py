"""What the table, its turns and its rings cost: jobs without work beside tasks of plain Celery, on the same worker."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator

from celery import Celery
from sqlalchemy import func, select

from tests.measure.faults.backlog import put_queued
from tests.measure.faults.line import Line
from tests.measure.faults.world import NOTHING, Plan, World, world
from tests.measure.figures import Figure, exact
from tests.parts.service import until
from tts_service.db.tables import JobRow
from tts_service.queue.doorbell import configure

JOBS = 20_000
SHARE = 0.2
_PATIENCE_S = 600.0


def no_work(_jobs: int, number: int = JOBS) -> Iterator[Figure]:
    """One worker of two slots takes both kinds, one after the other, each from a queue that was filled before."""
    with world(Plan(slots=(2,), oddities={"no_work": True})) as made:
        _first_job(made)
        plain = _rate(made, number, _send_plain, lambda: _at_broker(made) == 0)
        jobs = _rate(made, number, lambda made, count: put_queued(made.parts, 1, count + 1), lambda: _queued(made) == 0)
        load = f"load {os.getloadavg()[0]:.1f}, {number} of each"
        yield exact("tasks of plain Celery", plain, "/s", note=load)
        yield exact("jobs without work, PostgreSQL", jobs, "/s", note=load)
        yield exact("jobs to tasks of plain Celery", jobs / plain, target=SHARE, sense="≥", note=load)


def _first_job(made: World) -> None:
    """Both slots are there, and have connected to everything."""
    put_queued(made.parts, 0, 1)
    until(lambda: not _queued(made), 90, "the first job is done")


def _rate(made: World, number: int, fill: Callable[[World, int], None], is_done: Callable[[], bool]) -> float:
    """How many a second a worker takes that stood still while its queue was filled."""
    made.signal("worker-0", signal.SIGSTOP)
    fill(made, number)
    made.signal("worker-0", signal.SIGCONT)
    began = time.monotonic()
    until(is_done, _PATIENCE_S, "the queue is empty")
    return number / (time.monotonic() - began)


def _send_plain(made: World, number: int) -> None:
    app = configure(Celery(set_as_current=False), made.settings)
    with app.producer_or_acquire() as producer:
        for _ in range(number):
            app.send_task(NOTHING, args=["normal"], queue="normal", producer=producer)
    app.close()


def _at_broker(made: World) -> int:
    """Messages that wait or are with the worker."""
    client = made.broker.client
    return int(client.llen("normal")) + int(client.hlen("unacked"))  # type: ignore[arg-type]


def _queued(made: World) -> int:
    with made.parts.database.reading() as session:
        return session.scalar(select(func.count()).where(JobRow.state.in_(("queued", "running")))) or 0


LINES = (Line(name="no-work", number=53, fault="20,000 jobs without work, and as many plain tasks", run=no_work),)
