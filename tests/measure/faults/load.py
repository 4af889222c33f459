"""What the service carries: articles a second, jobs through the queue, sites beside each other."""

from __future__ import annotations

import http.client
import json
import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import func, select

from tests.measure.faults.backlog import put_queued
from tests.measure.faults.line import Line, at
from tests.measure.faults.texts import SLOW, article
from tests.measure.faults.world import Plan, World, world
from tests.measure.figures import Figure, exact
from tests.parts.service import descendants, until, worked_s
from tts_service.db.tables import JobRow

RATE, SECONDS = 100, 60
POST_P99_MS = 100.0
CROWD = 10_000
_CLIENTS = 16


def posts(_jobs: int) -> Iterator[Figure]:
    """Articles at a steady rate, from clients of their own process."""
    with world(Plan(slots=(1,), settings={"slice_s": 1.0})) as made:
        before = _worked_s(made)
        times, answers = _posted(made, RATE * SECONDS, 1 / RATE)
        worked = {part: seconds - before[part] for part, seconds in _worked_s(made).items()}
        load = f"load {os.getloadavg()[0]:.1f}"
        yield exact("POST /v1/jobs p50, 100/s, PostgreSQL", 1000 * at(times, 0.5), "ms", note=load)
        yield exact("POST /v1/jobs p99, 100/s, PostgreSQL", 1000 * at(times, 0.99), "ms", target=POST_P99_MS, note=load)
        for part, seconds in worked.items():
            yield exact(f"processor time of one POST, {part}", 1000 * seconds / len(times), "ms", note=load)
        wrong = sum(count for status, count in answers.items() if status != "202")
        yield exact("answers other than 202", wrong, target=0, sense="=", note=str(dict(answers)))
        with made.parts.database.reading() as session:
            kept = session.scalar(select(func.count()).select_from(JobRow)) or 0
        yield exact("accepted articles that aren't in the database", answers["202"] - kept, target=0, sense="=")


def _worked_s(made: World) -> dict[str, float]:
    """Processor time of the API and of the database."""
    assert made.postgres is not None
    api = made.pid("api")
    return {"API": sum(worked_s(pid) for pid in (api, *descendants(api))), "database": made.postgres.worked_s()}


def _posted(made: World, number: int, every_s: float) -> tuple[list[float], Counter[str]]:
    """Seconds from when each request was due, so that a stall counts for all that waited for it."""
    times: list[float] = []
    answers: Counter[str] = Counter()
    mine = threading.local()
    # Written before, and sent without httpx: the clients share the processors with the service.
    bodies = [json.dumps(article(place, sentences=3)) for place in range(number)]
    headers = {"Authorization": f"Bearer {made.key}", "Content-Type": "application/json"}

    def send(place: int, due: float) -> None:
        if not hasattr(mine, "client"):
            mine.client = http.client.HTTPConnection("127.0.0.1", made.settings.port, timeout=30)
        try:
            mine.client.request("POST", "/v1/jobs", bodies[place], headers)
            answer = mine.client.getresponse()
            answer.read()
            answers[str(answer.status)] += 1
        except (OSError, http.client.HTTPException) as error:
            answers[type(error).__name__] += 1
            mine.client.close()
        times.append(time.monotonic() - due)

    began = time.monotonic() + 0.5
    with ThreadPoolExecutor(_CLIENTS) as clients:
        for place in range(number):
            due = began + place * every_s
            time.sleep(max(0.0, due - time.monotonic()))
            clients.submit(send, place, due)
    return times, answers


def crowd(_jobs: int) -> Iterator[Figure]:
    """Ten thousand articles of one site wait, as if it had sent them at once; another site sends one."""
    plan = Plan(slots=(2, 2), sentence_s=0.1)
    with world(plan) as made:
        put_queued(made.parts, 0, CROWD, site="crowd", voice=SLOW)
        slots = sum(plan.slots)
        seen: list[int] = []
        until(lambda: _count(made, "succeeded") >= slots, 300, "jobs are worked on")
        with made.client() as client:
            single = client.post("/v1/jobs", json=_of_site("single", 0)).json()["id"]

        def ended() -> bool:
            seen.append(int(made.broker.client.llen("normal")))  # type: ignore[arg-type]
            with made.parts.database.reading() as session:
                return session.scalar(select(JobRow.state).where(JobRow.id == single)) == "succeeded"

        until(ended, 300, "the single article's clip")
        with made.parts.database.reading() as session:
            job = session.get_one(JobRow, single)
            waited_ms = (job.started_ms or 0) - job.created_ms
            length = select(func.avg(JobRow.finished_ms - JobRow.started_ms)).where(JobRow.state == "succeeded")
            length_ms = float(session.scalar(length) or 0)
        yield exact("wait of the single article, in job lengths", waited_ms / length_ms, target=2.0)
        yield exact("a job's length", length_ms / 1000, "s")
        yield exact("rings at the broker at most", max(seen), target=4 * slots)


def _of_site(site: str, number: int) -> dict[str, Any]:
    body = article(number, sentences=5)
    return body | {"voice": SLOW, "article": body["article"] | {"site": site}}


def _count(made: World, state: str) -> int:
    with made.parts.database.reading() as session:
        return session.scalar(select(func.count()).select_from(JobRow).where(JobRow.state == state)) or 0


LINES = (
    Line(name="posts", number=52, fault="100 articles a second for a minute", run=posts),
    Line(name="crowd", number=55, fault="one site sends 10,000 articles, another one", run=crowd),
)
