"""Loudness calibration: a voice's gain towards the loudness target, measured once on sample sentences.

The sentences are in the voice's language, or in English if the language has none (`Language.calibration`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np

from tts_service.errors import VoiceRefused
from tts_service.speakable.language import language_of
from tts_service.values import SpokenWord, Voice

if TYPE_CHECKING:
    from tts_service.engines.child.speak import EngineChild

TARGET_LUFS = -16.0
"""Integrated loudness (BS.1770) after `Voice.gain_db`: the level podcast and news players expect."""
SILENT_LUFS = -60.0
"""Below this level a voice counts as silent."""
PAUSE_MS = 300
_ROUNDS = 8
_NEAR_LU = 0.05


Level = Callable[[bytes, float, int], bytes]
"""(s16 mono PCM, gain in dB, rate in Hz) -> the PCM with that gain applied and its peaks limited."""


def gain_only(pcm: bytes, gain_db: float, rate_hz: int) -> bytes:
    """Applies gain without a limiter; peaks are clipped."""
    samples = np.frombuffer(pcm, np.int16) * 10 ** (gain_db / 20)
    return bytes(np.clip(np.rint(samples), -32768, 32767).astype(np.int16).tobytes())


def calibrate(voice: Voice, child: EngineChild, level: Level = gain_only) -> float:
    """Gain in dB that brings the voice's speech to -16 LUFS, measured after the limiter in use, which absorbs part of
    the gain. Raises VoiceRefused if the voice makes no sound."""
    sentences = language_of(voice.language).calibration or language_of("en").calibration
    spoken = [child.speak([SpokenWord(text=word) for word in sentence.split()], voice).pcm for sentence in sentences]
    rate, gain = voice.sample_rate_hz, 0.0
    pause = bytes(2 * (rate * PAUSE_MS // 1000))
    for _ in range(_ROUNDS):
        loudness = integrated_lufs(b"".join(level(pcm, gain, rate) + pause for pcm in spoken), rate)
        if loudness < SILENT_LUFS:
            raise VoiceRefused(f"The voice {voice.id} produced no sound for {len(sentences)} sentences.")
        if abs(TARGET_LUFS - loudness) < _NEAR_LU:
            break
        gain += TARGET_LUFS - loudness
    return round(gain, 1)


def integrated_lufs(pcm: bytes, rate_hz: int) -> float:
    """Integrated loudness of s16 mono PCM in LUFS, by FFmpeg's EBU R 128 filter; minus infinity for silence."""
    samples = np.frombuffer(pcm, dtype=np.int16).reshape(1, -1)
    graph = av.filter.Graph()
    source = graph.add_abuffer(format="s16", sample_rate=rate_hz, layout="mono", time_base=Fraction(1, rate_hz))
    meter = graph.add("ebur128", "metadata=1:framelog=quiet")
    sink = graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = rate_hz, 0, Fraction(1, rate_hz)
    source.push(frame)
    source.push(None)
    loudness = -math.inf
    while True:
        try:
            metered = sink.pull()
        except (av.error.EOFError, av.error.BlockingIOError):
            return loudness
        loudness = float(metered.metadata.get("lavfi.r128.I", loudness))
