"""The demo: sends the sample articles through the HTTP API as a CMS would, waits, decodes and checks every clip."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import Any

import httpx
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from tts_service.access.keys import create_key
from tts_service.audio.decode import decoded_ms
from tts_service.db.session import Database
from tts_service.embedded.demo_reports import send_reports
from tts_service.embedded.run import Service
from tts_service.errors import NotFound

ENDED = ("succeeded", "failed", "cancelled", "superseded")
_TOLERANCE_MS = 50


def make_samples(service: Service, samples: Path, out: Path, stop: threading.Event) -> bool:
    """Send every sample, wait for the clips, copy them to `out`; then send what listeners report (`reports.json` beside
    the folder `samples`). True: all are finished and fine."""
    paths = sorted(samples.glob("*.json"))
    if not paths:
        raise NotFound(f"There are no articles (*.json) in {samples}.")
    database = Database(service.settings.database)
    key = create_key(database, "demo", ("jobs:write", "jobs:read"), days=1)
    database.close()
    address = service.settings.local_url
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=address, headers=headers, timeout=30, trust_env=False) as client:
        jobs = [_send(client, path) for path in paths]
        _say(f"Sent {len(jobs)} articles from {samples} to {address}.")
        with _bars() if sys.stdout.isatty() else _Lines() as progress:
            _follow(client, jobs, progress, service, stop)
        out.mkdir(parents=True, exist_ok=True)
        fine = [_fetch(client, job, path.stem, out) for job, path in zip(jobs, paths, strict=True)]  # every one, always
        reports = samples.with_name("reports.json")
        if all(fine) and reports.is_file():
            sent = send_reports(client, service, reports, stop)
            _say(f"Sent {sent} listeners' reports: staff see them at {service.settings.base_url}/staff.")
        return all(fine)


def _say(line: str) -> None:
    """Print at once, even where output is buffered: to a pipe or a log."""
    print(line, flush=True)


def _send(client: httpx.Client, path: Path) -> dict[str, Any]:
    import json

    sent = client.post("/v1/jobs", json={"article": json.loads(path.read_text("utf-8"))})
    sent.raise_for_status()
    job: dict[str, Any] = sent.json()
    return job


class _Lines:
    """Progress without a terminal: a line an article as soon as a further quarter of it is spoken."""

    def __init__(self) -> None:
        self._titles: list[str] = []
        self._shown: list[int | None] = []

    def __enter__(self) -> _Lines:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to take down."""

    def add_task(self, title: str, total: float | None = None) -> TaskID:
        self._titles.append(title)
        self._shown.append(None)
        return TaskID(len(self._titles) - 1)

    def update(self, task: TaskID, *, completed: int, total: int | None) -> None:
        quarter = 4 * completed // total if total else None
        if quarter != self._shown[task]:
            self._shown[task] = quarter
            _say(f"{self._titles[task]}: {completed} of {total} sentences")

    def stop_task(self, task: TaskID) -> None:
        """Its last line has said so."""


def _bars() -> Progress:
    return Progress(
        TextColumn("{task.description:<34.34}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("sentences"),
        TimeElapsedColumn(),
    )


def _follow(
    client: httpx.Client,
    jobs: list[dict[str, Any]],
    progress: Progress | _Lines,
    service: Service,
    stop: threading.Event,
) -> None:
    waiting: dict[str, TaskID] = {job["id"]: progress.add_task(job["article"]["title"], total=None) for job in jobs}
    while waiting and not stop.is_set():
        for job_id, task in list(waiting.items()):
            job = client.get(f"/v1/jobs/{job_id}").json()
            progress.update(task, completed=job["progress"]["done"], total=job["progress"]["total"])
            if job["state"] in ENDED:
                progress.stop_task(task)
                del waiting[job_id]
        service.watch(stop, seconds=0.2)


def _fetch(client: httpx.Client, sent: dict[str, Any], name: str, out: Path) -> bool:
    job = client.get(f"/v1/jobs/{sent['id']}").json()
    if job["state"] != "succeeded":
        _say(f"{name}: {job['state']}: {(job.get('error') or {}).get('detail', '')}")
        return False
    clip = client.get(f"/v1/clips/{job['clip']['id']}").json()
    path = out / f"{name}.mp3"
    with client.stream("GET", f"/v1/clips/{clip['id']}/audio.mp3", follow_redirects=True) as answer:
        answer.raise_for_status()
        with path.open("wb") as file:
            for chunk in answer.iter_bytes():
                file.write(chunk)
    for ending in ("captions.vtt", "marks.json", "transcript"):
        suffix = {"transcript": "transcript.txt"}.get(ending, ending)
        (out / f"{name}.{suffix}").write_bytes(client.get(f"/v1/clips/{clip['id']}/{ending}").content)
    heard = decoded_ms(path)
    fine = bool(abs(heard - clip["duration_ms"]) <= _TOLERANCE_MS)
    _say(f"{name}: {heard / 1000:.1f} s, {'checked' if fine else 'LENGTH WRONG'}, {path}, {clip['listen_url']}")
    return fine
