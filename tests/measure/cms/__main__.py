"""`make cms`: WordPress, Wagtail, Ghost, Directus and Strapi, real ones, set up as docs/cms says and driven.

    python -m tests.measure.cms [NAME ...] [--journey]

Each goes the way of its guide (published, changed, closed in every state it knows, lost and found by catch-up, an
outage), then its own points and, where there is one, the measurement with a service that never answers. Prints each
line as soon as it is known, then one table. Ends with 1 when anything isn't as it should be, or nothing could be run.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console

from tests.measure.closed.real import DRIVERS, connected
from tests.measure.cms import table
from tests.measure.cms.journey import journey
from tests.measure.cms.table import NotRun, Point, Row

HEADLESS = ("ghost", "directus", "strapi")
"""Their points are in one module, which takes the name."""
_PART_S = 900
_SHOWN = 3
"""Last lines of a part that failed."""


def main() -> int:
    """Look at each, print, answer."""
    parser = argparse.ArgumentParser(description="Real CMSs, driven")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"only these: {', '.join(DRIVERS)}")
    parser.add_argument("--journey", action="store_true", help="the guides' way alone, without each CMS's own points")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is stopped
    if unknown := sorted(set(given.names) - set(DRIVERS)):
        parser.error(f"there is no driver for {', '.join(unknown)}")
    console = Console(width=None if sys.stdout.isatty() else 140)
    rows: list[Row] = []
    for name in given.names or DRIVERS:
        for row in looked_at(name, console, alone=given.journey):
            _tell(console, row)
            rows.append(row)
    table.show(console, rows)
    return 1 if table.failed(rows) else 0


def looked_at(name: str, console: Console, *, alone: bool) -> Iterator[Row]:
    """Everything about one CMS."""
    try:
        driver = importlib.import_module(f"tests.measure.cms.{name}")
    except ImportError:
        yield NotRun(cms=name, reason=f"there is no driver tests/measure/cms/{name}.py")
        return
    if reason := driver.missing():
        yield NotRun(cms=name, reason=str(reason))
        return
    with tempfile.TemporaryDirectory(prefix=f"tts-cms-{name}-") as folder:
        try:
            with connected(driver, Path(folder), lambda line: console.print(line, style="dim")) as desk:
                yield from journey(desk)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one CMS, the others are looked at
            yield Point(
                cms=name,
                name="the guide's way",
                measured=f"{type(error).__name__}: {error}"[:400],
                wanted="to its end",
                right=False,
            )
    if not alone:
        yield from parts_of(name)


def parts_of(name: str) -> Iterator[Row]:
    """The CMS's own points, and what a service costs it that never answers."""
    for module in (f"{name}_points", f"{name}_speed"):
        if importlib.util.find_spec(f"tests.measure.cms.{module}") is not None:
            yield ran(name, f"tests.measure.cms.{module}")
        elif module.endswith("_points") and name in HEADLESS:
            yield ran(name, "tests.measure.cms.headless_points", name)
    if name == "wagtail":
        yield ran(name, "pytest", "-q", "-n0", "-rs", "tests/slow/test_wagtail_app.py")


def ran(name: str, module: str, *words: str) -> Row:
    """A module of points, run by itself: what it ended with."""
    command = [sys.executable, "-m", module, *words]
    try:
        done = subprocess.run(command, text=True, capture_output=True, timeout=_PART_S, check=False)
    except subprocess.TimeoutExpired:
        return Point(cms=name, name=module, measured=f"not within {_PART_S} s", wanted="all right", right=False)
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    print("\n".join(f"  {line}" for line in lines), flush=True)
    if done.returncode == 0 and lines and lines[-1].startswith("NOT RUN"):
        return NotRun(cms=name, reason=lines[-1].removeprefix("NOT RUN").lstrip(": "))
    last = lines[-_SHOWN:] if done.returncode == 0 else [*lines, *done.stderr.splitlines()][-_SHOWN:]
    measured = f"{len(lines)} lines, all right" if done.returncode == 0 else "; ".join(last)[:400]
    return Point(cms=name, name=module, measured=measured, wanted="all right", right=done.returncode == 0)


def _tell(console: Console, row: Row) -> None:
    if isinstance(row, NotRun):
        console.print(f"NOT RUN {row.cms}: {row.reason}", markup=False)
        return
    style = None if row.right else "red"
    console.print(f"  {row.cms}: {row.name}: {row.measured} ({row.wanted})", style=style, markup=False)


if __name__ == "__main__":
    raise SystemExit(main())
