"""Trims near-silence at both ends of an utterance: the pipeline plans pauses, not the voice.

Measured: espeak-ng ends every sentence with 260 to 390 ms of silence (depending on its rate); Piper starts with up to
60 ms and ends with up to 220 ms.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tts_service.engines.base import Sound
from tts_service.values import SAMPLE_WIDTH, WordTime

FRAME_MS = 10
QUIET_DB = -48.0
"""A frame this far below the loudest one is silent: soft final fricatives are at -35 to -45 dB."""
KEEP_BEFORE_MS = 20
KEEP_AFTER_MS = 40


def trim(sound: Sound) -> Sound:
    """The sound with at most 20 ms of silence before and 40 ms after the speech, word times shifted to match."""
    samples = np.frombuffer(sound.pcm, dtype=np.int16)
    first, last = speech_span(samples, sound.sample_rate_hz)
    rate = sound.sample_rate_hz
    shift_ms = first * 1000 / rate
    length_ms = (last - first) * 1000 / rate
    return Sound(
        pcm=sound.pcm[first * SAMPLE_WIDTH : last * SAMPLE_WIDTH],
        sample_rate_hz=rate,
        words=clamped_times([(w.start_ms - shift_ms, w.end_ms - shift_ms) for w in sound.words], length_ms),
    )


def speech_span(samples: NDArray[np.int16], rate_hz: int) -> tuple[int, int]:
    """(first, one past the last) sample of the speech including margins; everything if it is all silent."""
    size = rate_hz * FRAME_MS // 1000
    frames = len(samples) // size
    if frames == 0:
        return 0, len(samples)
    power = np.square(samples[: frames * size].astype(np.float64)).reshape(frames, size).mean(axis=1)
    loud = np.flatnonzero(power > power.max() * 10 ** (QUIET_DB / 10))
    if not len(loud):
        return 0, len(samples)
    first = int(loud[0]) * size - KEEP_BEFORE_MS * rate_hz // 1000
    last = (int(loud[-1]) + 1) * size + KEEP_AFTER_MS * rate_hz // 1000
    return max(0, first), min(len(samples), last)


def clamped_times(spans: Sequence[tuple[float, float]], length_ms: float) -> tuple[WordTime, ...]:
    """Word times clamped to [0, length_ms]: starts never decrease, no word ends before it starts."""
    times: list[WordTime] = []
    floor = 0.0
    for start, end in spans:
        floor = min(max(start, floor), length_ms)
        times.append(WordTime(start_ms=floor, end_ms=min(max(end, floor), length_ms)))
    return tuple(times)
