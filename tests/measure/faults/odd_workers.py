"""The product's workers with another Celery setting, or with a fault at a named place.

`FAULTS_ODDITIES` is JSON: `celery` and `transport` (settings to change), `stuck_s` (the watchdog's
patience), `cut_before_commit` (a folder: the first time that a job is published, its database connection is cut before
the commit), `no_work` (jobs succeed as soon as they are claimed).
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.measure.faults.world import NOTHING, ODD
from tts_service.jobs import sink
from tts_service.jobs.lease import Lease, write
from tts_service.parts import Parts
from workers import tasks, watchdog
from workers.celery_app import app

_oddities: dict[str, Any] = json.loads(os.environ[ODD])
app.conf.update(_oddities.get("celery", {}))
app.conf.broker_transport_options |= _oddities.get("transport", {})


def cut_before_commit(folder: Path) -> None:
    """A connection is cut once for each job: all is written, nothing is committed."""
    publish = sink.publish

    def published(parts: Parts, session: Session, job_id: str, now: int) -> bool:
        moved = publish(parts, session, job_id, now)
        session.flush()
        if not (folder / job_id).exists():
            (folder / job_id).touch()
            session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        return moved

    sink.publish = published  # type: ignore[attr-defined]


def succeed(parts: Parts, _engine: object, lease: Lease, _is_leaving: object) -> bool:
    """In place of a turn's work."""
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        write(session, lease, state="succeeded", finished_ms=now, lease_owner=None, lease_until_ms=None)
    return True


@app.task(name=NOTHING)
def nothing(_: str) -> None:
    """What plain Celery is measured with."""


if "stuck_s" in _oddities:
    watchdog.STUCK_S = _oddities["stuck_s"]
if "cut_before_commit" in _oddities:
    cut_before_commit(Path(_oddities["cut_before_commit"]))
if "no_work" in _oddities:
    tasks.run_slice = succeed  # type: ignore[assignment]
