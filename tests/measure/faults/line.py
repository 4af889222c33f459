"""A line of `make faults`: what is done to the service, and what came of it."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.measure.figures import Figure

HITS_NEEDED = 30
"""A fault that met fewer running jobs proves nothing."""


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What a fault did to the accepted jobs."""

    jobs: int
    """Accepted, by the client's own list."""
    finished: int
    lost: int
    duplicates: int
    """Effects that came twice: webhook ids, clips, files."""
    hits: int
    """Running jobs that a fault met."""
    recovery_s: Sequence[float] = ()
    """For each hit, until its job went on."""
    limit_s: float | None = None
    """The longest recovery that is allowed."""
    hits_needed: int = HITS_NEEDED
    problems: Sequence[str] = ()
    """What the audit found, and what the line itself expected otherwise."""
    notes: dict[str, Any] = field(default_factory=dict)
    """Other figures of the line."""

    @property
    def verdict(self) -> str:
        if self.hits < self.hits_needed:
            return "INVALID"
        late = self.limit_s is not None and max(self.recovery_s, default=0.0) > self.limit_s
        return "falls short" if self.lost or self.duplicates or self.problems or late else "reached"

    def text(self, fault: str) -> str:
        """The line as it is printed."""
        p50, p95, longest = (f"{at(self.recovery_s, share):.1f}" for share in _SHARES.values())
        recovery = f"recovery {p50}/{p95}/{longest} s" if self.recovery_s else "no recovery to measure"
        allowed = f" (≤ {self.limit_s:g})" if self.limit_s is not None else ""
        notes = "".join(f", {name} {value}" for name, value in self.notes.items())
        return (
            f"{self.jobs} jobs, {fault}, finished {self.finished}, lost {self.lost}, duplicate effects "
            f"{self.duplicates}, {recovery}{allowed}, hits {self.hits}{notes}: {self.verdict}"
        )

    def as_json(self) -> dict[str, Any]:
        """What out/faults.jsonl keeps."""
        return {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "cores": os.cpu_count(),
            "load": round(os.getloadavg()[0], 1),
            "jobs": self.jobs,
            "finished": self.finished,
            "lost": self.lost,
            "duplicates": self.duplicates,
            "hits": self.hits,
            "recovery_s": {name: round(at(self.recovery_s, share), 2) for name, share in _SHARES.items()}
            if self.recovery_s
            else None,
            "limit_s": self.limit_s,
            "problems": list(self.problems),
            "notes": self.notes,
            "verdict": self.verdict,
        }


Run = Callable[[int], Outcome | Iterable[Figure]]
"""Runs a line with so many jobs. Lines that aren't about jobs return figures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An entry of the list. A module of this folder lists its own in `LINES`."""

    name: str
    """For ONLY=."""
    number: float
    """The test's number in the plan; lines run in this order."""
    fault: str
    run: Run
    long: bool = False
    """Runs only when it is asked for by name."""


_SHARES = {"p50": 0.5, "p95": 0.95, "max": 1.0}


def at(values: Sequence[float], share: float) -> float:
    """The nearest value at or above a share of the sorted values; nan if there are none."""
    if not values:
        return math.nan
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]
