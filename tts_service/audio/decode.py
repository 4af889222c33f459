"""Decodes a finished file in pieces through FFmpeg's libraries, as a player would."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tts_service.audio.loudness import FULL_SCALE
from tts_service.audio.peaks import Floats
from tts_service.audio.sound_file import open_sound
from tts_service.errors import ClipDefective

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.container import InputContainer

_FORMAT = "fltp"
_PIECE_SAMPLES = 1 << 14
Watch = Callable[[Floats, int], None]
"""Callback for (samples, their rate in Hz)."""


def decoded(path: Path, sample_rate_hz: int, watch: Watch | None = None) -> Iterator[Floats]:
    """The file's sound, mono at this rate, full scale 1, in pieces of about 0.5 s. `watch` gets it at its native rate.

    Raises ClipDefective.
    """
    import av

    try:
        with open_sound(path) as container:
            resampler = av.AudioResampler(format=_FORMAT, layout="mono", rate=sample_rate_hz)
            for wave, rate in _native(container):
                if watch is not None:
                    watch(wave, rate)
                if rate == sample_rate_hz:
                    yield wave
                    continue
                frame = av.AudioFrame.from_ndarray(wave.reshape(1, -1), format=_FORMAT, layout="mono")
                frame.sample_rate = rate
                for converted in resampler.resample(frame):
                    yield _wave(converted)
            for converted in resampler.resample(None):
                yield _wave(converted)
    except (av.error.FFmpegError, IndexError, ValueError) as error:
        raise ClipDefective(f"{path.name} can't be decoded: {error}") from error


def decoded_ms(path: Path) -> float:
    """Length of the file in ms, by decoding all of it. Raises ClipDefective."""
    import av

    try:
        with open_sound(path) as container:
            return sum(len(wave) * 1000 / rate for wave, rate in _native(container))
    except (av.error.FFmpegError, IndexError, ValueError) as error:
        raise ClipDefective(f"{path.name} can't be decoded: {error}") from error


def _native(container: InputContainer) -> Iterator[tuple[Floats, int]]:
    """(sound, sample rate) in the file's own format, many frames at a time. Raises FFmpegError."""
    waves: list[Floats] = []
    samples = rate = 0
    for frame in container.decode(audio=0):
        rate = frame.sample_rate
        waves.append(_wave(frame))
        samples += len(waves[-1])
        if samples >= _PIECE_SAMPLES:
            yield np.concatenate(waves), rate
            waves, samples = [], 0
    if waves:
        yield np.concatenate(waves), rate


def _wave(frame: AudioFrame) -> Floats:
    """A copy of the first channel, full scale 1 (FFmpeg reuses the frame's memory)."""
    channels = len(frame.layout.channels)
    name = frame.format.name
    if name not in ("flt", "fltp", "s16", "s16p"):
        raise ValueError(f"samples of kind {name}")
    # to_ndarray() costs as much as decoding.
    stride = 1 if frame.format.is_planar else channels
    kind = np.float32 if name.startswith("flt") else np.int16
    raw = np.frombuffer(bytes(frame.planes[0]), kind, count=frame.samples * stride)[::stride]
    samples: Floats = raw.astype(np.float32)
    return samples if kind is np.float32 else samples / np.float32(FULL_SCALE)
