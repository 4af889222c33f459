"""`make costs`: what one article of about 600 words costs, by role, from a service with PostgreSQL and Valkey.

CPU comes from /proc, so other work on the machine changes it little. What the idle service uses in the same time is
taken off and kept apart. Results are kept in costs.json, which the simulation reads.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from tests.measure.bench.processes import require_proc
from tests.measure.bench.texts import ESPEAK, PIPER, named, one_sentence_changed, salted, sample, spoken_text
from tests.measure.faults.world import Plan, World, world
from tests.measure.scale.readings import Reading, connections, log_statements, memory_mb, read
from tests.parts.s3_servers import Bucket, s3_server, settings_of
from tests.parts.service import until
from tts_service.db.tables import JobRow

KEPT = Path(__file__).with_name("costs.json")
VOICES = {"piper": PIPER, "espeak": ESPEAK}
SLOTS = 2
ENDED = ("succeeded", "failed", "cancelled", "superseded")
IDLE_S = 40.0
PLAYS = 100
_PATIENCE_S = 3600.0
_BY_ARTICLE = ("api", "worker", "callbacks")
"""Roles whose statements grow with the articles."""
_COUNTED = 4
"""Articles whose statements and requests to the store are counted."""


def measure_engine(voice: str, articles: int) -> dict[str, Any]:
    """One engine's articles, their edits, and the idle service beside them."""
    with world(Plan(slots=(SLOTS,))) as made:
        speak_all(made, [new_article(1000 + number) for number in range(SLOTS)], voice)  # loads the voice in each slot
        idle = _spent(made, partial(time.sleep, IDLE_S), per=1)
        texts = [new_article(number) for number in range(articles)]
        new = _spent(made, partial(speak_all, made, texts, voice), per=articles, idle=idle)
        edited = [one_sentence_changed(text) for text in texts]
        edit = _spent(made, partial(speak_all, made, edited, voice), per=articles, idle=idle)
        plays = _spent(made, partial(_play, made), per=PLAYS, idle=idle)
        return {
            "voice": voice,
            "articles": articles,
            "audio_s": round(_audio_s(made, articles), 1),
            "load": round(os.getloadavg()[0], 1),
            "new": new,
            "edit": edit,
            "play_cpu_s": plays["cpu_s"],
            "idle": {"cpu_s": {role: round(used / IDLE_S, 5) for role, used in idle["cpu_s"].items()}}
            | {name: round(idle[name] / IDLE_S, 2) for name in ("transactions", "broker_commands")},
            "memory_mb": {name: round(used) for name, used in memory_mb(made).items()},
            "connections": connections(made),
        }


def count_requests() -> dict[str, Any]:
    """Of articles and of edits: statements by role, rings, requests to an S3 store. Engines make no difference here."""
    with s3_server(conditional=0) as bucket, world(Plan(slots=(SLOTS,), settings=settings_of(bucket))) as made:
        speak_all(made, [new_article(1000 + number) for number in range(SLOTS)], ESPEAK)
        log_statements(made)
        time.sleep(2)  # until each process has read the configuration
        idle = _counted(made, bucket, partial(time.sleep, IDLE_S / 2))
        texts = [new_article(number) for number in range(_COUNTED)]
        edited = [one_sentence_changed(text) for text in texts]
        counts = {
            kind: _counted(made, bucket, partial(speak_all, made, articles, ESPEAK), idle)
            for kind, articles in (("new", texts), ("edit", edited))
        }
    return counts | {"idle_a_second": {name: round(count, 2) for name, count in sorted(idle.items())}}


def _counted(
    made: World, bucket: Bucket, work: Callable[[], None], idle: dict[str, float] | None = None
) -> dict[str, float]:
    """Counts for each of the articles, without those of the idle service; or a second's of the idle one.

    Beat's are left out: it sends the same ones each second, however many articles there are.
    """
    before, asked, began = read(made), bucket.requests.copy(), time.monotonic()
    work()
    took_s, after = time.monotonic() - began, read(made)
    counts = {f"statements of {role}": after.statements[role] - before.statements[role] for role in _BY_ARTICLE}
    counts |= {"rings": after.rings - before.rings}
    counts |= {f"{method} requests": count for method, count in (bucket.requests - asked).items()}
    if idle is None:
        return {name: count / took_s for name, count in counts.items()}
    return {
        name: round(max(0.0, count - idle.get(name, 0) * took_s) / _COUNTED, 1)
        for name, count in sorted(counts.items())
    }


def loop_s() -> float:
    """CPU seconds of ten million passes through an empty loop: how fast this machine's processor is."""
    began = time.process_time()
    for _ in range(10_000_000):
        pass
    return time.process_time() - began


