"""`tts-service run` as an operator meets it: ports, a second start, Ctrl-C, a disk that fills up."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.parts.service import FIRST_PORT, Running, descendants, running, until
from tests.slow.test_journey import alive

pytestmark = pytest.mark.slow
ARTICLE = {
    "site": "gazette",
    "id": "1",
    "title": "A short note",
    "language": "en",
    "text": "The library opens at nine. It closes at noon.",
}


@dataclass(frozen=True, slots=True)
class Disk:
    """A folder for finished files; `refused`: why it isn't a small disk."""

    folder: Path
    refused: str


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Disk]:
    folder = tmp_path_factory.mktemp("small")
    mount = ["mount", "-t", "tmpfs", "-o", "size=160k", "tmpfs", str(folder)]
    mounted = subprocess.run(mount, capture_output=True, text=True, check=False)
    yield Disk(folder, mounted.stderr.strip() if mounted.returncode else "")
    if mounted.returncode == 0:
        subprocess.run(["umount", "-l", str(folder)], check=True)


TAKEN = FIRST_PORT + 5
"""A port at which something listens already: no service that other tests share got so far."""


@pytest.fixture(scope="module")
def first_start(tmp_path_factory: pytest.TempPathFactory, disk: Disk) -> Iterator[Running]:
    """A service that found nothing in its data folder and its port taken; its clips go to a small disk."""
    given = {"port": TAKEN, "warm_voices": "", "min_free_mb": 0, "store_url": f"file://{disk.folder}"}
    with (
        socket.create_server(("127.0.0.1", TAKEN)),
        running(tmp_path_factory.mktemp("run") / "d", empty=True, **given) as service,
    ):
        yield service


def test_a_taken_port_is_said_and_the_next_one_used(first_start: Running) -> None:
    assert first_start.url != f"http://127.0.0.1:{TAKEN}"
    with first_start.client() as client:
        assert client.get("/healthz").is_success


def test_two_services_never_share_a_data_folder(first_start: Running) -> None:
    environment = dict(os.environ) | {"TTS_DATA_DIR": str(first_start.data)}
    second = subprocess.run(
        [sys.executable, "-m", "tts_service.cli", "run"],
        env=environment,
        text=True,
        capture_output=True,
        check=False,
        timeout=300,
    )

    assert second.returncode == 1
    assert "already running" in second.stderr


def waiting(service: Running, job_id: str) -> bool:
    with service.client() as client:
        return bool(client.get(f"/v1/jobs/{job_id}").json().get("waiting") == "disk_full")


def test_a_full_disk_makes_the_job_wait_and_go_on(first_start: Running, disk: Disk) -> None:
    if disk.refused:
        pytest.skip(f"no right to mount a small disk here: {disk.refused}")
    colours = ["red", "blue", "green", "white", "brown", "grey", "black", "pink"]
    rooms = [f"Room {n} has a {colour} door and a view of the river." for n, colour in enumerate(colours)]
    job = first_start.post(ARTICLE | {"text": " ".join(rooms)}, voice="pyttsx3:en-us")
    until(lambda: waiting(first_start, job["id"]), 60, "the job waits for room")
    half = [path for path in disk.folder.rglob("*") if path.is_file() and "#" in path.name]
    assert half == []
    subprocess.run(["mount", "-o", "remount,size=20m", str(disk.folder)], check=True)

    assert first_start.ended(job["id"], 90)["state"] == "succeeded"


def test_ctrl_c_leaves_no_process(first_start: Running) -> None:
    """The last one here: the service is gone after it."""
    below = descendants(first_start.process.pid)
    assert len(below) >= 4  # valkey, worker, beat, api; slots come a little later
    first_start.process.send_signal(signal.SIGINT)
    first_start.process.wait(20)

    assert [pid for pid in below if alive(pid)] == []
    assert first_start.process.returncode == 0
