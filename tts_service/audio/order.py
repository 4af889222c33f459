"""What to make of a clip's segments, and what was made."""

from __future__ import annotations

from collections.abc import Callable
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
class Made:
    """One format's file, checked."""

    rendition: Rendition
    path: Path
    checked: Checked
