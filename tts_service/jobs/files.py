"""The state of each format of a revision: stored, or left out with the reason.

Kept format by format, so that a worker that takes over goes on with the next one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tts_service.audio.order import Made
from tts_service.queue.backoff import wait_after
from tts_service.values import PlannedUtterance, Rendition

_FIRST = "mp3"
"""MP3 decides over the clip, so it is made before anything else."""
AGAIN_AFTER_MS = (3_600_000, 24 * 3_600_000, 7 * 24 * 3_600_000)
"""When a format that was left out is tried again; after the last try it stays left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileState:
    """One format of a revision."""

    format: str
    plan: str
    """Of which timeline it was made (plan_digest): sentences spoken again may be longer or shorter."""
    rendition: Rendition | None = None
    """None: it was left out."""
    duration_ms: int = 0
    loudness_lufs: float = 0.0
    true_peak_dbtp: float = 0.0
    reason: str = ""
    """Why it was left out."""
    tries: int = 0
    """How often it was refused."""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def file_from(kept: dict[str, Any]) -> FileState:
    rendition = kept["rendition"]
    return FileState(**{**kept, "rendition": Rendition(**rendition) if rendition else None})


def made_file(made: Made, rendition: Rendition, plan: str) -> FileState:
    """`rendition`: as it is stored."""
    checked = made.checked
    return FileState(
        format=rendition.format,
        plan=plan,
        rendition=rendition,
        duration_ms=checked.duration_ms,
        loudness_lufs=round(checked.loudness_lufs, 2),
        true_peak_dbtp=round(checked.true_peak_dbtp, 2),
    )


def plan_digest(places: Sequence[PlannedUtterance]) -> str:
    digest = hashlib.sha256()
    for place in places:
        digest.update(f"{place.segment_key} {place.samples} {place.start} {place.pause}\n".encode())
    return digest.hexdigest()[:16]


def formats_to_make(wanted: Sequence[str], files: Mapping[str, FileState]) -> Iterator[str]:
    """The formats that aren't settled yet, the one that decides first. `files` grows while they are made."""
    for form in sorted(dict.fromkeys(wanted), key=lambda form: form != _FIRST):
        if form not in files:
            yield form
    if not any(one.rendition for one in files.values()):
        yield _FIRST  # what everything plays takes the place of what was refused


def again_at(files: Sequence[FileState], now_ms: int) -> int | None:
    """When what was left out is tried next; None: nothing was, or it was tried often enough."""
    waits = [wait_after(one.tries, AGAIN_AFTER_MS) for one in files if not one.rendition]
    return min((now_ms + wait for wait in waits if wait is not None), default=None)


def left_out(kept: Sequence[dict[str, Any]] | None) -> list[dict[str, str]]:
    """(format, reason) of what a revision lacks, from its row."""
    files = [file_from(one) for one in kept or ()]
    return [{"format": one.format, "reason": one.reason} for one in files if one.rendition is None]
