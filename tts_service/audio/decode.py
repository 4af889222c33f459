"""Reading a finished file back, as a player would: piece by piece through FFmpeg's libraries."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tts_service.audio.peaks import Floats
from tts_service.errors import ClipDefective

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame

_FORMAT = "fltp"
_PIECE_SAMPLES = 1 << 14


def decoded(path: Path, sample_rate_hz: int) -> Iterator[Floats]:
    """The file's sound, mono at this rate, full scale 1, in pieces of about 0.5 s. Raises ClipDefective."""
    held: list[Floats] = []
    samples = 0
    for wave in _waves(path, sample_rate_hz):
        held.append(wave)
        samples += len(wave)
        if samples >= _PIECE_SAMPLES:
            yield np.concatenate(held)
            held, samples = [], 0
    if held:
        yield np.concatenate(held)


def decoded_ms(path: Path) -> float:
    """Length of the file in ms, by decoding all of it. Raises ClipDefective."""
    rate = 48_000
    return sum(len(wave) for wave in decoded(path, rate)) * 1000 / rate


def _waves(path: Path, sample_rate_hz: int) -> Iterator[Floats]:
    import av

    try:
        with av.open(str(path)) as container:
            resampler = av.AudioResampler(format=_FORMAT, layout="mono", rate=sample_rate_hz)
            for frame in container.decode(audio=0):
                if frame.sample_rate == sample_rate_hz and frame.format.name == _FORMAT and len(frame.layout.channels) == 1:
                    yield _wave(frame)
                    continue
                for converted in resampler.resample(frame):
                    yield _wave(converted)
            for converted in resampler.resample(None):
                yield _wave(converted)
    except (av.error.FFmpegError, IndexError, ValueError) as error:
        raise ClipDefective(f"{path.name} can't be decoded: {error}") from error


def _wave(frame: AudioFrame) -> Floats:
    # A copy: the array is a view into the frame, which goes away.
    return frame.to_ndarray().reshape(-1).astype(np.float32, copy=True)
