"""`make seams`: where this service meets the world, measured: addresses, a path prefix, formats, settings.

    python -m tests.measure.seams [--only PART ...]

Ends with 1 when a figure isn't reached.
"""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import sys
import time

from rich.console import Console

from tests.measure import figures as bench_figures

PARTS = ("addresses", "prefix", "formats", "settings")


def main() -> int:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description="Addresses, a path prefix, formats, settings")
    parser.add_argument("--only", action="append", choices=PARTS, help="this part alone")
    given = parser.parse_args()
    console = Console(width=None if sys.stdout.isatty() else 140)
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    figures = []
    for part in given.only or PARTS:
        began = time.monotonic()
        console.print(f"{part} …", style="dim")
        found = importlib.import_module(f"tests.seams_{part}").rows()
        bench_figures.show(console, found, f"{machine}, load {os.getloadavg()[0]:.1f}")
        console.print(f"{time.monotonic() - began:.0f} s", style="dim")
        figures += found
    for line in bench_figures.keep(figures, machine):
        print(line)
    return 1 if any(figure.reached is False for figure in figures) else 0


if __name__ == "__main__":
    raise SystemExit(main())
