"""What to make from a clip's segments, and the result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tts_service.audio.check import Checked
from tts_service.values import Chapter, ClipTags, PlannedUtterance, Rendition

PcmOf = Callable[[int], bytes]
"""Index of an utterance -> its sound as spoken, s16 mono PCM."""
Seal = Callable[[Path, str], None]
"""(file, format): finalises (signs) a file before it is checked. May raise ServiceError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipOrder:
    """Everything needed to make a clip's files."""

    planned: tuple[PlannedUtterance, ...]
    sample_rate_hz: int
    gain_db: float
    """Initial gain: the voice's calibrated one."""
    formats: tuple[str, ...]
    tags: ClipTags
    chapters: tuple[Chapter, ...] = ()
    target_lufs: float = -16.0
    ceiling_dbtp: float = -1.0
    seal: Seal | None = None
    """Signs each file; None: files stay unsigned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedFormat:
    """A format whose file failed its check."""

    format: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """The files made, with loudness and peak of the first format."""

    renditions: tuple[Rendition, ...]
    paths: tuple[Path, ...]
    """One per rendition."""
    duration_ms: int
    loudness_lufs: float
    true_peak_dbtp: float
    left_out: tuple[RefusedFormat, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One format's checked file."""

    rendition: Rendition
    path: Path
    checked: Checked


def decisive(formats: Sequence[str]) -> str | None:
    """The format the clip can't do without: MP3, if requested, as everything plays it; otherwise None."""
    return "mp3" if "mp3" in formats else None
