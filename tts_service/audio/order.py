"""What to make from a clip's segments, and what was made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tts_service.audio.check import Checked
from tts_service.values import Chapter, ClipTags, PlannedUtterance, Rendition

PcmOf = Callable[[int], bytes]
"""Utterance i as spoken: s16 mono PCM."""
Seal = Callable[[Path, str], None]
"""(file, format) -> nothing: writes the last bytes of a finished file, before it is checked. May raise ServiceError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipOrder:
    """What to make."""

    planned: tuple[PlannedUtterance, ...]
    sample_rate_hz: int
    gain_db: float
    """First guess: the voice's calibrated gain."""
    formats: tuple[str, ...]
    tags: ClipTags
    chapters: tuple[Chapter, ...] = ()
    target_lufs: float = -16.0
    ceiling_dbtp: float = -1.0
    seal: Seal | None = None
    """What signs each file; None: it stays unsigned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedFormat:
    """A format whose file didn't pass."""

    format: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """What was made and measured; loudness and peak of the first format."""

    renditions: tuple[Rendition, ...]
    paths: tuple[Path, ...]
    """One per rendition."""
    duration_ms: int
    loudness_lufs: float
    true_peak_dbtp: float
    left_out: tuple[RefusedFormat, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One format's file, checked."""

    rendition: Rendition
    path: Path
    checked: Checked


def decisive(formats: Sequence[str]) -> str | None:
    """The format without which there is no clip: MP3, which everything plays; of a clip without it, none."""
    return "mp3" if "mp3" in formats else None
