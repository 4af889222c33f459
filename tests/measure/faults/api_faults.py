"""What happens to the API: killed between the commit of an article and the ring for workers."""

from __future__ import annotations

import os
import signal
import sys
import time
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from sqlalchemy import select

from tests.measure.faults.audit import outcome, wait_for_all
from tests.measure.faults.line import Line, Outcome
from tests.measure.faults.texts import article
from tests.measure.faults.watch import Watch
from tests.measure.faults.world import World, world
from tts_service.db.session import Database
from tts_service.db.tables import JobRow
from tts_service.engines.voices.registry import Registry
from tts_service.jobs import submit as submitting
from tts_service.web.api import jobs as api_jobs
from tts_service.web.schemas.jobs import JobRequest

PUBLISH_LIMIT_S = 75.0
EVERY_S = 1.0


def killed_before_ringing(jobs: int) -> Outcome:
    """A process that takes an article dies before it rings; the client, without an answer, sends it again later."""
    with world() as made:
        watch = Watch(made.parts.database)
        watch.start()
        try:
            died = 0
            for number in range(jobs):
                died += _dies_with(made, number)
                time.sleep(EVERY_S)
            accepted = [_sent_again(made, number) for number in range(jobs)]
            wait_for_all(made, watch, accepted, 300, lambda: None)
            found = outcome(made, watch, accepted, limit_s=PUBLISH_LIMIT_S)
        finally:
            watch.stop()
        found.hits = died
        found.recovery_s = _started_after_s(made)
        return found


def _dies_with(made: World, number: int) -> bool:
    """Whether a process that takes the article was killed as it was about to ring."""
    pid = os.fork()
    if pid == 0:
        try:  # connections of another process can't be used in this one
            sys.path.insert(0, made.environment["PYTHONPATH"].split(os.pathsep)[0])  # the slow engine
            voices = Registry(made.settings)
            parts = replace(made.parts, database=Database(made.parts.database.url), voices=voices)
            with patch.object(submitting, "dispatch", _die):
                api_jobs._taken(parts, JobRequest.model_validate(article(number)), None)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL


def _die(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _sent_again(made: World, number: int) -> str:
    with made.client() as client:
        answer = client.post("/v1/jobs", json=article(number))
    assert answer.status_code == 200, f"{answer.status_code}: the article that was committed isn't known"
    return str(answer.json()["id"])


def _started_after_s(made: World) -> list[float]:
    with made.parts.database.reading() as session:
        rows = session.execute(select(JobRow.created_ms, JobRow.started_ms)).all()
    return [(row.started_ms - row.created_ms) / 1000 for row in rows if row.started_ms]


LINES = (Line(name="api-killed", number=12, fault="API killed before it rings", run=killed_before_ringing),)
