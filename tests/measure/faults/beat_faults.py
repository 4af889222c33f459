"""Two beats at once, and clocks that are wrong."""

from __future__ import annotations

from pathlib import Path

from tests.measure.faults.drive import driving
from tests.measure.faults.line import Line, Outcome
from tests.measure.faults.world import Plan

_FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1")
"""Of Debian's package faketime. It moves the monotonic clock, too: where told not to, it lets time.sleep fail."""


def two_beats(jobs: int) -> Outcome:
    """Two beats ring and sweep, while jobs are given back and taken again in short turns."""
    with driving(jobs, Plan(settings={"slice_s": 3.0, "sweep_s": 1.0})) as drive:
        drive.world.start("beat-2")
        most = 0
        bound = sum(drive.world.plan.slots)

        def look() -> None:
            nonlocal most
            most = max(most, int(drive.world.broker.client.llen("normal")))  # type: ignore[arg-type]

        drive.meanwhile = look
        drive.ended()
        found = drive.outcome()
        found.hits = jobs
        found.notes["rings at once at most"] = f"{most} of {bound}"
        if most > 2 * bound:  # each beat may add what it finds missing at the same moment
            found.problems = [*found.problems, f"{most} rings waited at once, with {bound} slots"]
        return found


def wrong_clocks(jobs: int) -> Outcome:
    """One worker's clock is an hour ahead, the other's an hour behind; then the API's."""
    with driving(jobs) as drive:
        if not _FAKETIME.exists():
            raise RuntimeError("this line needs Debian's package faketime")
        met = 0
        for number in range(4):
            drive.until_busy()
            running = drive.world.running()
            met += len(running)
            drive.watch.hit(running)
            for place, name in enumerate(("worker-0", "worker-1", "api")):
                sign = "+" if (number + place) % 2 else "-"
                drive.world.kill(name)
                drive.world.start(name, LD_PRELOAD=str(_FAKETIME), FAKETIME=f"{sign}1h")
            drive.wait(20.0)
        drive.ended()
        return drive.outcome(90.0)


LINES = (
    Line(name="clocks-wrong", number=20, fault="clocks of workers and API an hour off", run=wrong_clocks),
    Line(name="two-beats", number=22, fault="two beats at once, turns of 3 s", run=two_beats),
)
