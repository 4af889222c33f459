"""A finished file as listeners have it: decoded by PyAV alone, loudness and peak by meters that aren't ours."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import av
import numpy as np
import pyloudnorm
from numpy.typing import NDArray
from scipy.signal import resample_poly

_OVERSAMPLING = 4
"""BS.1770-5, annex 2."""
_HEARD = 0.003
"""-50 dB: louder than what codecs leave of silence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """A decoded file."""

    wave: NDArray[np.float64]
    """Mono, full scale 1."""
    rate_hz: int

    @property
    def duration_ms(self) -> float:
        return len(self.wave) * 1000 / self.rate_hz

    @property
    def last_heard_ms(self) -> float:
        """Where the last sound ends."""
        return float(np.flatnonzero(np.abs(self.wave) > _HEARD)[-1]) * 1000 / self.rate_hz

    @property
    def lufs(self) -> float:
        return float(pyloudnorm.Meter(self.rate_hz).integrated_loudness(self.wave))

    @property
    def true_peak_dbtp(self) -> float:
        return 20 * math.log10(float(np.abs(resample_poly(self.wave, _OVERSAMPLING, 1)).max()))

    def at(self, rate_hz: int) -> NDArray[np.int16]:
        """The same at another rate, 16 bits."""
        common = math.gcd(rate_hz, self.rate_hz)
        wave = resample_poly(self.wave, rate_hz // common, self.rate_hz // common)
        return np.clip(np.rint(wave * 32767), -32768, 32767).astype(np.int16)


def decoded(file: Path | BinaryIO) -> Sound:
    """The whole file. Raises av.error.FFmpegError."""
    with av.open(str(file) if isinstance(file, Path) else file) as container:
        rate = container.streams.audio[0].rate
        resampler = av.AudioResampler(format="flt", layout="mono", rate=rate)
        frames = [one for frame in container.decode(audio=0) for one in resampler.resample(frame)]
        frames += resampler.resample(None)
    wave = np.concatenate([frame.to_ndarray().reshape(-1) for frame in frames]).astype(np.float64)
    return Sound(wave=wave, rate_hz=rate)
