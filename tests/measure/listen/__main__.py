"""`make listen`: what readers meet, measured: press to sound, reading along, reports, access, files, drift.

    python -m tests.measure.listen [--only NAME ...]

In a real Chromium on the real service. Prints each figure as soon as it is known, then one table (each figure with
what it should reach) and JSON lines, which out/bench.jsonl keeps too. Takes about twenty minutes. Ends with 1 when a
figure isn't reached or couldn't be measured.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Callable, Iterable

from playwright.sync_api import Error as BrowserError
from rich.console import Console

from tests.measure.figures import Figure, keep, show
from tests.measure.listen import access as listen_access
from tests.measure.listen import drift as listen_drift
from tests.measure.listen import press as listen_press
from tests.measure.listen import provenance, validators
from tests.measure.listen import reading as listen_reading
from tests.measure.listen import reports as listen_reports
from tts_service.errors import ServiceError

LISTEN: dict[str, Callable[[], Iterable[Figure]]] = {
    "press": listen_press.figures,
    "places": listen_reading.places,
    "access": listen_access.figures,
    "validators": validators.figures,
    "reports": listen_reports.figures,
    "provenance": provenance.figures,
    "drift": listen_drift.figures,
    "reading": listen_reading.along,
}
"""The quick ones first."""


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description="Measure what readers meet")
    parser.add_argument("--only", action="append", choices=list(LISTEN), help="this part alone")
    console = Console(width=None if sys.stdout.isatty() else 140)
    found: list[Figure] = []
    failed = []
    for name in parser.parse_args().only or list(LISTEN):
        console.print(f"{name} …", style="dim")
        try:
            for figure in LISTEN[name]():
                found.append(figure)
                console.print(f"  {_line(figure)}", markup=False, highlight=False)
        except (RuntimeError, OSError, AssertionError, BrowserError, ServiceError) as error:
            failed.append(f"{name} couldn't be measured: {type(error).__name__}: {error}")
    machine = f"{os.cpu_count()} cores, {platform.machine()}, load {os.getloadavg()[0]:.1f}"
    show(console, found, machine)
    for line in keep(found, machine):
        print(line)
    for line in failed:
        console.print(line, style="red", markup=False)
    sys.exit(1 if failed or any(figure.reached is False for figure in found) else 0)


def _line(figure: Figure) -> str:
    wanted = "" if figure.target is None else f"(to reach: {figure.sense} {figure.target:g} {figure.unit})"
    return f"{figure.name}: {figure.value:.4g} {figure.unit} {wanted} {figure.verdict}".replace("  ", " ").strip()


if __name__ == "__main__":
    main()
