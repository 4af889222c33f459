"""Fits another voice's sound into a clip: resamples it and matches the main voice's level."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from tts_service.audio.loudness import level

REVISION = "fit-1"
"""Bump when this file changes the sound made from the same samples."""
CEILING_DBTP = -0.1
"""Only prevents clipping: a quiet clip's gain, with its own limiter, is applied later."""


def fitted(pcm: bytes, given_hz: int, wanted_hz: int, gain_db: float) -> bytes:
    """s16 mono PCM at another sample rate, `gain_db` louder, peaks limited below full scale.

    Same duration, to the nearest sample.
    """
    return level(resampled(pcm, given_hz, wanted_hz), gain_db, CEILING_DBTP, wanted_hz)


def resampled(pcm: bytes, given_hz: int, wanted_hz: int) -> bytes:
    """s16 mono PCM at another sample rate, by FFmpeg's resampler: no delay, error below one step (-87 dB)."""
    samples = np.frombuffer(pcm, np.int16)
    if given_hz == wanted_hz or not len(samples):
        return pcm
    import av

    resampler = av.AudioResampler(format="s16", layout="mono", rate=wanted_hz)
    frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = given_hz, 0, Fraction(1, given_hz)
    frames = [*resampler.resample(frame), *resampler.resample(None)]
    return b"".join(out.to_ndarray().astype(np.int16, copy=False).tobytes() for out in frames)
