"""`make faults`: one line for each fault, with an audit after each; `make soak`: the lines that take long.

    python -m tests.measure.faults [--only NAME …] [--jobs N] [--soak] [--list]

Each line starts the service anew. Prints the line and what its audit found, and keeps a JSON line in out/faults.jsonl.
Ends with 1 if a line fell short, was invalid, or couldn't be measured.
"""

from __future__ import annotations

import argparse
import json
import pkgutil
import signal
import sys
import time
import traceback
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.measure import faults
from tests.measure.faults.line import Line, Outcome

KEPT = Path("out/faults.jsonl")
_MOST_PROBLEMS = 10
"""Printed of a line."""


def lines() -> list[Line]:
    """`LINES` of every module of this folder, in order."""
    names = [found.name for found in pkgutil.iter_modules(faults.__path__) if not found.name.startswith("_")]
    modules = [import_module(f"{faults.__name__}.{name}") for name in names if name != "odd_workers"]
    return sorted((line for module in modules for line in getattr(module, "LINES", ())), key=lambda line: line.number)


def main() -> None:
    """Run the wanted lines."""
    known = lines()
    parser = argparse.ArgumentParser(description="Break what can break, and count what is lost")
    parser.add_argument("--only", action="append", choices=[line.name for line in known], help="run this line alone")
    parser.add_argument("--jobs", type=int, default=100, help="articles of each line")
    parser.add_argument("--soak", action="store_true", help="run the lines that take long instead of the others")
    parser.add_argument("--list", action="store_true", help="print the lines' names only")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # whatever was started is ended
    wanted = [line for line in known if (line.name in given.only if given.only else line.long == given.soak)]
    if given.list:
        for line in known:
            print(f"{line.number:g}\t{line.name}\t{line.fault}")
        return
    reached = [_reached(line, given.jobs) for line in wanted]
    sys.exit(0 if all(reached) else 1)


def _reached(line: Line, jobs: int) -> bool:
    """Run a line, print and keep what came of it."""
    began = time.monotonic()
    try:
        found = line.run(jobs)
    except Exception:  # noqa: BLE001 - whatever is wrong with one line, the others are run
        print(f"{line.name}: couldn't be measured\n{traceback.format_exc()}", flush=True)
        return False
    if isinstance(found, Outcome):
        print(f"{line.name}: {found.text(line.fault)}", flush=True)
        for problem in found.problems[:_MOST_PROBLEMS]:
            print(f"  {problem}", flush=True)
        _keep({"line": line.name, "took_s": round(time.monotonic() - began), **found.as_json()})
        return found.verdict == "reached"
    fine = True
    for figure in found:
        print(
            f"{line.name}: {figure.name}: {figure.value:.4g} {figure.unit} {figure.note} {figure.verdict}", flush=True
        )
        _keep({"line": line.name, **asdict(figure), "reached": figure.reached})
        fine &= figure.reached is not False
    return fine


def _keep(facts: dict[str, Any]) -> None:
    KEPT.parent.mkdir(exist_ok=True)
    with KEPT.open("a", encoding="utf-8") as file:
        file.write(json.dumps(facts, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
