"""The overview of a big desk: 100,000 reports, 5,000 cases, 20,000 clips, 300,000 counts of listening."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Iterator
from typing import Any

from sqlalchemy import event, insert, text

from tests.measure.desk.databases import on_postgresql, on_sqlite
from tests.measure.figures import Figure
from tts_service.corrections.figures.overview import overview
from tts_service.db.tables import ArticleRow, CaseRow, ClipRow, ListeningRow, ReportRow
from tts_service.listeners.listening.counting import day_of
from tts_service.parts import Parts
from tts_service.values.moments import DAY_MS

REPORTS, CASES, CLIPS, SITES, DAYS = 100_000, 5_000, 20_000, 5, 365
LISTENED = 15
"""Days on which a clip is listened to."""
AT_ONCE = 5_000
TIMES = 7
TARGET_MS = 300


def figures() -> Iterator[Figure]:
    """Time of the figures, on both databases, for all sites and for an editor of one."""
    for name, database in (("SQLite", on_sqlite), ("PostgreSQL", on_postgresql)):
        with database() as parts:
            _fill(parts)
            for whose, sites in (("all sites", None), ("one site", ("site0",))):
                for days in (28, 364):
                    yield _measured(parts, f"overview of {days} days, {whose}, {name}", sites, days)


def _measured(parts: Parts, name: str, sites: tuple[str, ...] | None, days: int) -> Figure:
    took, statements, begun_cpu = [], 0, time.process_time()

    def counted(*_: Any) -> None:
        nonlocal statements
        statements += 1

    event.listen(parts.database.engine, "before_cursor_execute", counted)
    for _ in range(TIMES):
        with parts.database.reading() as session:
            begun = time.perf_counter()
            overview(parts.database, session, sites, days)
            took.append(1000 * (time.perf_counter() - begun))
    cpu_ms = 1000 * (time.process_time() - begun_cpu) / TIMES
    event.remove(parts.database.engine, "before_cursor_execute", counted)
    return Figure(
        name=name,
        value=statistics.median(took),
        unit="ms",
        low=min(took),
        high=max(took),
        times=TIMES,
        target=TARGET_MS,
        note=f"{statements // TIMES} statements; {cpu_ms:.0f} ms of processor time here",
    )


def _fill(parts: Parts) -> None:
    chance = random.Random(11)
    with parts.database.reading() as session:
        now = parts.database.now_ms(session)
    ages = [int(chance.random() * DAYS * DAY_MS) for _ in range(REPORTS)]
    clips = [(f"clip_{number}", f"site{number % SITES}") for number in range(CLIPS)]
    tables: list[tuple[Any, list[dict[str, Any]]]] = [
        (ArticleRow, [_article(number, site, now) for number, (_, site) in enumerate(clips)]),
        (ClipRow, [_clip(number, clip, now) for number, (clip, _) in enumerate(clips)]),
        (CaseRow, [_case(number, now, chance) for number in range(CASES)]),
        (ReportRow, [_report(number, now - age, chance) for number, age in enumerate(ages)]),
        (ListeningRow, [row for clip, _ in clips for row in _listened(clip, now, chance)]),
    ]
    for table, rows in tables:
        for begin in range(0, len(rows), AT_ONCE):
            with parts.database.writing() as session:
                session.execute(insert(table), rows[begin : begin + AT_ONCE])
    with parts.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _article(number: int, site: str, now: int) -> dict[str, Any]:
    return {
        "id": f"art_{number}",
        "site": site,
        "external_id": str(number),
        "url": f"https://{site}.example/{number}",
        "title": f"Article {number}",
        "visibility": "public",
        "created_ms": now,
    }


def _clip(number: int, clip: str, now: int) -> dict[str, Any]:
    created = now - number % DAYS * DAY_MS
    values = {"state": "ready", "current_revision": 1, "last_revision": 1, "created_ms": created}
    return {"id": clip, "article_id": f"art_{number}"} | values


def _case(number: int, now: int, chance: random.Random) -> dict[str, Any]:
    first = now - int(chance.random() * DAYS * DAY_MS)
    state = chance.choice(("new", "confirmed", "corrected", "corrected", "rejected"))
    settled = None if state in ("new", "confirmed") else first + int(chance.expovariate(1 / 30_000_000))
    return {
        "id": f"case_{number}",
        "site": f"site{number % SITES}",
        "language": "en",
        "voice": "v",
        "kind": "word",
        "key": str(number),
        "category": "pronunciation",
        "written": f"Word{number % 3000}",
        "sentence": "A sentence of some length, as they are in newspapers.",
        "state": state,
        "reason": "",
        "version": 1,
        "reports": 20,
        "articles": 3,
        "plays": 100,
        "breaking": False,
        "rank": chance.random(),
        "first_ms": first,
        "last_ms": first,
        "updated_ms": first,
        "settled_ms": settled,
    }


def _report(number: int, at_ms: int, chance: random.Random) -> dict[str, Any]:
    case = int(chance.random() ** 2 * CASES)
    clip = chance.randrange(CLIPS // SITES // 4) * SITES + case % SITES  # a quarter of the clips is reported
    return {
        "id": f"R-{number}",
        "site": f"site{case % SITES}",
        "clip_id": f"clip_{clip}",
        "revision": 1,
        "position_ms": 0,
        "sentence": "A sentence of some length, as they are in newspapers.",
        "voice": "v",
        "category": "pronunciation",
        "comment": "It should be said otherwise.",
        "state": "new",
        "note": "",
        "created_ms": at_ms,
        "updated_ms": at_ms,
        "case_id": f"case_{case}",
        "written": f"Word{case % 3000}",
    }


def _listened(clip: str, now: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    first = chance.randrange(DAYS)
    whats = (("start", 100), ("end", 30)) if chance.random() < 0.5 else (("start", 9),)
    for day in range(LISTENED):
        for what, times in whats:
            at = day_of(now - (first + day) % DAYS * DAY_MS)
            yield {"clip_id": clip, "revision": 1, "day": at, "what": what, "times": times}
