"""The line about three years of a newsroom: what must level off does, and the last day is as fast as the first.

DAYS and ARTICLES (a day) in the environment make it smaller. Files are further names of the pattern's files, so that
they have their true number and size but take no space; the database has all its bytes.
"""

from __future__ import annotations

import math
import os
import tempfile
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.measure.faults.line import Line
from tests.measure.figures import Figure, exact
from tests.measure.years.newsroom import LIVE_DAYS, Newsroom
from tests.measure.years.visits import visit_ms
from tests.measure.years.weighed import Amounts, beyond_rule, weigh
from tests.parts.factories import make_parts, make_settings
from tts_service.engines.child.speak import EngineChild

DAYS, ARTICLES = 3 * 365, 60
FULL = 120
"""Articles with which each page is full: then it is measured first."""
QUARTER, YEAR = 91, 365
MOST_BEYOND, MOST_SLOWER = 0.05, 0.20
_MB = 1_000_000


def years(_jobs: int) -> Iterable[Figure]:
    """Prints a line for each quarter, and yields what is to be reached."""
    days, a_day = int(os.environ.get("DAYS", str(DAYS))), int(os.environ.get("ARTICLES", str(ARTICLES)))
    first = math.ceil(FULL / a_day)
    began = time.process_time()
    with tempfile.TemporaryDirectory(prefix="tts-years-") as name, EngineChild(make_settings(Path(name))) as engine:
        folder = Path(name)
        parts = make_parts(folder, rate_key="", rate_public="", slice_s=3600)
        newsroom = Newsroom(parts, engine, folder, a_day)
        amounts: dict[int, Amounts] = {}
        visits: dict[int, Mapping[str, float]] = {}
        strays = 0
        for day in range(1, days + 1):
            until_looked = min(_next_look(day, first), days) - day
            newsroom.live_a_day(live=until_looked < LIVE_DAYS)
            if until_looked:
                continue
            strays += newsroom.tidy()
            amounts[day] = weigh(parts, newsroom.published - newsroom.withdrawn)
            visits[day] = visit_ms(parts)
            _print(newsroom, amounts[day], visits[day], time.process_time() - began)
        newsroom.whole_way("last", edits=1)
        yield exact("sentences spoken for one that changed", max(newsroom.spoken_for_edits), target=1, sense="=")
        yield exact("objects that no row names, beside those left on purpose", strays, target=0, sense="=")
        last = max(amounts)
        if (before := last - YEAR) in amounts:
            for kind, share in beyond_rule(amounts[before], amounts[last], newsroom.pattern).items():
                if share:
                    yield _share(f"last year's growth beyond the rule, {kind}", share, MOST_BEYOND)
        for visit, first_ms in visits[min(visits)].items():
            more = visits[last][visit] / first_ms - 1
            note = f"{first_ms:.1f} -> {visits[last][visit]:.1f} ms of CPU"
            yield _share(f"slower than in the first days: {visit}", more, MOST_SLOWER, note)
        parts.close()


def _next_look(day: int, first: int) -> int:
    """The first days, when each page is full; the end of each quarter, and of each year."""
    if day <= first:
        return first
    year, within = divmod(day - 1, YEAR)
    quarter = within // QUARTER + 1
    return year * YEAR + (quarter * QUARTER if quarter < 4 else YEAR)


def _print(newsroom: Newsroom, found: Amounts, visits: Mapping[str, float], cpu_s: float) -> None:
    objects = ", ".join(f"{kind} {count} ({found.bytes[kind] / _MB:.0f} MB)" for kind, count in found.objects.items())
    rows = ", ".join(f"{name} {count}" for name, count in sorted(found.rows.items()) if count)
    print(f"day {newsroom.day}: {newsroom.published} articles, {cpu_s:.0f} s of CPU", flush=True)
    print(f"  rows {sum(found.rows.values())}: {rows}; database {found.database_bytes / _MB:.0f} MB")
    print(f"  objects {sum(found.objects.values())}: {objects}")
    print("  CPU ms: " + ", ".join(f"{name} {took:.1f}" for name, took in visits.items()))
    print("  beat, CPU s since the last line: " + ", ".join(f"{name} {s:.1f}" for name, s in newsroom.beat_s.items()))
    newsroom.beat_s.clear()


def _share(name: str, value: float, target: float, note: str = "") -> Figure:
    percent = round(100 * value, 2)
    return Figure(name=name, value=percent, unit="%", low=percent, high=percent, target=100 * target, note=note)


LINES = (Line(name="years", number=58, fault="three years of a newsroom", run=years, long=True),)
