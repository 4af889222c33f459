"""What a measurement hands back: a figure with its target, or rows of a table; how both are shown and kept."""

from __future__ import annotations

import json
import operator
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from rich.console import Console
from rich.table import Table

KEPT = Path("out/bench.jsonl")
"""Every figure that was ever printed here, a JSON line each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured figure."""

    name: str
    value: float
    unit: str
    low: float
    high: float
    """Range of the single values."""
    times: int = 1
    """How many values there were."""
    target: float | None = None
    """None: for information."""
    sense: Literal["≤", "≥", "="] = "≤"
    """How the value should stand to the target."""
    note: str = ""

    @property
    def reached(self) -> bool | None:
        if self.target is None:
            return None
        return {"≤": operator.le, "≥": operator.ge, "=": operator.eq}[self.sense](self.value, self.target)

    @property
    def verdict(self) -> str:
        if self.reached is None:
            return ""
        if self.reached:
            return "reached"
        if not self.target:
            return "falls short"
        return f"falls short by {abs(self.value - self.target) / abs(self.target):.0%}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Where something goes: rows of (name, amount), all in one unit."""

    name: str
    unit: str
    rows: tuple[tuple[str, float], ...]
    total: float
    """Of everything, measured on its own where that can be."""
    note: str = ""


def exact(name: str, value: float, unit: str = "", **more: Any) -> Figure:
    """A figure that is one value."""
    return Figure(name=name, value=value, unit=unit, low=value, high=value, **more)


def median(name: str, values: Sequence[float], unit: str, **more: Any) -> Figure:
    """A figure that is the median of its values."""
    return Figure(
        name=name,
        value=statistics.median(values),
        unit=unit,
        low=min(values),
        high=max(values),
        times=len(values),
        **more,
    )


def p95(name: str, values: Sequence[float], unit: str, **more: Any) -> Figure:
    """A figure that is the 95th percentile of its values (the nearest one above: of less than 20, the greatest)."""
    ordered = sorted(values)
    value = ordered[min(len(ordered) - 1, -(-95 * len(ordered) // 100) - 1)]
    return Figure(name=name, value=value, unit=unit, low=ordered[0], high=ordered[-1], times=len(ordered), **more)


def show(console: Console, found: Sequence[Figure | Rows], machine: str) -> None:
    """Print one table of figures, then each table of rows."""
    table = Table(title=machine, title_justify="left")
    for heading in ("figure", "measured", "range (times)", "to reach", ""):
        table.add_column(heading, justify="left" if heading in ("figure", "") else "right", overflow="fold")
    for figure in found:
        if isinstance(figure, Figure):
            target = "" if figure.target is None else f"{figure.sense} {figure.target:.3g} {figure.unit}".rstrip()
            spread = f"{figure.low:.3g} … {figure.high:.3g} ({figure.times})" if figure.times > 1 else ""
            name = f"{figure.name}\n  {figure.note}" if figure.note else figure.name
            table.add_row(name, f"{figure.value:.3g} {figure.unit}".rstrip(), spread, target, figure.verdict)
    console.print(table)
    for rows in found:
        if isinstance(rows, Rows):
            console.print(_table_of(rows))


def keep(found: Sequence[Figure | Rows], machine: str) -> list[str]:
    """Append a JSON line per figure to out/bench.jsonl; the same lines are returned."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    lines = []
    for one in found:
        fields = {"at": at, "machine": machine, **asdict(one)}
        if isinstance(one, Figure):
            fields["reached"] = one.reached
        lines.append(json.dumps(fields, ensure_ascii=False))
    KEPT.parent.mkdir(exist_ok=True)
    with KEPT.open("a", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in lines)
    return lines


def _table_of(rows: Rows) -> Table:
    table = Table(title=f"{rows.name} ({rows.unit})", title_justify="left", caption=rows.note or None)
    table.add_column("part")
    table.add_column(rows.unit, justify="right")
    table.add_column("share", justify="right")
    for name, amount in rows.rows:
        table.add_row(name, f"{amount:.3f}", f"{amount / rows.total:.1%}" if rows.total else "")
    together = sum(amount for _, amount in rows.rows)
    table.add_section()
    table.add_row("sum of the rows", f"{together:.3f}", f"{together / rows.total:.1%}" if rows.total else "")
    table.add_row("total", f"{rows.total:.3f}", "100.0%")
    return table
