"""`make closed`: whether anything is heard that a CMS has closed, over all sources, states and ways of a webhook.

    python -m tests.measure.closed [--only SOURCE ...] [--state STATE ...] [--docs]

Prints the table, then its figures. Ends with 1 when something is heard where its CMS says no, when something stays
silent where its CMS says yes, or when a cell could not be played. What drove each row stands in it: `real`, the CMS
itself by its driver in tests/measure/cms, or `docs`, bodies and API answers written from its documentation.
"""

from __future__ import annotations

import argparse
import os
import platform
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console

from tests.measure import figures as bench_figures
from tests.measure.closed import verdict
from tests.measure.closed.articles import CLOSED
from tests.measure.closed.papers import papers
from tests.measure.closed.play import Cell, cells_of, play
from tests.measure.closed.real import DRIVERS, real
from tests.measure.closed.service import live
from tests.measure.closed.site import site_of


def main() -> int:
    """Play, print, keep."""
    parser = argparse.ArgumentParser(description="Is anything heard that a CMS has closed?")
    parser.add_argument("--only", action="append", choices=list(papers()), help="this source alone")
    parser.add_argument("--state", action="append", choices=CLOSED, help="this state alone")
    parser.add_argument("--docs", action="store_true", help="no real CMS")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the services that were started are stopped
    console = Console(width=None if sys.stdout.isatty() else 140)
    began = time.monotonic()
    sources, states = given.only or list(papers()), given.state or list(CLOSED)
    cells: list[Cell] = []
    for name in [] if given.docs else [name for name in DRIVERS if name in sources]:
        try:
            found = real(name, states, lambda line: _say(console, line))
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one CMS, the others are played
            found = f"{type(error).__name__}: {error}"[:300]
        if isinstance(found, str):
            console.print(f"NOT RUN {name}: {found}; played by bodies from its documentation", markup=False)
        else:
            cells += found
    driven = {cell.source for cell in cells}
    if left := [name for name in sources if name not in driven]:
        cells += documented(left, states, console)
    verdict.show(console, cells)
    found = verdict.figures(cells)
    machine = f"{os.cpu_count()} cores, {platform.machine()}, load {os.getloadavg()[0]:.1f}"
    bench_figures.show(console, found, machine)
    for line in bench_figures.keep(found, machine):
        print(line)
    console.print(f"{time.monotonic() - began:.0f} s", style="dim")
    return 0 if all(figure.reached for figure in found) else 1


def documented(sources: Sequence[str], states: Sequence[str], console: Console) -> list[Cell]:
    """The cells of these sources, by bodies from their documentation."""
    with tempfile.TemporaryDirectory(prefix="tts-closed-") as folder, ExitStack() as open_sites:
        sites = [open_sites.enter_context(site_of(paper)) for name, paper in papers().items() if name in sources]
        cells = cells_of(sites, states)
        with live(Path(folder), sites) as stage:
            play(stage, sites, cells, say=lambda line: _say(console, line))
    return cells


def _say(console: Console, line: str) -> None:
    console.print(f"  {time.strftime('%H:%M:%S')} {line}", style="dim", markup=False)


if __name__ == "__main__":
    raise SystemExit(main())
