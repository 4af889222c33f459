"""How far a healthy file of each codec may differ from its plan. How each value was set: docs/audio.md.

Limits are per codec: those for MP3 would reject healthy Opus, and those for Opus would accept broken MP3.
"""

from __future__ import annotations

from dataclasses import dataclass

LOUDNESS_LU = 0.5
"""Maximum deviation of the integrated loudness from the target."""
BRIEF_LOUDNESS_LU = 1.0
"""The same for clips shorter than BRIEF_S."""
BRIEF_S = 3.0
"""BS.1770 measures 400 ms blocks: in such a short clip one block more or less changes the result by up to 0.7 LU."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Limits of one codec."""

    headroom_db: float
    """Limiter margin below the clip's ceiling: the codec raises peaks by that much, rarely more."""
    likeness: float
    """Minimum correlation of an utterance with the planned sound."""
    noise_likeness: float
    """The same if the spectrum matches: a codec may replace one hiss with another."""
    pause_margin_ms: int
    """How far sound may ring on into a pause, and start before its end."""
    pause_peak: float
    """Maximum sample in a pause within these margins, full scale 1."""
    length_ms: float
    """Maximum deviation of the file's length."""
    padding_samples: int = 0
    """Silence the codec may add to fill its last frame."""


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
    """Maximum loudness deviation in LU for a clip of this length."""
    return LOUDNESS_LU if seconds >= BRIEF_S else BRIEF_LOUDNESS_LU
