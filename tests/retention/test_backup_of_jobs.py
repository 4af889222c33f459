"""A backup made while 20 jobs are worked on: elsewhere, ready clips are the same bytes and every job finishes."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.jobs.test_slices import TONE, turn
from tests.parts.factories import make_article, make_parts, stored_audio
from tts_service.db.tables import ClipRow, JobRow
from tts_service.engines.child.speak import EngineChild
from tts_service.jobs.submit import submit
from tts_service.parts import Parts
from tts_service.retention.backup.make import make_backup
from tts_service.retention.backup.restore import restore_backup

pytestmark = pytest.mark.slow

JOBS = 20
TEXT = "The ferry sails. The bridge is open."


def ready_clips(parts: Parts) -> dict[str, bytes]:
    with parts.database.reading() as session:
        clips = session.scalars(select(ClipRow.id).where(ClipRow.state == "ready")).all()
    return {clip: parts.store.get(stored_audio(parts, clip)) for clip in clips}


def finish(parts: Parts, engine: EngineChild) -> dict[str, str]:
    """Take turns until no job waits. Returns each job's state."""
    while True:
        with parts.database.reading() as session:
            jobs = {job.id: job.state for job in session.scalars(select(JobRow))}
        waiting = [job for job, state in jobs.items() if state == "queued"]
        if not waiting:
            return jobs
        for job in waiting:
            turn(parts, engine, job)


def test_a_backup_made_while_jobs_are_worked_on_loses_none(tmp_path: Path, engine: EngineChild) -> None:
    here = make_parts(tmp_path / "a", slice_s=0)  # each turn speaks one sentence
    articles = (make_article(external_id=str(number), source=f"{TEXT} Number {number}.") for number in range(JOBS))
    jobs = [submit(here, article, TONE).job_id for article in articles]
    for job in [*jobs[:5] * 6, *jobs[5:10]]:
        turn(here, engine, job)
    ready, rest = ready_clips(here), iter(jobs[5:])
    assert 0 < len(ready) < JOBS

    def go_on(_: str) -> None:
        if (job := next(rest, None)) is not None:
            for _turn in range(6):
                turn(here, engine, job)

    file = io.BytesIO()
    assert make_backup(here.settings, here.database, here.store, file, go_on).faults == []
    assert len(ready_clips(here)) > len(ready), "jobs have to finish while the backup is made"
    here.close()

    there = make_parts(tmp_path / "b", slice_s=0)
    (there.settings.data_dir / "tts.sqlite3").unlink()
    there.database.close()
    file.seek(0)
    restore_backup(there.settings, there.database, there.store, file, lambda _: None)
    assert ready_clips(there) == ready
    assert finish(there, engine) == dict.fromkeys(jobs, "succeeded")
    there.close()
