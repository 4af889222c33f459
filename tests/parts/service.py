"""The whole service as a child process, for tests and measurements: `tts-service run` with its own data folder."""

from __future__ import annotations

import json
import os
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

_TRUST = ssl.create_default_context()
"""Made once: each client of its own would read all certificates again (20 ms)."""
ENDED = ("succeeded", "failed", "cancelled", "superseded")


@dataclass(slots=True)
class Running:
    """A running service."""

    process: subprocess.Popen[str]
    url: str
    key: str
    staff: str
    data: Path

    def client(self, **options: Any) -> httpx.Client:
        """An HTTP client with the service's key."""
        headers = {"Authorization": f"Bearer {self.key}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=60, trust_env=False, verify=_TRUST, **options)

    def post(self, article: dict[str, Any], **wish: Any) -> dict[str, Any]:
        """Send an article; the job as answered."""
        with self.client() as client:
            answer = client.post("/v1/jobs", json={"article": article, **wish})
        assert answer.status_code in (200, 202), answer.text
        job: dict[str, Any] = answer.json()
        return job

    def ended(self, job_id: str, seconds: float = 120) -> dict[str, Any]:
        """The job once it has ended, told by its event stream (as long as the API lives)."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for _ in self.events(job_id):
                pass
            with self.client() as client:
                job: dict[str, Any] = client.get(f"/v1/jobs/{job_id}").json()
            if job["state"] in ENDED:
                return job
        raise AssertionError(f"job {job_id} didn't end within {seconds} s: {job}")

    def events(self, job_id: str) -> Iterator[dict[str, Any]]:
        """Server-sent events of a job: {event, data}."""
        with self.client() as client, client.stream("GET", f"/v1/jobs/{job_id}/events") as answer:
            name = ""
            for line in answer.iter_lines():
                if line.startswith("event:"):
                    name = line.removeprefix("event:").strip()
                elif line.startswith("data:"):
                    yield {"event": name, "data": json.loads(line.removeprefix("data:"))}

    def pids(self, *words: str) -> list[int]:
        """Processes of this service whose command line holds every word."""
        return [pid for pid in descendants(self.process.pid) if all(word in command_of(pid) for word in words)]

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


FIRST_PORT = 10_000 + os.getpid() % 2_000 * 10
"""Processes that start services at the same time don't meet at one port between the look and the binding."""


@contextmanager
def running(data: Path, *, empty: bool = False, **settings: Any) -> Iterator[Running]:
    """Start `tts-service run` on a free port and stop it at the end; fails with the logs when it doesn't come up.

    Its processes don't migrate a new database, they find a migrated one, unless it is to start from an `empty` folder.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TTS_")}
    # Tests write quicker than people, and don't wait for an editor's next save.
    environment |= {"TTS_FEEDBACK_MIN_S": "0", "TTS_SETTLE_S": "0"}
    environment |= {f"TTS_{name.upper()}": str(value) for name, value in settings.items()}
    environment |= {"TTS_DATA_DIR": str(data), "TTS_PORT": environment.get("TTS_PORT", str(FIRST_PORT))}
    if not empty and "TTS_DATABASE_URL" not in environment:
        _place_database(data)
    process = subprocess.Popen(
        [sys.executable, "-m", "tts_service.cli", "run"],
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    said: list[str] = []
    reader: threading.Thread | None = None
    try:
        service = _read_welcome(process, said, data)
        # Nobody reads on: a full pipe would stop the service.
        reader = threading.Thread(target=lambda: said.extend(process.stdout or ()), daemon=True)
        reader.start()
        yield service
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if reader is not None:
            reader.join(5)
        if process.stdout is not None:
            process.stdout.close()


def _place_database(data: Path) -> None:
    """A migrated database, where the service looks for its own and has none."""
    from tests.parts.factories import migrated_database  # loads the product, which many that import this don't need

    path = data / "tts.sqlite3"
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        path.write_bytes(migrated_database())


def _read_welcome(process: subprocess.Popen[str], said: list[str], data: Path) -> Running:
    found: dict[str, str] = {}
    assert process.stdout is not None
    for line in process.stdout:
        said.append(line)
        for name, start in (
            ("url", "Listen to the article: "),
            ("staff", "Staff (link works once): "),
            ("key", "API key (shown only once): "),
            ("key", "API key: "),
        ):
            if line.startswith(start):
                found[name] = line.removeprefix(start).strip()
        if "key" in found:
            break
    if "key" not in found:
        logs = "\n".join(f"== {p.name}\n{p.read_text(errors='replace')[-1500:]}" for p in data.glob("logs/*.log"))
        raise AssertionError("the service didn't start:\n" + "".join(said) + logs)
    return Running(process=process, data=data, **found)


def until(true: Callable[[], bool], seconds: float, what: str) -> None:
    """Poll another process's state, which nothing announces, until it is as expected."""
    wait = threading.Event()
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        wait.wait(0.05)


def descendants(pid: int) -> list[int]:
    """Every living process below one."""
    found, parents = [], [pid]
    while parents:
        children = [child for parent in parents for child in _children(parent)]
        found += children
        parents = children
    return found


def worked_s(pid: int) -> float:
    """Processor time of a process; 0 once it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def _children(pid: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []
