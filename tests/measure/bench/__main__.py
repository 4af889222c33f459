"""`make bench`: speed, waits and memory of the whole service beside bare engines, measured in one run.

    python -m tests.measure.bench [--quick] [--only NAME ...]

Prints one table (each figure with what it should reach), tables of where the time goes, and JSON lines, which
out/bench.jsonl keeps too. Ends with 0 whatever the figures are; with 1 only if something couldn't be measured.
"""

from __future__ import annotations

import argparse
import os
import platform
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tests.measure.bench.clips import loudness, memory
from tests.measure.bench.english import english_beside_bare
from tests.measure.bench.processes import require_proc
from tests.measure.bench.setting import Bench
from tests.measure.bench.speed import all_cores, cpu_beside_bare, espeak_speed
from tests.measure.bench.stages import stages
from tests.measure.bench.waiting import (
    first_sound_breaking,
    first_sound_full,
    first_sound_idle,
    one_sentence,
    same_again,
)
from tests.measure.figures import Figure, Rows, keep, show

MEASUREMENTS: dict[str, Callable[[Bench], Sequence[Figure | Rows]]] = {
    "cpu": cpu_beside_bare,
    "english": english_beside_bare,
    "cores": all_cores,
    "first-sound": first_sound_idle,
    "full-queue": first_sound_full,
    "breaking": first_sound_breaking,
    "same-again": same_again,
    "one-sentence": one_sentence,
    "memory": memory,
    "pyttsx3": espeak_speed,
    "loudness": loudness,
    "stages": stages,
}


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description="Measure the service beside bare engines")
    parser.add_argument("--quick", action="store_true", help="one round instead of five")
    parser.add_argument("--only", action="append", choices=list(MEASUREMENTS), help="this measurement alone")
    options = parser.parse_args()
    require_proc()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that no service is left behind
    console = Console(width=None if sys.stdout.isatty() else 140)
    load = os.getloadavg()[0]
    found, failed = measure_all(options.only or list(MEASUREMENTS), quick=options.quick)
    machine = f"{os.cpu_count()} cores, {platform.machine()}, load {load:.1f} at the start" + options.quick * ", quick"
    show(console, found, machine)
    for line in keep(found, machine):
        print(line)
    for name, error in failed:
        console.print(f"[red]{name} couldn't be measured:[/red] {error}", highlight=False)
    sys.exit(1 if failed else 0)


def measure_all(names: Sequence[str], *, quick: bool) -> tuple[list[Figure | Rows], list[tuple[str, str]]]:
    """(what was measured, what couldn't be and why)."""
    found: list[Figure | Rows] = []
    failed: list[tuple[str, str]] = []
    columns = (TextColumn("{task.description:<40.40}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    # A short path: a unix socket's address has room for 107 bytes.
    with (
        tempfile.TemporaryDirectory(prefix="tts-bench-") as folder,
        Progress(*columns, console=Console(stderr=True)) as bar,
    ):
        task = bar.add_task("", total=len(names))
        bench = Bench(quick=quick, folder=Path(folder), step=lambda what: bar.update(task, description=what))
        with bench.stack:
            for name in names:
                bar.update(task, description=name)
                began = time.monotonic()
                try:
                    found += MEASUREMENTS[name](bench)
                except (AssertionError, RuntimeError, OSError, httpx.HTTPError) as error:
                    failed.append((name, f"{type(error).__name__}: {error}"))
                bar.console.print(f"{name}: {time.monotonic() - began:.0f} s")
                bar.advance(task)
    return found, failed


if __name__ == "__main__":
    main()
