"""How long a worker is at a correction, estimated from what was measured."""

from __future__ import annotations

_SPOKEN = {"piper": 0.12, "pyttsx3": 0.02, "tone": 0.01}
"""Seconds of work for a second of speech, by engine (`make bench`)."""
_USUAL = 0.12
_FINISHED = 0.02
"""Seconds of work for a second of the clip: joined, levelled, encoded, checked, signed."""
_CLIP_MS = 300
"""Of each job, whatever its length."""


def work_ms(voice: str, spoken_ms: int, clip_ms: int) -> int:
    """Milliseconds of work for a new revision of a clip: `spoken_ms` of it are spoken again by this voice."""
    engine = voice.partition(":")[0]
    return round(_CLIP_MS + spoken_ms * _SPOKEN.get(engine, _USUAL) + clip_ms * _FINISHED)
