"""`make doors`: what gets in and out of the newsroom's side, measured: webhooks, callbacks, addresses, rights, scripts.

    python -m tests.measure.doors [--only NAME ...]

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

from tests.measure.doors import (
    authorisation,
    bombs,
    erasure,
    feedback,
    grants,
    headers,
    jobs,
    outbound,
    paths,
    rates,
    schema,
    sound,
)
from tests.measure.doors import callbacks as doors_callbacks
from tests.measure.doors import scripts as doors_scripts
from tests.measure.doors import webhooks as doors_webhooks
from tests.measure.figures import Figure, keep, show

DOORS: dict[str, Callable[[], Sequence[Figure]]] = {
    "jobs": jobs.figures,
    "webhooks": doors_webhooks.figures,
    "outbound": outbound.figures,
    "paths": paths.figures,
    "bombs": bombs.figures,
    "sound": sound.figures,
    "headers": headers.figures,
    "rates": rates.figures,
    "erasure": erasure.figures,
    "authorisation": authorisation.figures,
    "feedback": feedback.figures,
    "grants": grants.figures,
    "schema": schema.figures,
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
