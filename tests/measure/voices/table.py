"""The table of `make voices`: each figure as it was before these voices, what to reach, and what was measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceFigure:
    """One row."""

    name: str
    before: str
    """What it was with the voices of 0.2."""
    reach: str
    value: str = ""
    """What was measured; empty: nothing was."""
    fine: bool = False
    note: str = ""
    """How it was measured, or why it wasn't."""


def at_most(name: str, before: str, limit: float, value: float, unit: str = "", note: str = "") -> VoiceFigure:
    """A figure that should be low."""
    reach = f"≤ {limit:g} {unit}".rstrip()
    shown = f"{value:.3g} {unit}".rstrip()
    return VoiceFigure(name=name, before=before, reach=reach, value=shown, fine=value <= limit, note=note)


def at_least(name: str, before: str, limit: float, value: float, unit: str = "", note: str = "") -> VoiceFigure:
    """A figure that should be high."""
    reach = f"≥ {limit:g} {unit}".rstrip()
    shown = f"{value:.3g} {unit}".rstrip()
    return VoiceFigure(name=name, before=before, reach=reach, value=shown, fine=value >= limit, note=note)


def not_measured(name: str, before: str, reach: str, reason: str) -> VoiceFigure:
    """A figure that something missing keeps from being measured."""
    return VoiceFigure(name=name, before=before, reach=reach, note=reason)


def show_table(console: Console, figures: Sequence[VoiceFigure], machine: str) -> None:
    """Print it."""
    table = Table(title=machine, title_justify="left")
    for heading in ("figure", "before", "to reach", "measured", ""):
        table.add_column(heading, justify="left" if heading in ("figure", "") else "right", overflow="fold")
    for one in figures:
        verdict = "reached" if one.fine else "falls short" if one.value else ""
        name = f"{one.name}\n  {one.note}" if one.note else one.name
        table.add_row(name, one.before, one.reach, one.value or "NOT MEASURED", verdict)
    console.print(table)
