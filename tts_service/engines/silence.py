"""Cuts the near-silence at both ends of an utterance: pauses are planned by the pipeline, not left to the voice.

Measured: espeak-ng ends every sentence with 260 to 390 ms of silence (by its rate), Piper begins with up to 60 ms and
ends with up to 220 ms.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tts_service.engines.base import Sound
from tts_service.values import SAMPLE_WIDTH, WordTime

FRAME_MS = 10
QUIET_DB = -48.0
"""A frame this far below the loudest one is silence: soft final fricatives lie at -35 to -45 dB."""
KEEP_BEFORE_MS = 20
KEEP_AFTER_MS = 40


def trim(sound: Sound) -> Sound:
    """The sound with at most 20 ms of silence before and 40 ms behind the speech, word times moved along."""
    samples = np.frombuffer(sound.pcm, dtype=np.int16)
    first, last = speech_span(samples, sound.sample_rate_hz)
    rate = sound.sample_rate_hz
    shift_ms = first * 1000 / rate
    length_ms = (last - first) * 1000 / rate
    return Sound(
        pcm=sound.pcm[first * SAMPLE_WIDTH : last * SAMPLE_WIDTH],
        sample_rate_hz=rate,
        words=settle([(w.start_ms - shift_ms, w.end_ms - shift_ms) for w in sound.words], length_ms),
    )


def speech_span(samples: NDArray[np.int16], rate_hz: int) -> tuple[int, int]:
    """(first, one past the last) sample of the speech with the margins kept; all of it if nothing sounds."""
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


def settle(spans: Sequence[tuple[float, float]], length_ms: float) -> tuple[WordTime, ...]:
    """Word times within [0, length_ms], starts never decreasing, no word ending before it starts."""
    times: list[WordTime] = []
    floor = 0.0
    for start, end in spans:
        floor = min(max(start, floor), length_ms)
        times.append(WordTime(start_ms=floor, end_ms=min(max(end, floor), length_ms)))
    return tuple(times)
