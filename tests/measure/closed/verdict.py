"""The table of `make closed`, printed, and its figures."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from tests.measure.closed.articles import CLOSED
from tests.measure.closed.play import FOUND, LOST, WAYS, Cell
from tests.measure.figures import Figure, exact

_SHORT = {"arrives": "arrives", "twice": "twice", "late": "late", "other order": "order", LOST: "lost", FOUND: "found"}
OPEN = "✓"
"""Silent while closed, heard again afterwards."""


def mark(cell: Cell) -> str:
    """A cell in one word or two."""
    if cell.reason:
        return "–"
    if cell.broken:
        return "?"
    if cell.leaks:
        return "HEARD"
    return "silent" if _silent(cell) else OPEN


def show(console: Console, cells: Sequence[Cell]) -> None:
    """The table: a row for each source and state, a column for each way; then every fault and the legend."""
    table = Table(title="What an anonymous reader hears", title_justify="left", pad_edge=False)
    for heading in ("source", "state", "by", *(_SHORT[way] for way in WAYS)):
        table.add_column(heading)
    for source in dict.fromkeys(cell.source for cell in cells):
        mine = [cell for cell in cells if cell.source == source]
        for place, state in enumerate(one for one in CLOSED if any(cell.state == one for cell in mine)):
            row = [_cell(mine, state, way) for way in WAYS]
            drive = next((cell.drive for cell in mine if cell.state == state and not cell.reason), "")
            table.add_row("" if place else source, state, drive, *row)
        table.add_section()
    console.print(table)
    console.print(f"{OPEN} silent while closed, heard again once published · HEARD or silent: a fault · ? not played")
    _legend(console, cells)
    for line in faults(cells):
        console.print(line, style="red", markup=False)


def faults(cells: Sequence[Cell]) -> list[str]:
    """A line for each cell that is wrong."""
    found = []
    for cell in cells:
        name = f"{cell.source}, {cell.state}, {cell.way} ({cell.drive})"
        if cell.broken:
            found.append(f"{name}: {cell.broken}")
        if cell.leaks:
            found.append(f"{name}: heard by {', '.join(dict.fromkeys(cell.leaks))}")
        if _silent(cell):
            found.append(f"{name}: silent, missing {', '.join(dict.fromkeys(_silent(cell)))}")
    return found


def figures(cells: Sequence[Cell]) -> list[Figure]:
    """What has to be 0, and how much was looked at."""
    played = [cell for cell in cells if not cell.reason]
    real = sum(cell.drive == "real" for cell in played)
    note = f"{len(played)} cells: {real} by the real CMS, {len(played) - real} by bodies from its documentation"
    return [
        _count("heard where the CMS says no", sum(bool(cell.leaks) for cell in played), note),
        _count("silent where the CMS says yes, after one round", sum(bool(_silent(cell)) for cell in played)),
        _count("cells that could not be played", sum(bool(cell.broken) for cell in played)),
    ]


def _count(name: str, value: int, note: str = "") -> Figure:
    return exact(name=name, value=value, target=0, sense="=", note=note)


def _silent(cell: Cell) -> list[str]:
    return [*cell.silent, *(f"{name} of the other language" for name in cell.stays_silent)]


def _cell(cells: Sequence[Cell], state: str, way: str) -> str:
    found = next((cell for cell in cells if cell.state == state and cell.way == way), None)
    if found is None:
        return ""
    shown = mark(found)
    return f"[red]{shown}[/red]" if shown in ("HEARD", "silent", "?") else shown


def _legend(console: Console, cells: Sequence[Cell]) -> None:
    reasons: dict[tuple[str, str], list[str]] = {}
    for cell in cells:
        if cell.reason:
            states = reasons.setdefault((cell.source, cell.reason), [])
            if cell.state not in states:
                states.append(cell.state)
    for (source, reason), states in reasons.items():
        console.print(f"– {source}, {', '.join(states)}: {reason}", style="dim", markup=False)
