"""Sound files as a person might record them: buzzing syllables with pauses and room noise, in any format and level."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

_CODECS = {"wav": "pcm_s16le", "mp3": "libmp3lame", "m4a": "aac", "ogg": "libopus", "flac": "flac"}


def spoken(seconds: float, rate_hz: int = 48_000, *, level: float = 0.05, seed: int = 1) -> NDArray[np.float32]:
    """Syllables on a falling pitch, a pause after every 2 s."""
    at = np.arange(round(seconds * rate_hz)) / rate_hz
    phase = 2 * np.pi * np.cumsum(120 + 20 * np.sin(at * 3)) / rate_hz
    buzz = sum(np.sin(phase * n) / n for n in range(1, 20))
    envelope = np.clip(np.sin(at * 2 * np.pi * 4) + 0.6, 0, 1) * (at % 2.5 < 1.7)
    noise = np.random.default_rng(seed).normal(size=len(at)) * 0.0003
    sound: NDArray[np.float32] = ((buzz * envelope + noise) * level).astype(np.float32)
    return sound


def save(path: Path, sound: NDArray[Any], rate_hz: int = 48_000, *, channels: int = 1, both: bool = False) -> Path:
    """Write the sound in the format of the file's name; `channels` 2: only the right one has sound, unless `both`."""
    whole = np.clip(np.rint(sound * 32767), -32768, 32767).astype(np.int16)
    frames = np.stack([whole if both else np.zeros_like(whole), whole] if channels == 2 else [whole], axis=1)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(_CODECS[path.suffix[1:]], rate=rate_hz)
        stream.layout = "stereo" if channels == 2 else "mono"
        frame = av.AudioFrame.from_ndarray(frames.reshape(1, -1), format="s16", layout=stream.layout.name)
        frame.sample_rate, frame.pts, frame.time_base = rate_hz, 0, Fraction(1, rate_hz)
        resampler = av.AudioResampler(
            format=stream.codec_context.format or stream.codec.audio_formats[0],
            layout=stream.layout.name,
            rate=rate_hz,
            frame_size=stream.codec_context.frame_size or 0,
        )
        for ready in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(ready))
        container.mux(stream.encode(None))
    return path
