"""What measurements share: the sample, a running service, the bare engine beside it, and what its database says."""

from __future__ import annotations

import os
import shutil
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx

from tests.measure.bench.bare import BareProcess, bare_process
from tests.measure.bench.processes import spent, tree_cpu_s
from tests.measure.bench.texts import PIPER, named, salt, sample
from tests.parts.service import Running, running

_ID3_HEAD = 10
LONGEST_WAIT_S = 180.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Render:
    """One article, sent and finished."""

    job: dict[str, Any]
    audio_s: float
    wall_s: float
    """From the job's row written to the clip published, by the database's clock."""
    cpu_s: dict[str, float]
    """By kind of process."""
    spoken: int
    """Utterances an engine spoke."""
    total: int


@dataclass
class Bench:
    """One run of the command."""

    quick: bool
    folder: Path
    step: Callable[[str], None]
    """Tells the progress bar that one more piece of work is done."""
    stack: ExitStack = field(default_factory=ExitStack)
    _names: int = 0

    @property
    def rounds(self) -> int:
        return 1 if self.quick else 5

    @cached_property
    def article(self) -> dict[str, Any]:
        return sample()

    @cached_property
    def service(self) -> Running:
        """The service with its default settings, warm, idle."""
        service = self.stack.enter_context(self.fresh("common"))
        for number in range(os.cpu_count() or 1):  # a turn for every worker
            text = {"title": salt(number), "language": "en-US", "text": "Everything is warm now."}
            render(service, named(text, f"warm-up-{number}"), voice=PIPER)
        return service

    @cached_property
    def bare(self) -> BareProcess:
        return self.stack.enter_context(bare_process())

    @contextmanager
    def fresh(self, name: str, **settings: Any) -> Iterator[Running]:
        """A service of its own with an empty data folder, removed afterwards."""
        data = self.folder / name
        try:
            with running(data, **settings) as service:
                yield service
        finally:
            shutil.rmtree(data, ignore_errors=True)

    def new_name(self) -> str:
        """A name that no article had yet."""
        self._names += 1
        return f"article-{self._names}"


def forget_segments(service: Running) -> None:
    """Empty the segment store: the next article is spoken whole."""
    for folder in (service.data / "audio" / "segments").glob("*"):
        shutil.rmtree(folder)


def render(service: Running, article: dict[str, Any], seconds: float = LONGEST_WAIT_S, **wish: Any) -> Render:
    """Send an article, follow it by its events as a CMS would, and see what it cost."""
    before = tree_cpu_s(service.process.pid)
    job = service.ended(service.post(article, **wish)["id"], seconds)
    after = tree_cpu_s(service.process.pid)
    if job["state"] != "succeeded":
        raise RuntimeError(f"the job ended as {job['state']}: {job.get('error')}")
    row = job_row(service, job["id"])
    return Render(
        job=job,
        audio_s=audio_s(service, job),
        wall_s=(row["finished_ms"] - row["created_ms"]) / 1000,
        cpu_s=spent(before, after),
        spoken=row["spoken"],
        total=row["total"],
    )


def audio_s(service: Running, job: dict[str, Any]) -> float:
    """Length of the job's clip in seconds."""
    with service.client() as client:
        clip = client.get(f"/v1/clips/{job['clip']['id']}").raise_for_status().json()
    return float(clip["duration_ms"]) / 1000


def job_row(service: Running, job_id: str) -> dict[str, Any]:
    """The job as the database has it."""
    with sqlite3.connect(f"file:{service.data / 'tts.sqlite3'}?mode=ro", uri=True) as database:
        database.row_factory = sqlite3.Row
        return dict(database.execute("SELECT * FROM jobs WHERE id = ?", (job_id,)).fetchone())


def spoken_ever(service: Running) -> int:
    """Utterances that engines spoke for all jobs."""
    with sqlite3.connect(f"file:{service.data / 'tts.sqlite3'}?mode=ro", uri=True) as database:
        return int(database.execute("SELECT COALESCE(SUM(spoken), 0) FROM jobs").fetchone()[0])


def first_audio_s(service: Running, article: dict[str, Any], **wish: Any) -> tuple[float, dict[str, Any]]:
    """Seconds from POST to the first byte of live.mp3 behind its ID3 tag, and the job."""
    with service.client() as client:
        began = time.perf_counter()
        job = client.post("/v1/jobs", json={"article": article, **wish}).raise_for_status().json()
        while True:
            with client.stream("GET", job["clip"]["audio"]["live"]) as answer:
                if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:  # not begun yet: a player asks again
                    continue
                answer.raise_for_status()
                head = b""
                for data in answer.iter_raw():
                    head += data
                    if len(head) > _ID3_HEAD and len(head) > _tag_length(head):
                        return time.perf_counter() - began, job
        raise AssertionError("unreachable")


def bare_first_s(bench: Bench, text: str) -> float:
    """Seconds bare Piper takes for one sentence, MP3 included: the median of three."""
    return statistics.median(bench.bare.speak([text]).wall_s for _ in range(3))


def _tag_length(head: bytes) -> int:
    """Bytes of the ID3v2 tag a stream begins with (ID3v2.4, 3.1: a sync-safe integer)."""
    if not head.startswith(b"ID3"):
        return 0
    size = 0
    for byte in head[6:_ID3_HEAD]:
        size = size << 7 | byte
    return size + _ID3_HEAD
