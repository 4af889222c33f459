"""How a line goes: the client sends, a fault happens again and again, everything ends, the audit is made."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.measure.faults.audit import outcome, wait_for_all
from tests.measure.faults.line import Outcome
from tests.measure.faults.sender import Sender
from tests.measure.faults.watch import Watch
from tests.measure.faults.world import Plan, World, world
from tests.parts.service import until

WAIT_S = 600.0
"""For slots to become busy."""
STILL_S = 400.0
"""Nothing goes on for so long: what is left then is lost. Longer than a lease and a sweep, and than a callback's wait
for its third try."""
_BUSY = 0.8
"""Share of the slots that have a job while all is well: between two jobs a slot is idle for a moment."""
_STEADY_S = 2.0


@dataclass(slots=True, kw_only=True)
class Drive:
    """A line on its way."""

    world: World
    watch: Watch
    sender: Sender
    meanwhile: Callable[[], None] = lambda: None
    """Called again and again."""

    def until_busy(self) -> None:
        """Until most slots have a job, or nothing waits for one."""
        most = _BUSY * sum(self.world.plan.slots)

        def busy() -> bool:
            waiting = self.watch.count("queued") or not self.sender.done
            return self.watch.count("running") >= most or not waiting

        until(busy, WAIT_S, "the slots are busy")

    def idle_s(self, seconds: float = 15.0) -> float:
        """How long from now slots are idle although jobs wait, watched for longer than a job takes."""
        began = idle = time.monotonic()
        while (now := time.monotonic()) - began < seconds or now - idle < _STEADY_S:
            self.supervise()
            if self.watch.count("queued") and self.watch.count("running") < _BUSY * sum(self.world.plan.slots):
                idle = now
            if now - began > WAIT_S:
                break
            time.sleep(0.1)
        return idle - began

    def over(self) -> bool:
        """Whether nothing runs or waits any more."""
        return self.sender.done and not (self.watch.count("queued") or self.watch.count("running"))

    def supervise(self) -> None:
        """Start again what has ended."""
        self.world.restart_ended()
        self.meanwhile()

    def wait(self, seconds: float) -> None:
        """Let so much time pass, supervising."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.supervise()
            time.sleep(min(0.2, max(0.0, end - time.monotonic())))

    @contextmanager
    def meeting(self) -> Iterator[set[str]]:
        """Collects the jobs that run at any moment of the block's waits."""
        met: set[str] = set()
        self.meanwhile = lambda: met.update(self.world.running())
        try:
            yield met
        finally:
            self.meanwhile = lambda: None

    def ended(self, still_s: float = STILL_S) -> None:
        """Until every accepted job has ended and its callback has arrived."""
        self.sender.finish()
        wait_for_all(self.world, self.watch, self.sender.accepted.values(), still_s, self.supervise)

    def outcome(self, limit_s: float | None = None) -> Outcome:
        """With the audit."""
        return outcome(self.world, self.watch, self.sender.accepted.values(), limit_s=limit_s)


@contextmanager
def driving(jobs: int, plan: Plan | None = None, **sending: object) -> Iterator[Drive]:
    """A running service, a client that sends, a watch."""
    with world(plan) as made:
        watch = Watch(made.parts.database)
        sender = Sender(made, jobs, **sending)  # type: ignore[arg-type]
        watch.start()
        sender.start()
        try:
            yield Drive(world=made, watch=watch, sender=sender)
        finally:
            watch.stop()


def again_and_again(drive: Drive, strike: Callable[[], None], *, every_s: float, times: int) -> None:
    """Strike when the slots are busy, until the fault has come so often or all jobs have ended."""
    drive.until_busy()
    for _ in range(times):
        if drive.over():
            break
        strike()
        drive.wait(every_s)
