"""What it costs that an accepted article is on the disk: SQLite with and without waiting for it, in turns.

`python -m tests.measure.commit_price [--articles 500] [--folder DIR]`. DIR decides which disk.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

from tests.parts.factories import make_article, make_parts
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.submit import submit
from tts_service.parts import Parts

_ROUNDS = 10
_MODES = ("FULL", "NORMAL")
"""SQLite's `synchronous`: FULL waits for the disk at each commit, NORMAL only when the log is folded in."""


def main() -> None:
    """Print the median of each mode and their ratio."""
    parser = argparse.ArgumentParser(description="Measure what a commit that is on the disk costs")
    parser.add_argument("--articles", type=int, default=500, help="for each mode")
    parser.add_argument("--folder", type=Path, help="on the disk to measure")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        parts = {mode: make_parts(Path(folder) / mode.lower()) for mode in _MODES}
        times: dict[str, list[float]] = {mode: [] for mode in _MODES}
        for turn in range(_ROUNDS):
            for mode in _MODES:
                times[mode] += _submitted(parts[mode], mode, turn, given.articles // _ROUNDS)
        for one in parts.values():
            one.close()
    medians = {mode: 1000 * statistics.median(found) for mode, found in times.items()}
    for mode, median in medians.items():
        print(f"synchronous={mode}: {median:.1f} ms an article (median of {len(times[mode])})")
    print(f"ratio {medians['FULL'] / medians['NORMAL']:.2f}, load {os.getloadavg()[0]:.1f}")


def _submitted(parts: Parts, mode: str, turn: int, number: int) -> list[float]:
    """Seconds of each of so many new articles."""
    found = []
    with parts.database.reading() as session:
        session.connection().exec_driver_sql("COMMIT")
        session.connection().exec_driver_sql(f"PRAGMA synchronous={mode}")
        session.connection().exec_driver_sql("BEGIN")
    for place in range(number):
        began = time.monotonic()
        submit(parts, make_article(external_id=f"{turn}-{place}"), Wish(voice="tone:beep"))
        found.append(time.monotonic() - began)
    return found


if __name__ == "__main__":
    main()
