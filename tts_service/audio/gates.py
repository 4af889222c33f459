"""What a healthy file of each codec may differ from its plan by. How each value was set: docs/audio.md.

A gate that is right for MP3 refuses healthy Opus, and one that is right for Opus lets broken MP3 pass.
"""

from __future__ import annotations

from dataclasses import dataclass

LOUDNESS_LU = 0.5
"""Integrated loudness may lie this far from the target."""
BRIEF_LOUDNESS_LU = 1.0
"""The same for clips of less than BRIEF_S."""
BRIEF_S = 3.0
"""BS.1770 measures blocks of 400 ms: in a clip this short, one block more or less moves the figure by up to 0.7 LU."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One codec's limits."""

    headroom_db: float
    """How far the limiter stays below the clip's ceiling: the codec raises peaks by that much, seldom more."""
    likeness: float
    """Least correlation of an utterance with what was planned."""
    noise_likeness: float
    """The same for an utterance whose spectrum is right: a codec may replace a hiss by another hiss."""
    pause_margin_ms: int
    """How far the codec lets sound ring on into a pause, and begin before its end."""
    pause_peak: float
    """Loudest sample of a pause within these margins, full scale 1."""
    length_ms: float
    """How far the file's length may be off."""
    padding_samples: int = 0
    """The codec may add this much silence to fill its last frame."""


GATES = {
    "mp3": Gate(headroom_db=0.5, likeness=0.95, noise_likeness=0.95, pause_margin_ms=20, pause_peak=0.01, length_ms=5),
    "m4a": Gate(
        headroom_db=1.0,
        likeness=0.95,
        noise_likeness=0.95,
        pause_margin_ms=20,
        pause_peak=0.01,
        length_ms=5,
        padding_samples=1024,
    ),
    "opus": Gate(headroom_db=2.2, likeness=0.95, noise_likeness=0.7, pause_margin_ms=60, pause_peak=0.02, length_ms=5),
    "wav": Gate(headroom_db=0.1, likeness=0.99, noise_likeness=0.99, pause_margin_ms=0, pause_peak=0.001, length_ms=1),
}
"""By format."""


def loudness_tolerance(seconds: float) -> float:
    """LU that a clip of this length may be off its target."""
    return LOUDNESS_LU if seconds >= BRIEF_S else BRIEF_LOUDNESS_LU
