"""What happens to the store: the disk is full, processes are killed while they write."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select

from tests.measure.faults.audit import STAGED
from tests.measure.faults.drive import driving
from tests.measure.faults.line import Line, Outcome
from tests.measure.faults.world import Plan
from tts_service.db.tables import JobRow
from tts_service.settings import Settings
from tts_service.storage.store import open_store

_SMALL, _LARGE = "20m", "2g"
_FULL_S = 60.0
_WRITTEN = bytes(range(256)) * 8192
"""2 MiB: a write that takes long enough to be killed in its middle."""


def disk_full(jobs: int) -> Outcome:
    """The audio is on a file system of 20 MiB until every slot has met its end; then there is room."""
    with _small_disk() as folder, driving(jobs, Plan(settings={"store_url": f"file://{folder}"})) as drive:
        met: set[str] = set()

        def look() -> None:
            with drive.world.parts.database.reading() as session:
                met.update(session.scalars(select(JobRow.id).where(JobRow.waiting == "disk_full")))

        drive.meanwhile = look
        end = time.monotonic() + 3 * _FULL_S
        while len(met) < min(jobs // 2, 40) and time.monotonic() < end:
            drive.wait(1.0)
        subprocess.run(["mount", "-o", f"remount,size={_LARGE}", str(folder)], check=True)
        drive.ended()
        found = drive.outcome()
        found.hits = len(met)
        return found


@contextmanager
def _small_disk() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="tts-disk-") as place:
        folder = Path(place)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_SMALL}", "none", str(folder)], check=True)
        try:
            yield folder
        finally:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


def killed_while_writing(jobs: int) -> Outcome:
    """Five processes for each job write an object and are killed at some moment of it."""
    with tempfile.TemporaryDirectory(prefix="tts-writes-") as place:
        audio = Path(place) / "audio"
        usual_s = statistics.median(_write_until(audio, f"clips/whole-{number}", None) for number in range(5))
        for number in range(5 * jobs):
            _write_until(audio, f"clips/{number}", random.uniform(0, 1.5 * usual_s))
        files = [path for path in audio.rglob("*") if path.is_file()]
        staged = [path for path in files if STAGED.search(path.name)]
        whole = hashlib.sha256(_WRITTEN).digest()
        partial = [
            path.name
            for path in files
            if not STAGED.search(path.name) and hashlib.sha256(path.read_bytes()).digest() != whole
        ]
        return Outcome(
            jobs=5 * jobs,
            finished=len(files) - len(staged) - 5,
            lost=0,
            duplicates=0,
            hits=len(staged),
            problems=[f"{name} is visible and not whole" for name in partial],
            notes={"partial files visible": len(partial)},
        )


def _write_until(audio: Path, name: str, killed_after_s: float | None) -> float:
    """Write an object in a process of its own, which is killed so long after it began; seconds it took."""
    ready, tell = os.pipe()
    pid = os.fork()
    if pid == 0:  # the store is opened here: its threads don't survive a fork
        store = open_store(Settings(_env_file=None, store_url=f"file://{audio}"))  # type: ignore[call-arg]
        os.write(tell, b"1")
        store.put(name, _WRITTEN)
        os._exit(0)
    os.read(ready, 1)
    began = time.monotonic()
    if killed_after_s is not None:
        time.sleep(killed_after_s)
        os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(ready)
    os.close(tell)
    return time.monotonic() - began


LINES = (
    Line(name="disk-full", number=18, fault="20 MiB for the audio, then room", run=disk_full),
    Line(name="write-killed", number=19, fault="SIGKILL in the middle of writing a file", run=killed_while_writing),
)
