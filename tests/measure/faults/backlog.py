"""A queue of a million jobs: claims, rings, lists and withdrawals take no longer than with a few."""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import BigInteger, Integer, String, case, cast, insert, literal, null, select, text

from tests.measure.faults.broker import Broker
from tests.measure.faults.line import Line, at
from tests.measure.faults.postgres import cluster
from tests.measure.figures import Figure, exact
from tests.parts.staff import signed
from tts_service.access.keys import create_key
from tts_service.db.tables import ArticleRevisionRow, ArticleRow, Base, ClipRow, JobRow
from tts_service.jobs.dispatch import dispatch
from tts_service.jobs.lease import release
from tts_service.jobs.owner import this_owner
from tts_service.jobs.turns import claim_next
from tts_service.parts import Parts
from tts_service.settings import Settings
from tts_service.web.app import create_app
from tts_service.wiring import build

ON_POSTGRESQL, ON_SQLITE = 1_000_000, 100_000
CLAIM_MS, LIST_MS = 20.0, 50.0
FEW = 1_000
"""Rows to compare with, in the same run."""
_TIMES = 300
"""Of each: its p99 is the third longest."""
_FIRST_ID = 100_000_000
_SITES = 40
"""One of them has half of all jobs."""
_LISTS = {
    "GET /v1/jobs": "/v1/jobs",
    "GET /v1/jobs, a site": "/v1/jobs?site=site7",
    "GET /v1/jobs, queued": "/v1/jobs?state=queued",
    "GET /v1/jobs, failed": "/v1/jobs?state=failed",
    "GET /v1/jobs, a site's failed": "/v1/jobs?site=site7&state=failed",
    "staff's articles": "/staff/articles",
    "staff's articles, failed": "/staff/articles?state=failed",
    "staff's articles, rendering": "/staff/articles?state=rendering",
    "staff's articles, a site": "/staff/articles?site=site7",
    "staff's articles, a site's failed": "/staff/articles?site=site7&state=failed",
}


def backlog(_jobs: int) -> Iterator[Figure]:
    """On both databases."""
    yield from _measured("PostgreSQL", ON_POSTGRESQL)
    yield from _measured("SQLite", ON_SQLITE)


def _measured(kind: str, rows: int) -> Iterator[Figure]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tts-rows-")))
        broker = Broker(folder / "valkey", durable=False)
        stack.callback(broker.close)
        broker.start()
        postgres = stack.enter_context(cluster()) if kind == "PostgreSQL" else None
        settings = Settings(  # type: ignore[call-arg]
            _env_file=None,
            data_dir=folder / "data",
            database_url=postgres.url if postgres else "",
            broker_url=broker.url,
            rate_key="",
            min_free_mb=0,
        )
        parts = build(settings)
        stack.callback(parts.close)
        put_queued(parts, 0, FEW)
        worked = postgres.worked_s if postgres else lambda: 0.0
        few = _times(parts, range(0, FEW, 2), worked)
        put_queued(parts, FEW, rows)
        many = _times(parts, range(FEW, rows, 2), worked)
    for name, times in many.items():
        note = f"processor {times.worked_ms:.1f} ms each, with {FEW} rows {few[name].worked_ms:.1f} ms; p50 "
        note += f"{at(times.each_ms, 0.5):.1f} ms, load {os.getloadavg()[0]:.1f}"
        target = CLAIM_MS if name in ("claim", "dispatch") else LIST_MS
        yield exact(f"{name}, {rows} rows, {kind}: p99", at(times.each_ms, 0.99), "ms", target=target, note=note)


