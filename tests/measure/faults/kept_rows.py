"""The line about what is kept and what goes: random histories with crashes."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable

from tests.measure.faults.line import Line
from tests.measure.figures import Figure, exact
from tests.retention.histories import check_histories

HISTORIES = int(os.environ.get("HISTORIES", "500"))


def histories(_jobs: int) -> Iterable[Figure]:
    """Raises AssertionError with the first history that loses or leaves something."""
    began = time.process_time()
    seen = check_histories(HISTORIES)
    found = f"{HISTORIES} histories"
    never = sorted(seen.met.keys() - seen.crashed.keys())
    print(f"{seen.crashed.total()} crashes; writes at which none came: {', '.join(never) or 'none'}", flush=True)
    yield exact("retained things missing, or left without a row", 0, target=0, sense="=", note=found)
    share = 100 * len(seen.crashed) / len(seen.met)
    note = f"{len(seen.crashed)} of {len(seen.met)} functions of the product that write"
    yield exact("writes at which a process died", share, "%", target=90, sense="≥", note=note)
    yield exact("CPU time", time.process_time() - began, "s")


LINES = (
    Line(name="histories", number=56, fault="crashes at any write of pruning, erasure and publishing", run=histories),
)
