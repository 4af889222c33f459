"""A segment as a WAV file, for staff."""

from __future__ import annotations

import io
import wave

from fastapi import Response

from tts_service.values import SAMPLE_WIDTH, Segment

_FOREVER = "private, max-age=31536000, immutable"


def wav_answer(sound: Segment) -> Response:
    """Its address holds the hash of what is said, so the browser may keep it."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(SAMPLE_WIDTH)
        out.setframerate(sound.sample_rate_hz)
        out.writeframes(sound.pcm)
    return Response(file.getvalue(), media_type="audio/wav", headers={"Cache-Control": _FOREVER})
