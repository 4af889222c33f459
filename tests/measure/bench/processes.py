"""CPU time and memory of processes, read from /proc (Linux): whole trees, by what each process is."""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path

from tests.parts.service import command_of, descendants

_TICKS = os.sysconf("SC_CLK_TCK")
_KINDS = (
    ("engines.child", "engine child"),
    ("valkey", "valkey"),
    ("cli api", "api"),
    ("celery_app worker", "worker"),
    ("celery_app beat", "beat"),
    ("cli run", "run (parent)"),
)
"""Part of the command line, name shown."""


def require_proc() -> None:
    """Ends the command where /proc can't tell: these measurements need Linux."""
    if not Path("/proc/self/stat").exists():
        sys.exit("bench: CPU and memory of whole process trees are read from /proc, which this system doesn't have.")


def cpu_s(pid: int) -> float:
    """CPU seconds of a process and its ended children; 0 if it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(ticks) for ticks in fields[11:15]) / _TICKS  # utime, stime, cutime, cstime: proc_pid_stat(5)


def fine_cpu_s(pid: int) -> float:
    """CPU seconds of a living process to the nanosecond (its threads' run time), without ended children or threads."""
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())
        return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9
    except OSError:
        return 0.0


def tree_cpu_s(root: int) -> dict[str, float]:
    """CPU seconds of a process and everything below it, by kind of process."""
    found: Counter[str] = Counter()
    for pid in (root, *descendants(root)):
        found[kind_of(pid)] += cpu_s(pid)
    return dict(found)


def spent(before: dict[str, float], after: dict[str, float]) -> dict[str, float]:
    """What each kind used between two readings. A process that ended in between counts with its parent."""
    return {kind: after.get(kind, 0.0) - before.get(kind, 0.0) for kind in sorted({*before, *after})}


def tree_peak_mb(root: int) -> dict[str, float]:
    """The greatest resident memory that any process of a kind ever had (VmHWM)."""
    peaks: dict[str, float] = {}
    for pid in (root, *descendants(root)):
        kind = kind_of(pid)
        peaks[kind] = max(peaks.get(kind, 0.0), peak_mb(pid))
    return peaks


def peak_mb(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    lines = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(lines[0].split()[1]) / 1024 if lines else 0.0


def pss_mb(pid: int) -> float:
    """Memory of a process now, with its share of what it shares with others; 0 if it is gone."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) / 1024


def slot_pss_mb(root: int) -> float:
    """The same of the greatest slot and its engine child."""
    slots = [pid for pid in descendants(root) if kind_of(pid) == "worker"]
    with_engine = [(pid, *below) for pid in slots if {*map(kind_of, below := descendants(pid))} == {"engine child"}]
    return max((sum(map(pss_mb, slot)) for slot in with_engine), default=0.0)


def kind_of(pid: int) -> str:
    command = command_of(pid)
    return next((name for part, name in _KINDS if part in command), "other")
