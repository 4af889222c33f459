"""Progress of installations, kept in the voices folder so that the command line and all API processes see it.

voices/.installing/ENGINE-NAME.lock     held by the process that installs
voices/.installing/ENGINE-NAME.json     `InstallProgress`; gone once the voice is installed
voices/.installing/FILE.lock            held by the process that fetches the file: voices share some
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tts_service.errors import Conflict, ServiceError

_FOLDER = ".installing"
_ATTEMPTS = 5
_PAUSE_S = 0.01
"""A reader holds the lock for a moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallProgress:
    """An installation that runs, or that failed and can be resumed."""

    done: int
    """Bytes that are there."""
    total: int
    error: str
    """Why it failed; empty: it didn't."""
    running: bool


OnProgress = Callable[[int], None]


@contextmanager
def installing(voices_folder: Path, voice_id: str, total: int) -> Iterator[OnProgress]:
    """Keeps others from installing the same voice; yields the function to call with the progress in bytes.

    Raises Conflict; an error inside is kept for `progress_of`.
    """
    folder = voices_folder / _FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / voice_id.replace(":", "-")
    done = 0

    def report(now: int, error: str = "") -> None:
        nonlocal done
        done = now
        content = json.dumps({"id": voice_id, "done": now, "total": total, "error": error})
        with suppress(OSError):  # on a full disk the files matter, not how far they are
            draft = _beside(place, "draft")
            draft.write_text(content, encoding="utf-8")
            draft.replace(_beside(place, "json"))

    with _beside(place, "lock").open("ab") as lock:
        if not _taken(lock.fileno()):
            raise Conflict(f"{voice_id} is being installed already.")
        try:
            report(0)
            yield report
        except ServiceError as error:
            report(done, error.message)
            raise
        _beside(place, "json").unlink(missing_ok=True)


@contextmanager
def fetching(voices_folder: Path, file_name: str) -> Iterator[None]:
    """Waits until no other installation fetches the same file, and keeps others from it meanwhile."""
    with _beside(voices_folder / _FOLDER / file_name, "lock").open("ab") as lock:
        fcntl.flock(lock.fileno(), fcntl.LOCK_EX)
        yield


def progress_of(voices_folder: Path) -> Mapping[str, InstallProgress]:
    """By voice id."""
    found = {}
    for path in sorted((voices_folder / _FOLDER).glob("*.json")):
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            running = _is_held(path.with_suffix(".lock"))
            found[kept["id"]] = InstallProgress(
                done=kept["done"], total=kept["total"], error=kept["error"], running=running
            )
        except (OSError, ValueError, KeyError):
            continue  # it has just ended
    return found


def forget_progress(voices_folder: Path, voice_id: str) -> None:
    """Forget an installation that failed and won't be resumed."""
    _beside(voices_folder / _FOLDER / voice_id.replace(":", "-"), "json").unlink(missing_ok=True)


def _beside(place: Path, ending: str) -> Path:
    return place.with_name(f"{place.name}.{ending}")


def _taken(lock: int) -> bool:
    for _ in range(_ATTEMPTS):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_PAUSE_S)
        else:
            return True
    return False


def _is_held(path: Path) -> bool:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
