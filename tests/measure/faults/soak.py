"""Twenty minutes of work and faults: memory and file descriptors stay as they are."""

from __future__ import annotations

import os
import random
import signal
import statistics
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from tests.measure.faults.drive import Drive, driving
from tests.measure.faults.line import Line, Outcome
from tests.measure.faults.world import Plan
from tests.parts.service import descendants

MINUTES = 20.0
WARM_UP_S = 300.0
SLOPE_MIB_PER_H = 1.0
_KILL_EVERY_S = 20.0
_LOOK_EVERY_S = 5.0
_MOST_DESCRIPTORS = 5
"""By which a process may differ from itself after its warm-up: connections that come and go."""
_MIB = 1 << 20


def processes(jobs: int) -> Outcome:
    """A job every second; every twenty seconds an engine is killed. `jobs`: ignored, time decides."""
    del jobs
    with driving(int(MINUTES * 60), Plan(sentence_s=0.2, slots=(4, 4)), at_once=0, every_s=1.0) as drive:
        memory, descriptors = _followed(drive)
        drive.ended()
        found = drive.outcome()
        slopes = {name: slope(values) for name, values in memory.items() if len(values) > 20}
        steep = {name: round(value, 1) for name, value in slopes.items() if value > SLOPE_MIB_PER_H}
        grown = {name: values[-1] - values[0] for name, values in descriptors.items()}
        leaking = {name: more for name, more in grown.items() if more > _MOST_DESCRIPTORS}
        found.notes |= {
            "processes followed": len(slopes),
            "steepest": f"{max(slopes.values()):.1f} MiB/h",
            "most descriptors more": max(grown.values()),
        }
        found.problems = [
            *found.problems,
            *(f"{name} grows by {value} MiB/h" for name, value in steep.items()),
            *(f"{name} has {more} descriptors more" for name, more in leaking.items()),
        ]
        return found


def _followed(drive: Drive) -> tuple[dict[str, list[tuple[float, float]]], dict[str, list[int]]]:
    """Memory (seconds, MiB) and descriptors of each process since its warm-up, until all was sent."""
    memory: dict[str, list[tuple[float, float]]] = defaultdict(list)
    descriptors: dict[str, list[int]] = defaultdict(list)
    began = struck = time.monotonic()
    while not drive.sender.done:
        now = time.monotonic()
        if now - struck > _KILL_EVERY_S:
            struck = now
            _kill_an_engine(drive)
        if now - began > WARM_UP_S:
            for name, pid in _lasting(drive):
                with suppress(OSError):
                    memory[name].append((now, _resident_mib(pid)))
                    descriptors[name].append(len(list(Path(f"/proc/{pid}/fd").iterdir())))
        drive.wait(_LOOK_EVERY_S)
    return memory, descriptors


def slope(values: Sequence[tuple[float, float]]) -> float:
    """MiB an hour, by the method of Theil and Sen: a jump that happened once doesn't count as growth."""
    pairs = [(values[a], values[b]) for a in range(len(values)) for b in range(a + len(values) // 2, len(values))]
    return 3600 * statistics.median((last[1] - first[1]) / (last[0] - first[0]) for first, last in pairs)


def _kill_an_engine(drive: Drive) -> None:
    running = drive.world.running()
    for job in random.sample(sorted(running), len(running)):
        if (engine := drive.world.engine_of(running[job])) is not None:
            with suppress(ProcessLookupError):
                os.kill(engine, signal.SIGKILL)
                drive.watch.hit([job])
            return


def _lasting(drive: Drive) -> list[tuple[str, int]]:
    """The processes that were started here, and the workers' slots."""
    found = []
    for name in drive.world.processes:
        pid = drive.world.pid(name)
        found.append((name, pid))
        if name.startswith("worker"):
            found += [(f"{name} slot {slot}", slot) for slot in descendants(pid) if drive.world.is_slot(slot)]
    return found


def _resident_mib(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / _MIB


LINES = (Line(name="processes", number=23, fault="20 minutes, an engine killed every 20 s", run=processes, long=True),)
