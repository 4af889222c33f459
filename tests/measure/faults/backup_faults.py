"""A backup made while jobs are worked on, restored elsewhere: what was ready plays, what was accepted is finished."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import select

from tests.measure.faults.audit import ENDED
from tests.measure.faults.drive import WAIT_S, driving
from tests.measure.faults.line import Line, Outcome
from tests.measure.faults.world import Plan, World, world
from tests.parts.s3_servers import s3_server, settings_of
from tests.parts.service import until
from tts_service.db.tables import ClipRow, JobRow

AT_WORK, READY, ARTICLES = 20, 3, 40
"""Jobs that are spoken by halves and clips that are ready when the backup begins; articles that are sent."""
_SHORT_TURNS: dict[str, Any] = {"slice_s": 2}
"""So that more jobs are begun than there are slots."""


def in_folder(jobs: int) -> Outcome:
    """From PostgreSQL and a folder to others."""
    return _carried(jobs, {}, {})


def in_bucket(jobs: int) -> Outcome:
    """From PostgreSQL and a bucket to others."""
    with s3_server() as old, s3_server() as new:
        return _carried(jobs, settings_of(old), settings_of(new))


def _carried(jobs: int, old: dict[str, Any], new: dict[str, Any]) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="tts-backup-") as folder:
        backup = Path(folder) / "backup.tar"
        with driving(min(jobs, ARTICLES), Plan(settings=old | _SHORT_TURNS), at_once=ARTICLES) as drive:
            here = drive.world
            until(lambda: len(_begun(here)) >= AT_WORK and len(_ready(here)) >= READY, WAIT_S, "jobs are at work")
            accepted, ready, begun = list(drive.sender.accepted.values()), _sound(here, _ready(here)), _begun(here)
            here.tool("backup", str(backup))
            meanwhile = len(_ready(here)) - len(ready)
        with world(Plan(settings=new | _SHORT_TURNS, restored=backup)) as there:
            plays = _sound(there, ready)
            problems = [f"{clip} plays other bytes" for clip in ready if plays[clip] != ready[clip]]
            until(lambda: not _unfinished(there, accepted), WAIT_S, "all jobs have ended")
            states = _states(there)
    lost = [job for job in accepted if states.get(job) != "succeeded"]
    return Outcome(
        jobs=len(accepted),
        finished=len(accepted) - len(lost),
        lost=len(lost),
        duplicates=0,
        hits=len(begun),
        hits_needed=AT_WORK,
        problems=[*problems, *(f"{job}: {states.get(job)}" for job in lost)],
        notes={"ready at the backup": len(ready), "ready while it was made": meanwhile},
    )


def _states(place: World) -> dict[str, str]:
    with place.parts.database.reading() as session:
        return {row.id: row.state for row in session.execute(select(JobRow.id, JobRow.state))}


def _unfinished(place: World, accepted: list[str]) -> list[str]:
    states = _states(place)
    return [job for job in accepted if states.get(job) not in ENDED]


def _begun(place: World) -> list[str]:
    """Jobs of which some sentences are spoken, and others aren't."""
    with place.parts.database.reading() as session:
        return list(session.scalars(select(JobRow.id).where(JobRow.state.not_in(ENDED), JobRow.done > 0)))


def _ready(place: World) -> list[str]:
    with place.parts.database.reading() as session:
        return list(session.scalars(select(ClipRow.id).where(ClipRow.state == "ready")))


def _sound(place: World, clips: Iterable[str]) -> dict[str, bytes]:
    """What a listener gets of some clips."""
    with place.client() as client:
        paths = {clip: f"/v1/clips/{clip}/audio.mp3" for clip in clips}
        return {
            clip: client.get(path, follow_redirects=True).raise_for_status().content for clip, path in paths.items()
        }


LINES = (
    Line(name="backup", number=59, fault="restored elsewhere from a backup made meanwhile", run=in_folder),
    Line(name="backup-bucket", number=59.1, fault="the same from bucket to bucket", run=in_bucket),
)
