"""Measures named parts one after the other, prints each figure as soon as it is known, and keeps all of them."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Callable, Iterable, Mapping

from rich.console import Console

from tests.measure.figures import Figure, keep, show


def measure(parts: Mapping[str, Callable[[], Iterable[Figure]]], description: str) -> None:
    """Reads the command line and measures. Exits with 1 when a figure isn't reached or couldn't be measured."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--only", action="append", choices=list(parts), help="measure this alone")
    console = Console(width=None if sys.stdout.isatty() else 140)
    found: list[Figure] = []
    failed = []
    for name in parser.parse_args().only or list(parts):
        console.print(f"{name} …", style="dim")
        try:
            for figure in parts[name]():
                found.append(figure)
                _tell(console, figure)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one part, the others are measured
            failed.append(f"{name} couldn't be measured: {type(error).__name__}: {error}")
            console.print(failed[-1], style="red", markup=False)
    machine = f"{os.cpu_count()} cores, {platform.machine()}, load {os.getloadavg()[0]:.1f}"
    show(console, found, machine)
    for line in keep(found, machine):
        print(line)
    for line in failed:
        console.print(line, style="red", markup=False)
    sys.exit(1 if failed or any(figure.reached is False for figure in found) else 0)


def _tell(console: Console, figure: Figure) -> None:
    wanted = "for information" if figure.target is None else f"to reach {figure.sense} {figure.target:.5g}"
    measured = f"{figure.value:.5g} {figure.unit}".rstrip()
    style = "red" if figure.reached is False else None
    verdict = f"; {figure.verdict}" if figure.verdict else ""
    console.print(f"  {figure.name}: {measured} ({wanted}{verdict})", style=style, markup=False, highlight=False)
