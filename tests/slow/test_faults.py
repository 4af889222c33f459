"""A short form of `make faults`: one running service, in which one part after the other is killed."""

from __future__ import annotations

import os
import signal

import pytest
from celery import Celery

from tests.measure.faults.drive import Drive, driving
from tests.measure.faults.texts import article
from tests.measure.faults.world import Plan
from tests.parts.service import until

pytestmark = pytest.mark.slow

JOBS = 12
"""Fewer would end before the last fault."""


def short(number: int) -> dict[str, object]:
    """Without the real voice, which takes long to load."""
    return article(number, sentences=8) | {"voice": "slow:beep"}


def met(drive: Drive) -> dict[str, int]:
    """Jobs that speak now, as the watch has seen, too."""
    found: dict[str, int] = {}

    def speaks() -> bool:
        seen = {job for job, one in drive.watch.seen.items() if one.state == "running"}
        found.update({job: pid for job, pid in drive.world.running().items() if job in seen})
        return bool(found)

    until(speaks, 60, "a job speaks")
    return found


def test_whatever_fails_each_article_gets_its_clip_once() -> None:
    plan = Plan(sqlite=True, durable_broker=False, slots=(3,), sentence_s=0.3, oddities={"stuck_s": 2.0})
    with driving(JOBS, plan, at_once=JOBS, body=short) as drive:
        job, slot = next(iter(met(drive).items()))
        until(lambda: drive.world.engine_of(slot) is not None, 60, "its engine runs")
        os.kill(drive.world.engine_of(slot) or 0, signal.SIGKILL)
        drive.watch.hit([job])

        Celery(broker=drive.world.broker.url).control.cancel_consumer("normal")
        until(drive.world.processes["worker-0"].stopped, 90, "a worker that hears nothing has ended")
        drive.supervise()

        drive.watch.hit(met(drive))
        drive.world.broker.kill()
        drive.world.broker.start()

        drive.watch.hit(met(drive))
        drive.world.kill("worker-0")

        drive.ended()
        found = drive.outcome()
        assert (found.finished, found.lost, found.duplicates, list(found.problems)) == (JOBS, 0, 0, [])
        assert found.hits >= 3
