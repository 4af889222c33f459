"""The line about what is kept and what goes: random histories with crashes."""

from __future__ import annotations

import time
from collections.abc import Iterable

from tests.measure.faults.line import Line
from tests.measure.figures import Figure, exact
from tests.retention.histories import check_histories

HISTORIES = 500


def histories(_jobs: int) -> Iterable[Figure]:
    """Raises AssertionError with the first history that loses or leaves something."""
    began = time.monotonic()
    check_histories(HISTORIES)
    found = f"{HISTORIES} histories"
    yield exact("retained things missing, or left without a row", 0, target=0, sense="=", note=found)
    yield exact("time", time.monotonic() - began, "s")


LINES = (
    Line(name="histories", number=56, fault="crashes at any write of pruning, erasure and publishing", run=histories),
)