def put_queued(parts: Parts, first: int, until: int, *, site: str | None = None, voice: str | None = None) -> None:
    """Articles `first` to `until` - 1 of five sentences, each with a job that is due. `site` None: half of them, those
    with an even number, are of site0."""
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        start = select(literal(first, BigInteger).label("n")).cte("numbers", recursive=True)
        n = start.union_all(select(start.c.n + 1).where(start.c.n < until - 1)).c.n
        place = cast(_FIRST_ID + n, String)
        sites = literal(site) if site else "site" + cast(case((n % 2 == 0, 0), else_=n % _SITES), String)
        sentence = literal("This is story ") + place + literal(". ")
        ids = {name: literal(f"{name}_0000000000000") + place for name in ("art", "rev", "clip", "job")}
        when = now - until + n
        every: dict[type[Base], dict[str, Any]] = {
            ArticleRow: {"id": ids["art"], "site": sites, "external_id": place, "page_key": null()},
            ArticleRevisionRow: {"id": ids["rev"], "article_id": ids["art"], "content_hash": place},
            ClipRow: {"id": ids["clip"], "article_id": ids["art"], "state": literal("rendering")},
            JobRow: {"id": ids["job"], "site": sites, "article_id": ids["art"], "article_revision_id": ids["rev"]},
        }
        every[ArticleRow]["title"] = literal("Story ") + place
        every[ArticleRevisionRow] |= {
            "source": sentence + sentence + sentence + sentence + sentence,
            "source_format": literal("text"),
            "language": literal("en"),
        }
        every[ClipRow]["last_revision"] = literal(1, Integer)
        every[JobRow] |= {
            "clip_id": ids["clip"],
            "revision": literal(1, Integer),
            "live_key": place,
            "natural_key": place,
            "voice": literal(voice) if voice else null(),
            "formats": literal("mp3"),
            "queue": literal("normal"),
            "state": literal("queued"),
            "due_ms": when,
        }
        for table, values in every.items():
            values["created_ms"] = when
            session.execute(insert(table).from_select(list(values), select(*values.values())))
    if not parts.database.is_sqlite:
        with parts.database.at_once() as connection:
            connection.execute(text("ANALYZE"))  # as autovacuum does after so many rows


@dataclass(frozen=True, slots=True, kw_only=True)
class _Times:
    """What one kind of request took."""

    each_ms: list[float]
    worked_ms: float
    """Processor time of one, here and in the database: a busy machine lengthens it little."""


def _times(parts: Parts, articles: Sequence[int], database_s: Callable[[], float]) -> dict[str, _Times]:
    """Claims, dispatches, withdrawals and lists, by what was done. `articles`: of site0, to withdraw; `database_s`:
    processor time that the database has taken."""
    timed = partial(_timed, database_s)
    withdrawn = iter(random.Random(54).sample(articles, _TIMES + 1))
    key = create_key(parts.database, "rows", ("jobs:write", "jobs:read"))
    caller, person = {"Authorization": f"Bearer {key}"}, signed(parts).headers
    with TestClient(create_app(parts), base_url=parts.settings.base_url) as client:

        def withdraw() -> None:
            answer = client.delete(f"/v1/articles/site0/{_FIRST_ID + next(withdrawn)}", headers=caller)
            assert answer.status_code == 204, answer.text

        def show(address: str) -> None:
            answer = client.get(address, headers=caller if address.startswith("/v1") else person)
            assert answer.status_code == 200, answer.text

        return {
            "claim": timed(lambda: claim_next(parts, "normal", this_owner()), lambda lease: release(parts, lease)),
            "dispatch": timed(lambda: dispatch(parts)),
            "withdraw": timed(withdraw),
            **{name: timed(partial(show, address)) for name, address in _LISTS.items()},
        }


def _timed(
    database_s: Callable[[], float], act: Callable[[], Any], undo: Callable[[Any], object] = lambda _: None
) -> _Times:
    undo(act())  # statements are compiled once in a process
    each_ms, worked_s = [], 0.0
    for _ in range(_TIMES):
        began, worked = time.perf_counter(), time.process_time() + database_s()
        found = act()
        each_ms.append(1000 * (time.perf_counter() - began))
        worked_s += time.process_time() + database_s() - worked
        undo(found)
    return _Times(each_ms=each_ms, worked_ms=1000 * worked_s / _TIMES)


LINES = (Line(name="rows", number=54, fault="1,000,000 queued jobs on PostgreSQL, 100,000 on SQLite", run=backlog),)
