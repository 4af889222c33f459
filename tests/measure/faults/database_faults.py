"""What happens to the database: stopped and started, connections cut before they commit."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.measure.faults.drive import driving
from tests.measure.faults.line import Line, Outcome
from tests.measure.faults.world import Plan

AWAY_S = 30.0
RETURN_LIMIT_S = 90.0
"""A lease that ran out while nobody could renew it, and a sweep."""
_TIMES = 5


def stopped(jobs: int) -> Outcome:
    """Stopped for half a minute, five times, while articles arrive."""
    with driving(jobs, every_s=0.5) as drive:
        postgres = drive.world.postgres
        assert postgres is not None
        for _ in range(_TIMES):
            drive.until_busy()
            if drive.over():
                break
            drive.watch.hit(drive.world.running())
            postgres.stop()
            drive.wait(AWAY_S)
            postgres.start()
            drive.watch.back()
            drive.wait(15.0)
        drive.ended()
        found = drive.outcome(RETURN_LIMIT_S)
        found.notes["answers"] = dict(drive.sender.answers)
        others = set(drive.sender.answers) - {"200", "202", "503"}
        if others:
            found.problems = [*found.problems, f"answers other than 503 while the database was down: {others}"]
        return found


def cut_before_commit(jobs: int) -> Outcome:
    """Each job's connection is cut when its clip is published: everything is written, nothing is committed."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="tts-cut-"))
        drive = stack.enter_context(driving(jobs, Plan(oddities={"cut_before_commit": folder})))
        seen: set[str] = set()

        def look() -> None:
            new = {path.name for path in Path(folder).iterdir()} - seen
            drive.watch.hit(new)
            seen.update(new)

        drive.meanwhile = look
        drive.ended()
        return drive.outcome()  # the job is tried again when its turn comes


LINES = (
    Line(name="database-stopped", number=10, fault="PostgreSQL stopped for 30 s", run=stopped),
    Line(name="commit-cut", number=11, fault="connection cut before the clip is committed", run=cut_before_commit),
)
