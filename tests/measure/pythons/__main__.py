"""`make pythons`: every supported Python that this machine has, from a fresh environment to a verified sentence.

A version that isn't here prints NOT RUN and makes the command end with 1: nobody may take "not run" for "runs".
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.measure.pythons.found import find_python, supported
from tests.measure.pythons.steps import (
    LOGS,
    Bench,
    Failed,
    demo,
    doctor,
    fast_tests,
    install,
    lowest,
    short_demo,
    timed,
    wheel_alone,
)

NOT_RUN = "NOT RUN"


@dataclass(slots=True)
class Row:
    """What became of one version."""

    version: str
    python: str = NOT_RUN
    cells: dict[str, str] = field(default_factory=dict)
    fine: bool = False


def steps_of(arguments: argparse.Namespace) -> dict[str, Callable[[Bench], str]]:
    """The steps that were asked for, in order."""
    extras = "engines" if arguments.smoke or arguments.skip_tests else "engines,dev"
    steps: dict[str, Callable[[Bench], str]] = {"install": lambda bench: install(bench, extras)}
    if extras != "engines":
        steps["fast tests"] = fast_tests
    steps |= {"demo": short_demo if arguments.smoke else demo, "doctor": doctor}
    if not (arguments.smoke or arguments.skip_wheel):
        steps |= {"wheel alone": wheel_alone, "lowest versions": lowest}
    return steps


def run_version(version: str, steps: dict[str, Callable[[Bench], str]]) -> Row:
    """Every step on one version; what comes behind one that failed isn't tried."""
    found = find_python(version)
    if found is None:
        return Row(version)
    row = Row(version, python=f"{found[1]} ({found[0]})")
    with tempfile.TemporaryDirectory(prefix=f"python{version}-", ignore_cleanup_errors=True) as folder:
        bench = Bench(version, found[0], Path(folder))
        for name, step in steps.items():
            print(f"{version}: {name} …", flush=True)
            try:
                said, seconds = timed(step, bench)
            except Failed as error:
                row.cells[name] = f"FAILED: {error}"
                return row
            row.cells[name] = f"{said}, {seconds:.0f} s"
    row.fine = True
    return row


def chosen_versions(arguments: argparse.Namespace) -> tuple[str, ...]:
    """Those that were named; the ends of those that this machine has; or all."""
    known = supported()
    if arguments.only:
        return tuple(arguments.only)
    if arguments.ends:
        here = [version for version in known if find_python(version)]
        return tuple(dict.fromkeys((here[-1], here[0]))) if here else known
    return known


def table_of(rows: list[Row], steps: list[str]) -> Table:
    table = Table(title="make pythons", title_justify="left")
    for heading in ("Python", "which", *steps):
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(row.version, row.python, *(row.cells.get(step, NOT_RUN) for step in steps))
    return table


def main(given: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Run this project on every supported Python")
    parser.add_argument("--only", action="append", help="this version alone (may be given again)")
    parser.add_argument("--ends", action="store_true", help="the newest and the oldest that this machine has")
    parser.add_argument("--smoke", action="store_true", help="install, a short demo and doctor only")
    parser.add_argument("--skip-tests", action="store_true")
    parser.add_argument("--skip-wheel", action="store_true")
    arguments = parser.parse_args(given)
    if unknown := sorted(set(arguments.only or ()) - set(supported())):
        parser.error(f"{', '.join(unknown)}: not within requires-python, which is {', '.join(supported())}")
    steps = steps_of(arguments)
    rows = [run_version(version, steps) for version in chosen_versions(arguments)]
    Console(width=None if Console().is_terminal else 200).print(table_of(rows, list(steps)))
    failed = sum(not row.fine for row in rows)
    if failed:
        print(f"What each step said is in {LOGS}.")
    print(f"{len(rows) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Ended from outside."))  # so that what was started ends, too
    sys.exit(main())
