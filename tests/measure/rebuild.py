"""`make rebuild`: everything that docs/operations.md calls deletable is deleted, and nothing that is kept is lost.

Once while the service is stopped, and once while it runs and speaks an article. Afterwards every clip plays bit for
bit, every page answers, an article that is sent again renders nothing, and an edit costs what the guide says. One line
is printed for each thing that was deleted.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import redis
from sqlalchemy import create_engine, text

from tests.parts.service import Running, running, until

SITE = "gazette"
SENTENCES = (
    "The bridge number {} opened.",
    "People came to see it.",
    "The mayor cut a ribbon.",
    "Traffic starts soon.",
)
LONG = " ".join(f"Sentence number {number} is about a bridge and the river below it." for number in range(60))
TABLES = ("metrics", "processes", "pruning", "queue_turns")
"""Their rows are made again by the processes that run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletable:
    """A kind of thing that may be deleted at any time."""

    name: str
    delete: Callable[[Path], int]
    """Deletes it below a data folder; returns how many."""


def _objects(*folders: str) -> Callable[[Path], int]:
    def delete(data: Path) -> int:
        files = [path for name in folders for path in _files(data / "audio" / name)]
        for path in files:
            path.unlink()
        return len(files)

    return delete


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    yield from (one for one in path.rglob("*") if one.is_file())


def _rows(table: str) -> Callable[[Path], int]:
    def delete(data: Path) -> int:
        engine = create_engine(f"sqlite:///{data}/tts.sqlite3", connect_args={"timeout": 30})
        with engine.begin() as connection:
            gone = connection.execute(text(f"DELETE FROM {table}")).rowcount
        engine.dispose()
        return gone

    return delete


def _broker(data: Path) -> int:
    """Its files; of one that runs, all that it holds."""
    socket = data / "valkey.sock"
    try:
        with redis.Redis(unix_socket_path=str(socket)) as client:
            keys = int(client.dbsize())  # type: ignore[arg-type]
            client.flushall()
            return keys
    except redis.ConnectionError:
        files = len(list(_files(data / "valkey")))
        shutil.rmtree(data / "valkey", ignore_errors=True)
        return files


def _logs(data: Path) -> int:
    files = list(_files(data / "logs"))
    for path in files:
        path.unlink()
    return len(files)


DELETABLE = (
    Deletable(name="sentences (segments/)", delete=_objects("segments")),
    Deletable(name="live audio (live/)", delete=_objects("live")),
    Deletable(name="the service's own objects", delete=_objects("installation", "readyz", "pruning", "doctor")),
    Deletable(name="the broker's contents", delete=_broker),
    Deletable(name="logs", delete=_logs),
    *(Deletable(name=f"table {table}", delete=_rows(table)) for table in TABLES),
)


@dataclass(slots=True)
class Kept:
    """What listeners have, and must have afterwards."""

    sounds: dict[str, bytes] = field(default_factory=dict)
    """By path."""
    clips: dict[str, str] = field(default_factory=dict)
    """Clip by article."""

    def note(self, service: Running, job: dict[str, Any]) -> None:
        article, clip = job["article"]["id"], job["clip"]["id"]
        self.clips[article] = clip
        with service.client() as client:
            for form in ("mp3", "wav"):
                path = f"/v1/clips/{clip}/r/{job['clip']['revision']}/audio.{form}"
                self.sounds[path] = client.get(path).raise_for_status().content

    def check(self, service: Running) -> None:
        """Raises AssertionError, HTTPStatusError."""
        with service.client(follow_redirects=True) as client:
            for path, sound in self.sounds.items():
                assert client.get(path).raise_for_status().content == sound, f"{path} sounds different"
            for article, clip in self.clips.items():
                for page in (
                    f"/listen/{clip}",
                    f"/v1/clips?site={SITE}&article={article}",
                    f"/about/{clip}",
                    f"/v1/clips/{clip}",
                    f"/v1/clips/{clip}/live.mp3",
                ):
                    client.get(page).raise_for_status()
            for page in ("/healthz", "/readyz", f"/feeds/{SITE}.rss"):
                client.get(page).raise_for_status()


