"""The log-mel spectrogram that Whisper models hear: 80 bands, 100 frames per second, half a minute at once."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from tts_service.audio.fit import resampled

RATE_HZ = 16_000
WINDOW_S = 30
"""What the model hears at once; what is longer is cut off."""
BANDS = 80
_FFT = 400
_HOP = 160
FRAMES_A_SECOND = RATE_HZ // _HOP
_FRAMES = WINDOW_S * FRAMES_A_SECOND
_FLOOR = 1e-10
_RANGE = 8.0
"""Decades below the loudest point that count."""

Floats = NDArray[np.float32]


def spectrogram(sound: Floats) -> Floats:
    """BANDS × 3000 values of a sound at RATE_HZ, padded with silence to the whole window."""
    wanted = WINDOW_S * RATE_HZ
    padded = np.zeros(wanted + _FFT, np.float32)
    heard = sound[:wanted]
    padded[_FFT // 2 : _FFT // 2 + len(heard)] = heard
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FFT)[::_HOP][:_FRAMES]
    window = np.hanning(_FFT + 1)[:-1].astype(np.float32)
    power = np.abs(np.fft.rfft(frames * window, axis=1)) ** 2
    bands = np.log10(np.maximum(power @ _mel_filters().T, _FLOOR))
    bands = np.maximum(bands, bands.max() - _RANGE)
    return np.ascontiguousarray(((bands + 4.0) / 4.0).T).astype(np.float32)


def sound_of_pcm(pcm: bytes, rate_hz: int) -> Floats:
    """16-bit samples as numbers between -1 and 1 at RATE_HZ."""
    samples = np.frombuffer(resampled(pcm, rate_hz, RATE_HZ), "<i2")
    return samples.astype(np.float32) / np.float32(32_768)


@cache
def _mel_filters() -> Floats:
    """Triangles of equal area over the frequencies of the transform, by Slaney's mel scale."""
    edges = _hertz(np.linspace(0.0, _mel(RATE_HZ / 2), BANDS + 2))
    points = np.linspace(0.0, RATE_HZ / 2, _FFT // 2 + 1)
    rising = (points - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - points) / (edges[2:] - edges[1:-1])[:, None]
    triangles = np.maximum(0.0, np.minimum(rising, falling))
    return (triangles * (2.0 / (edges[2:] - edges[:-2]))[:, None]).astype(np.float32)


_LINEAR_HZ = 1000.0
_PER_MEL_HZ = 200.0 / 3
_STEP = np.log(6.4) / 27
"""Above 1 kHz the scale is logarithmic."""


def _mel(hertz: float) -> float:
    return float(_LINEAR_HZ / _PER_MEL_HZ + np.log(hertz / _LINEAR_HZ) / _STEP)


def _hertz(mels: NDArray[np.float64]) -> NDArray[np.float64]:
    corner = _LINEAR_HZ / _PER_MEL_HZ
    return np.where(mels < corner, mels * _PER_MEL_HZ, _LINEAR_HZ * np.exp(_STEP * (mels - corner)))
