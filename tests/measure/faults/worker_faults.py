"""What happens to workers: killed here and on another machine, restarted, stopped beyond their lease."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from itertools import cycle

from sqlalchemy import func, select

from tests.measure.faults.drive import WAIT_S, Drive, again_and_again, driving
from tests.measure.faults.line import Line, Outcome
from tests.measure.faults.world import Plan
from tests.parts.service import until
from tts_service.db.tables import JobRow

WORKER_LIMIT_S = 90.0
_LEASE_S = 6.0
"""Of the line that waits for leases to run out."""


def speaking(drive: Drive, worker: str) -> list[str]:
    """Jobs that a worker speaks, once it is busy: on a slow machine a new one takes its time to come so far."""
    found: list[str] = []

    def busy() -> bool:
        found[:] = [job for job, owner in drive.world.owners().items() if drive.world.is_of(owner, worker)]
        return len(found) >= drive.world.plan.slots[0] - 1 or drive.over() or not drive.watch.count("queued")

    until(busy, WAIT_S, f"{worker} is busy")
    return found


def killed(jobs: int) -> Outcome:
    """Every ten seconds a whole worker is killed: the main process and all its slots."""
    with driving(jobs) as drive:
        workers = cycle(["worker-0", "worker-1"])

        def strike() -> None:
            worker = next(workers)
            met = speaking(drive, worker)
            drive.world.kill(worker)
            drive.watch.hit(met, taken_over=True)

        again_and_again(drive, strike, every_s=10.0, times=9)
        drive.ended()
        return drive.outcome(WORKER_LIMIT_S)


def killed_elsewhere(jobs: int) -> Outcome:
    """Both workers in process namespaces of their own, as on two machines: only leases tell that one is dead."""
    with driving(jobs, Plan(apart=(0, 1))) as drive:
        workers = cycle(["worker-0", "worker-1"])

        def strike() -> None:
            worker = next(workers)
            met = speaking(drive, worker)
            drive.world.kill(worker)
            drive.watch.hit(met, taken_over=True)

        again_and_again(drive, strike, every_s=30.0, times=8)
        drive.ended()
        return drive.outcome(WORKER_LIMIT_S)


def restarted(jobs: int) -> Outcome:
    """SIGTERM to both workers every fifteen seconds, as a rolling update does; each comes back by itself."""
    with driving(jobs) as drive:

        def strike() -> None:
            drive.watch.hit(speaking(drive, "worker-0") + speaking(drive, "worker-1"), taken_over=True)
            for worker in ("worker-0", "worker-1"):
                drive.world.signal(worker, signal.SIGTERM)

        again_and_again(drive, strike, every_s=15.0, times=5)
        drive.ended()
        return drive.outcome(WORKER_LIMIT_S)


def stopped(jobs: int) -> Outcome:
    """Slots stand still until others have taken their jobs over, then go on and try to write."""
    with driving(jobs, Plan(settings={"lease_s": _LEASE_S, "sweep_s": 2.0})) as drive:

        def strike() -> None:
            running = drive.world.running()
            met = dict(list(running.items())[:4])
            for pid in met.values():
                os.kill(pid, signal.SIGSTOP)
            drive.watch.hit(met, taken_over=True)
            drive.wait(2 * _LEASE_S)
            for pid in met.values():
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)

        again_and_again(drive, strike, every_s=1.0, times=12)
        drive.ended()
        found = drive.outcome(WORKER_LIMIT_S)
        refused = sum(drive.world.log_of(name).count("lease_lost") for name in ("worker-0", "worker-1"))
        found.notes["late writes refused"] = refused
        return found


def redelivered(jobs: int) -> Outcome:
    """The broker delivers every message again after five seconds, and jobs take twenty."""
    plan = Plan(slots=(8, 8), sentence_s=1.0, oddities={"transport": {"visibility_timeout": 5}})
    with driving(jobs, plan) as drive:
        drive.ended()
        found = drive.outcome()
        with drive.world.parts.database.reading() as session:
            longer = JobRow.finished_ms - JobRow.started_ms > 5000
            found.hits = session.scalar(select(func.count()).where(longer)) or 0
            found.notes["claims"] = int(session.scalar(select(func.sum(JobRow.fence))) or 0)
        return found


LINES = (
    Line(name="worker-killed", number=2, fault="SIGKILL a worker with its slots every 10 s", run=killed),
    Line(name="worker-killed-elsewhere", number=2.5, fault="the same, on other machines", run=killed_elsewhere),
    Line(name="worker-restarted", number=3, fault="SIGTERM all workers every 15 s", run=restarted),
    Line(name="redelivery", number=13, fault="messages delivered again after 5 s", run=redelivered),
    Line(name="slot-stopped", number=14, fault="SIGSTOP slots beyond their lease", run=stopped),
)
