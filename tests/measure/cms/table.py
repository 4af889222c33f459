"""The table of `make cms`: what was measured on each CMS, point by point, and whether it is as it should be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One thing that was looked at on a real CMS."""

    cms: str
    name: str
    measured: str
    wanted: str
    right: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NotRun:
    """A CMS, or a part of its points, that could not be looked at here."""

    cms: str
    reason: str


Row = Point | NotRun


def show(console: Console, rows: Sequence[Row]) -> None:
    """Print all rows."""
    table = Table(title="Real CMSs, set up as docs/cms says", title_justify="left", pad_edge=False)
    for heading in ("CMS", "point", "measured", "wanted", ""):
        table.add_column(heading, overflow="fold")
    last = ""
    for row in rows:
        name = "" if row.cms == last else row.cms
        if last and name:
            table.add_section()
        last = row.cms
        if isinstance(row, Point):
            verdict = "as it should be" if row.right else "[red]WRONG[/red]"
            table.add_row(name, row.name, _plain(row.measured), row.wanted, verdict)
        else:
            table.add_row(name, "NOT RUN", _plain(row.reason), "", "")
    console.print(table)
    points = [row for row in rows if isinstance(row, Point)]
    wrong = sum(not point.right for point in points)
    left = sum(isinstance(row, NotRun) for row in rows)
    console.print(f"{len(points)} points, {wrong} wrong; {left} not run")


def failed(rows: Sequence[Row]) -> bool:
    """Whether any point is wrong, or nothing was looked at at all."""
    points = [row for row in rows if isinstance(row, Point)]
    return not points or any(not point.right for point in points)


def _plain(text: str) -> str:
    return text.replace("[", "\\[")