def new_article(number: int) -> dict[str, Any]:
    return named(salted(sample(), number), f"article-{number}")


def speak_all(made: World, articles: list[dict[str, Any]], voice: str) -> None:
    """Send all at once, and wait for the clips and the callbacks about them."""
    with made.client() as client:
        jobs = [client.post("/v1/jobs", json={"article": one, "voice": voice}).json()["id"] for one in articles]
    until(lambda: _ended(made, jobs) == len(jobs), _PATIENCE_S, "all jobs have ended")
    until(lambda: all(made.sink.told_of(job) for job in jobs), 120, "the publisher is told")
    with made.parts.database.reading() as session:
        states = set(session.scalars(select(JobRow.state).where(JobRow.id.in_(jobs))))
    if states != {"succeeded"}:
        raise SystemExit(f"Jobs ended as {', '.join(sorted(states))}.")


def _ended(made: World, jobs: list[str]) -> int:
    time.sleep(0.5)  # so that asking costs the database next to nothing
    with made.parts.database.reading() as session:
        ended = (JobRow.id.in_(jobs), JobRow.state.in_(ENDED))
        return session.scalar(select(func.count()).select_from(JobRow).where(*ended)) or 0


def _play(made: World) -> None:
    """What each listener's player asks for: the clip, its marks, the whole file."""
    with made.client() as client:
        for _ in range(PLAYS):
            clip = client.get("/v1/clips", params={"site": "bench", "article": "article-0"}).json()["clips"][0]
            client.get(clip["marks_url"]).raise_for_status()
            client.get(clip["audio"]["mp3"], follow_redirects=True).raise_for_status()


def _audio_s(made: World, articles: int) -> float:
    with made.client() as client:
        clips = [
            client.get("/v1/clips", params={"site": "bench", "article": f"article-{number}"}).json()["clips"][0]
            for number in range(articles)
        ]
    return float(sum(clip["duration_ms"] for clip in clips) / 1000 / articles)


def _spent(made: World, work: Callable[[], None], *, per: int, idle: dict[str, Any] | None = None) -> dict[str, Any]:
    """What `work` cost, without what the idle service uses in that time, divided by `per`."""
    before, began = read(made), time.monotonic()
    work()
    took_s, after = time.monotonic() - began, read(made)
    share = took_s / IDLE_S if idle else 0.0

    def marginal(value: float, at_rest: float) -> float:
        return round(max(0.0, value - share * at_rest) / per, 5)

    at_rest = idle["cpu_s"] if idle else {}
    spent: dict[str, Any] = {
        "cpu_s": {
            role: marginal(after.cpu_s[role] - before.cpu_s[role], at_rest.get(role, 0)) for role in sorted(after.cpu_s)
        },
        "database_bytes": round((after.database_bytes - before.database_bytes) / per),
        "store_bytes": _bytes(before, after, per),
    }
    if idle is None:  # of an article they can't be told from those that grow with the time it takes
        spent["transactions"] = after.transactions - before.transactions
        spent["broker_commands"] = after.broker_commands - before.broker_commands
    return spent


def _bytes(before: Reading, after: Reading, per: int) -> dict[str, int]:
    kinds = sorted(kind for kind, size in after.store_bytes.items() if size)
    return {kind: round((after.store_bytes[kind] - before.store_bytes[kind]) / per) for kind in kinds}


def main() -> None:
    require_proc()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", action="append", help="piper, espeak, or a voice's id; both if none is given")
    parser.add_argument("--articles", type=int, default=6, help="so many of each engine")
    parser.add_argument("--counts", action="store_true", help="measure no engine, only count statements and requests")
    given = parser.parse_args()
    kept: dict[str, Any] = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {"engines": {}}
    kept["article"] = {"words": len(spoken_text(sample()).split()), "characters": len(spoken_text(sample()))}
    kept["machine"] = {
        "at": datetime.now(UTC).date().isoformat(),
        "cores": os.cpu_count(),
        "loop_s": round(loop_s(), 3),
    }
    kept["machine"]["processor"] = platform.machine()
    for engine in () if given.counts else given.engine or VOICES:
        kept["engines"][engine] = measure_engine(VOICES.get(engine, engine), given.articles)
        print(f"{engine}: {json.dumps(kept['engines'][engine])}", flush=True)
        _keep(kept)
    kept["requests"] = count_requests()
    _keep(kept)
    print(f"Kept in {KEPT}.")


def _keep(kept: dict[str, Any]) -> None:
    KEPT.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main()
