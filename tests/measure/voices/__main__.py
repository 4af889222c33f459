"""`make voices`: how our voices sound and what they cost, beside the figures that they were chosen to reach.

    python -m tests.measure.voices [--quick] [--only NAME ...]

Ends with 1 if something couldn't be measured: the row says why.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Callable, Sequence

from rich.console import Console

from tests.measure.voices.costs import costs, word_starts
from tests.measure.voices.heard_rows import (
    catalogue_understood,
    english_understood,
    faults_in_english,
    faults_in_german,
    german_understood,
)
from tests.measure.voices.opinion import opinions
from tests.measure.voices.studio import Studio
from tests.measure.voices.table import VoiceFigure, show_table

PARTS: dict[str, Callable[[Studio], Sequence[VoiceFigure]]] = {
    "costs": costs,
    "english": english_understood,
    "german": german_understood,
    "catalogue": catalogue_understood,
    "opinion": opinions,
    "word-starts": word_starts,
    "faults": faults_in_english,
    "faults-german": faults_in_german,
}


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description="Measure the voices")
    parser.add_argument("--quick", action="store_true", help="fewer sentences and rounds")
    parser.add_argument("--only", action="append", choices=list(PARTS), help="this part alone")
    parser.add_argument("--missed", action="store_true", help="also show each sentence that was judged wrongly")
    options = parser.parse_args()
    console = Console(width=None if sys.stdout.isatty() else 140, emoji=False)
    load, figures = os.getloadavg()[0], list[VoiceFigure]()
    with Studio(quick=options.quick) as studio:
        for name in options.only or PARTS:
            began = time.monotonic()
            figures += PARTS[name](studio)
            print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr)
        if options.missed:
            console.print(*studio.missed, sep="\n", highlight=False, markup=False)
    machine = f"{os.cpu_count()} cores, {platform.machine()}, load {load:.1f} at the start" + options.quick * ", quick"
    show_table(console, figures, machine)
    sys.exit(0 if all(one.value for one in figures) else 1)


if __name__ == "__main__":
    main()
