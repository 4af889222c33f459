"""`make listen`: what readers meet, measured: press to sound, reading along, reports, access, files, drift.

    python -m tests.measure.listen [--only NAME ...]

In a real Chromium on the real service. Prints each figure as soon as it is known, then one table (each figure with
what it should reach) and JSON lines, which out/bench.jsonl keeps too. Takes about twenty minutes. Ends with 1 when a
figure isn't reached or couldn't be measured.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tests.measure.figures import Figure
from tests.measure.listen import access as listen_access
from tests.measure.listen import drift as listen_drift
from tests.measure.listen import press as listen_press
from tests.measure.listen import provenance, validators
from tests.measure.listen import reading as listen_reading
from tests.measure.listen import reports as listen_reports
from tests.measure.one_by_one import measure

LISTEN: dict[str, Callable[[], Iterable[Figure]]] = {
    "press": listen_press.figures,
    "places": listen_reading.places,
    "access": listen_access.figures,
    "validators": validators.figures,
    "reports": listen_reports.figures,
    "provenance": provenance.figures,
    "drift": listen_drift.figures,
    "reading": listen_reading.along,
}
"""The quick ones first."""


def main() -> None:
    """Measure, print, keep."""
    measure(LISTEN, "Measure what readers meet")


if __name__ == "__main__":
    main()
