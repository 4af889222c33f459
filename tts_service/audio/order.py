"""What to make from a clip's segments, and the result."""

from __future__ import annotations

from collections.abc import Callable
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
    live: bool = False
    """Whether the clip is heard as live.mp3 while it grows."""
    seal: Seal | None = None
    """Signs each file; None: files stay unsigned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One format's checked file."""

    rendition: Rendition
    path: Path
    checked: Checked
