"""`make doors`: what gets in and out of the newsroom's side, measured: webhooks, callbacks, addresses, rights, scripts.

    python -m tests.doors [--only NAME ...]

Prints each figure as soon as it is there with what it should reach, then one table of all and JSON lines, which
out/bench.jsonl keeps too. Ends with 1 when a figure isn't reached or couldn't be measured.
"""

from __future__ import annotations

import argparse
import logging
import os
import platform
import sys
from collections.abc import Callable, Sequence

from rich.console import Console

from tests import (
    doors_authorisation,
    doors_bombs,
    doors_callbacks,
    doors_erasure,
    doors_feedback,
    doors_grants,
    doors_headers,
    doors_jobs,
    doors_outbound,
    doors_paths,
    doors_rates,
    doors_schema,
    doors_scripts,
    doors_sound,
    doors_webhooks,
)
from tests.bench_figures import Figure, keep, show

DOORS: dict[str, Callable[[], Sequence[Figure]]] = {
    "jobs": doors_jobs.figures,
    "webhooks": doors_webhooks.figures,
    "outbound": doors_outbound.figures,
    "paths": doors_paths.figures,
    "bombs": doors_bombs.figures,
    "sound": doors_sound.figures,
    "headers": doors_headers.figures,
    "rates": doors_rates.figures,
    "erasure": doors_erasure.figures,
    "authorisation": doors_authorisation.figures,
    "feedback": doors_feedback.figures,
    "grants": doors_grants.figures,
    "schema": doors_schema.figures,
    "scripts": doors_scripts.figures,
    "callbacks": doors_callbacks.figures,
}


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description="Measure the newsroom's side")
    parser.add_argument("--only", action="append", choices=list(DOORS), help="this door alone")
    logging.getLogger("tts_service").setLevel(logging.ERROR)  # each refusal has its line
    console = Console(width=None if sys.stdout.isatty() else 140)
    found: list[Figure] = []
    failed = []
    for name in parser.parse_args().only or list(DOORS):
        console.print(f"{name} …", style="dim")
        try:
            rows = DOORS[name]()
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one door, the others are measured
            failed.append(f"{name} couldn't be measured: {type(error).__name__}: {error}")
            console.print(failed[-1], style="red", markup=False)
            continue
        for row in rows:
            _tell(console, row)
        found += rows
    machine = f"{os.cpu_count()} cores, {platform.machine()}, load {os.getloadavg()[0]:.1f}"
    show(console, found, machine)
    for line in keep(found, machine):
        print(line)
    for line in failed:
        console.print(line, style="red", markup=False)
    sys.exit(1 if failed or any(figure.reached is False for figure in found) else 0)


def _tell(console: Console, row: Figure) -> None:
    """One row, as soon as it is there."""
    target = "for information" if row.target is None else f"to reach {row.sense} {row.target:.5g}; {row.verdict}"
    style = "red" if row.reached is False else None
    measured = f"{row.value:.5g} {row.unit}".rstrip()
    console.print(f"  {row.name}: {measured} ({target})", style=style, markup=False)


if __name__ == "__main__":
    main()
