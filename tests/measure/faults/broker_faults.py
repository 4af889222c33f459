"""What happens to the broker: killed with and without its data, emptied, paused, unreachable, full."""

from __future__ import annotations

import signal
from collections.abc import Callable

from tests.measure.faults.drive import Drive, driving
from tests.measure.faults.line import Line, Outcome, at
from tests.measure.faults.world import Plan

RETURN_LIMIT_S = 30.0
AWAY_S = 3.0
POST_LIMIT_S = 1.0
SILENCE_LIMIT_S = 60.0
"""A connection that says nothing is given up by its reader after about 51 s (kombu's health checks)."""
STUCK_LIMIT_S = 90.0
TAKES_NOTHING = "takes no messages"
"""In the log of a worker that its watchdog ends."""
_TIMES = 5


def killed_with_its_file(jobs: int) -> Outcome:
    """The append-only file keeps what was synced."""
    return _killed(jobs, Plan(durable_broker=True))


def killed_without_its_data(jobs: int) -> Outcome:
    """It comes back empty."""
    return _killed(jobs, Plan(durable_broker=False))


def deaf_workers(jobs: int) -> Outcome:
    """Workers that often don't notice that the broker was restarted: the watchdog ends them."""
    plan = Plan(durable_broker=True, oddities={"celery": {"worker_enable_remote_control": False}})
    with driving(jobs, plan) as drive:
        found = _struck(drive, _restart(drive))
        found.limit_s = STUCK_LIMIT_S
        stuck = sum(drive.world.log_of(name).count(TAKES_NOTHING) for name in ("worker-0", "worker-1"))
        found.notes["workers that took nothing and were replaced"] = stuck
        return found


def _killed(jobs: int, plan: Plan) -> Outcome:
    with driving(jobs, plan) as drive:
        return _struck(drive, _restart(drive))


def _restart(drive: Drive) -> Callable[[], None]:
    def strike() -> None:
        drive.world.broker.kill()
        drive.wait(AWAY_S)
        drive.world.broker.start()

    return strike


def emptied(jobs: int) -> Outcome:
    """FLUSHALL."""
    with driving(jobs) as drive:

        def strike() -> None:
            drive.world.broker.client.flushall()

        return _struck(drive, strike)


def _struck(drive: Drive, strike: Callable[[], None]) -> Outcome:
    """Strike so many times. Jobs that run need no broker: recovery is how long slots that became free stay idle."""
    met, idle_s = 0, []
    for _ in range(_TIMES):
        drive.until_busy()
        if drive.over():
            break
        met += drive.watch.count("running")
        strike()
        idle_s.append(drive.idle_s())
    drive.ended()
    found = drive.outcome(RETURN_LIMIT_S)
    found.hits, found.recovery_s = met, idle_s
    return found


def paused(jobs: int) -> Outcome:
    """SIGSTOP for a minute, four times, while articles arrive."""
    with driving(jobs, every_s=2.0) as drive:

        def silent() -> None:
            drive.world.broker.send(signal.SIGSTOP)
            drive.wait(60.0)
            drive.world.broker.send(signal.SIGCONT)

        return _silenced(drive, silent)


def half_open(jobs: int) -> Outcome:
    """Connections stay open, and nothing comes through them for two minutes, four times."""
    with driving(jobs, Plan(proxied=True), every_s=4.0) as drive:
        proxy = drive.world.proxy
        assert proxy is not None

        def silent() -> None:
            proxy.silent.set()
            drive.wait(120.0)
            proxy.silent.clear()

        return _silenced(drive, silent)


def full(jobs: int) -> Outcome:
    """The broker refuses every write for half a minute (noeviction), four times."""
    with driving(jobs, every_s=1.2) as drive:

        def silent() -> None:
            drive.world.broker.client.config_set("maxmemory", 1)
            drive.wait(30.0)
            drive.world.broker.client.config_set("maxmemory", 0)

        return _silenced(drive, silent)


def _silenced(drive: Drive, silent: Callable[[], None], times: int = 4) -> Outcome:
    """While the broker takes nothing, articles are accepted, and at once. Met are the jobs that run meanwhile."""
    met, idle_s, posts_s = 0, [], []
    for _ in range(times):
        drive.until_busy()
        before = len(drive.sender.took_s)
        with drive.meeting() as running:
            silent()
        met += len(running)
        posts_s += drive.sender.took_s[before:]
        idle_s.append(drive.idle_s())
    drive.ended()
    found = drive.outcome(SILENCE_LIMIT_S)
    found.hits, found.recovery_s = met, idle_s
    refused = {name: count for name, count in drive.sender.answers.items() if name not in ("200", "202")}
    found.notes |= {"POST p99 meanwhile": f"{at(posts_s, 0.99):.2f} s of {len(posts_s)}", "refused": refused or 0}
    if not posts_s or at(posts_s, 0.99) > POST_LIMIT_S:
        found.problems = [*found.problems, f"POST took more than {POST_LIMIT_S} s"]
    return found


LINES = (
    Line(name="broker-killed", number=4, fault="SIGKILL the broker, back with its file", run=killed_with_its_file),
    Line(name="broker-lost", number=5, fault="SIGKILL the broker, back empty", run=killed_without_its_data),
    Line(name="broker-emptied", number=6, fault="FLUSHALL", run=emptied),
    Line(name="broker-paused", number=7, fault="SIGSTOP the broker for 60 s", run=paused),
    Line(name="broker-half-open", number=7.5, fault="nothing comes through to the broker for 120 s", run=half_open),
    Line(name="broker-full", number=8, fault="the broker refuses writes for 30 s", run=full),
    Line(
        name="worker-stuck",
        number=9,
        fault="broker restarts, no remote control",
        run=deaf_workers,
    ),
)