def article(name: str, change: int = 0) -> dict[str, Any]:
    """Of four sentences, the first of which changes."""
    words = " ".join(SENTENCES).format(f"{name} {change}")
    return {"site": SITE, "id": name, "title": f"Bridge {name}", "language": "en", "text": words}


def spoken(service: Running, sent: dict[str, Any]) -> dict[str, Any]:
    job = service.ended(service.post(sent, voice="tone:beep", formats=["mp3", "wav"])["id"])
    assert job["state"] == "succeeded", job
    return job


def delete_all(data: Path, when: str) -> dict[str, int]:
    return {f"{when}: {thing.name}": thing.delete(data) for thing in DELETABLE}


def check_costs(service: Running, name: str, change: int) -> str:
    """Send an article again, then twice with another sentence changed. Returns how many sentences each took."""
    same = service.post(article(name, change - 1), voice="tone:beep", formats=["mp3", "wav"])
    first, second = (_fresh(service, spoken(service, article(name, change + more))) for more in (0, 1))
    assert (same["state"], first, second) == ("succeeded", 5, 1), (same["state"], first, second)
    return (
        f"sent again: nothing spoken; one sentence changed: {first} (with the title and the others); the next: {second}"
    )


def _fresh(service: Running, job: dict[str, Any]) -> int:
    """How many sentences a job had an engine speak."""
    engine = create_engine(f"sqlite:///{service.data}/tts.sqlite3")
    with engine.connect() as connection:
        count = connection.scalar(text("SELECT spoken FROM jobs WHERE id = :id"), {"id": job["id"]})
    engine.dispose()
    return int(count or 0)


def main() -> int:
    argparse.ArgumentParser(description="Delete what may be deleted; nothing that is kept may be lost").parse_args()
    with tempfile.TemporaryDirectory(prefix="tts-rebuild-") as folder:
        data, kept = Path(folder) / "data", Kept()
        with running(data, warm_voices="") as service:
            for name in "abc":
                kept.note(service, spoken(service, article(name)))
            key = service.key  # it is shown only at the first start
        gone = delete_all(data, "stopped")
        began = time.monotonic()
        with running(data, warm_voices="") as service:
            service.key = key
            kept.check(service)
            said = [check_costs(service, "a", 1)]
            kept.check(service)
            job = service.post({**article("long"), "text": LONG}, voice="tone:beep", formats=["mp3"])
            until(lambda: _progress(service, job["id"]) > 5, 60, "the long article is being spoken")
            gone |= delete_all(data, "running")
            ended = service.ended(job["id"])
            assert ended["state"] == "succeeded", ended
            kept.check(service)
            said.append(check_costs(service, "b", 1))
            _check_again(service, data)
            kept.check(service)
    for name, count in gone.items():
        print(f"{name}: {count} deleted, nothing kept was lost")
    print(f"{len(kept.sounds)} files of {len(kept.clips)} clips played bit for bit after each; every page answered")
    print(*said, sep="\n")
    print(
        f"an article of {ended['progress']['total']} sentences finished although its sentences were deleted meanwhile"
    )
    print(f"{time.monotonic() - began:.0f} s")
    return 0


def _progress(service: Running, job_id: str) -> int:
    with service.client() as client:
        return int(client.get(f"/v1/jobs/{job_id}").raise_for_status().json()["progress"]["done"])


def _check_again(service: Running, data: Path) -> None:
    """What the service makes for itself is there again."""
    until((data / "audio" / "installation").exists, 90, "the store has an owner again")

    def ready() -> bool:
        answer = httpx.get(f"{service.url}/readyz", timeout=10, trust_env=False).raise_for_status().json()
        return answer["status"] == "ok"

    until(ready, 90, "beat and workers are seen again")


if __name__ == "__main__":
    raise SystemExit(main())
