"""`make text-score`: how well text becomes speech, measured on our own collections and on others given by their folder.

    python -m tests.measure.text [--only NAME ...] [--wrong]     TEXT_PAIRS=dir PAGES=dir SEED=number

Prints one table (each figure with what it should reach) and JSON lines, which out/bench.jsonl keeps too. `--wrong`
also lists what was said otherwise. Ends with 1 when a figure of our own collections isn't reached.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rich.console import Console

from tests.measure.figures import Figure, exact, keep, show
from tests.measure.text.fresh import by_batch, fresh_lines
from tests.measure.text.handed import by_kind, handed_cases, wrong_cases
from tests.measure.text.hostile import engines_survive, hostile_is_read
from tests.measure.text.newsroom.score import generated
from tests.measure.text.pairs import Score, outside_pairs, own_pairs, score
from tests.measure.text.speed import preparation, slowest_rules
from tests.measure.text.splitters import splitters
from tts_service.speakable.language import codes

LEAST = {**dict.fromkeys(codes(), 80), "en": 400, "de": 300}
"""Lines a golden table has at least; a country's own table only holds what differs."""
OUTSIDE = {"en": 95.0, "de": 90.0}
"""Percent of an outside collection that should be said right."""


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description="Measure how well text becomes speech")
    parser.add_argument("--only", action="append", choices=list(MEASUREMENTS), help="this measurement alone")
    parser.add_argument("--wrong", action="store_true", help="also list what was said otherwise")
    options = parser.parse_args()
    console = Console(width=None if sys.stdout.isatty() else 140)
    found: list[Figure] = []
    for name in options.only or list(MEASUREMENTS):
        console.print(f"{name} …", style="dim")
        found += MEASUREMENTS[name](console if options.wrong else None)
    machine = f"{os.cpu_count()} cores, {platform.machine()}, load {os.getloadavg()[0]:.1f}"
    show(console, found, machine)
    for line in keep(found, machine):
        print(line)
    sys.exit(1 if any(figure.reached is False for figure in found) else 0)


def golden(wrong: Console | None) -> Iterator[Figure]:
    """Our own tables, to the letter."""
    for language, pairs in own_pairs().items():
        yield _percent(f"golden table {language}: right to the letter", score(pairs, exact=True), 100.0, wrong)
        yield exact(
            name=f"golden table {language}: lines",
            value=len(pairs),
            unit="lines",
            target=LEAST.get(language),
            sense="≥",
        )


def handed(wrong: Console | None) -> Iterator[Figure]:
    """Cases from outside that were wrong once, by kind."""
    cases = handed_cases()
    found = list(wrong_cases(cases))
    for case, said in found if wrong else ():
        text = f"  {case.id} {case.written!r}\n    said     {said!r}\n    expected {case.right!r}"
        (wrong or Console()).print(text, markup=False, highlight=False)
    kinds = by_kind(cases, frozenset(case.id for case, _ in found))
    for kind, (right, count) in kinds.items():
        yield exact(name=f"handed cases, {kind}", value=right, unit=f"of {count}", target=None, sense="≥")
    right = len(cases) - len(found)
    percent = 100 * right / len(cases)
    note = f"handed cases right {right} of {len(cases)}"
    yield exact(name="handed cases right", value=percent, unit="%", target=97.0, sense="≥", note=note)


def fresh(wrong: Console | None) -> Iterator[Figure]:
    """Lines written before anybody looked at the rules: the first look, and today."""
    for (batch, language), lines in by_batch(fresh_lines()).items():
        misses = [line for line in lines if not line.is_right]
        for line in misses if wrong else ():
            text = f"  {line.written!r}\n    said     {line.said!r}\n    expected {' | '.join(line.right)!r}"
            (wrong or Console()).print(text, markup=False, highlight=False)
        first = sum(line.was_right for line in lines)
        today = len(lines) - len(misses)
        for name, right in (("first look", first), ("today", today)):
            yield exact(
                name=f"fresh lines {language}, {batch} batch: {name}",
                value=100 * right / len(lines),
                unit="%",
                target=None,
                sense="≥",
                note=f"{right} of {len(lines)}",
            )


def outside(wrong: Console | None) -> Iterator[Figure]:
    """Collections of others: TEXT_PAIRS names their folder."""
    folder = os.environ.get("TEXT_PAIRS")
    for language, pairs in outside_pairs(Path(folder)).items() if folder else ():
        found = score(pairs, exact=False)
        yield _percent(f"outside pairs {language}", found, OUTSIDE.get(language), wrong)
        if wrong:
            for kind, (right, count) in found.by_kind.items():
                wrong.print(f"  {kind or '(no class)'}: {right} of {count}", highlight=False)


def pages(_: Console | None) -> Iterator[Figure]:
    """Our own pages, and outside ones: PAGES names their folder."""
    from tests.measure.text.pages import figures, own_pages

    yield from own_pages()
    folder = os.environ.get("PAGES")
    if folder:
        yield from figures(Path(folder))


def _percent(name: str, found: Score, target: float | None, wrong: Console | None) -> Figure:
    if wrong:
        for pair, said in found.wrong:
            wrong.print(
                f"  {pair.written!r}\n    said     {said!r}\n    expected {' | '.join(pair.spoken)!r}", markup=False
            )
    percent = 100 * found.right / found.pairs
    return exact(name, percent, "%", target=target, sense="≥", note=f"{found.right} of {found.pairs}")


MEASUREMENTS: dict[str, Callable[[Console | None], Iterator[Figure] | Sequence[Figure]]] = {
    "golden": golden,
    "handed": handed,
    "fresh": fresh,
    "sentences": splitters,
    "outside": outside,
    "pages": pages,
    "generated": generated,
    "speed": preparation,
    "rules": slowest_rules,
    "hostile": hostile_is_read,
    "engines": engines_survive,
}


if __name__ == "__main__":
    main()
