"""Is this stretch of sound that utterance? Correlation, whatever the level, wherever within a few ms it lies."""

from __future__ import annotations

import numpy as np

from tts_service.audio.peaks import Floats

_DECIMATION = 4
"""Speech's energy lies below 3 kHz: a quarter of the samples is enough to tell sentences apart."""
_SURE = 0.97
"""At the planned place and this alike, no other place is tried."""
_SILENT = 1e-9


def likeness(heard: Floats, want: Floats, slack: int) -> float:
    """Greatest normalised correlation of `want` with `heard`, which is `slack` samples longer at both ends; -1 to 1.

    Silence is like silence (1) and like nothing else (0).
    """
    if len(want) == 0 or float(np.dot(want, want)) < _SILENT:
        middle = heard[slack : slack + len(want)]
        return 1.0 if len(middle) == 0 or float(np.abs(middle).max()) < 10**-2 else 0.0
    at_place = _correlation(_thin(heard[slack : slack + len(want)]), _thin(want))
    if at_place >= _SURE:
        return at_place
    return max(at_place, _best(heard, want))


def _thin(wave: Floats) -> Floats:
    whole = len(wave) // _DECIMATION * _DECIMATION
    if whole < 64 * _DECIMATION:
        return wave
    thin: Floats = wave[:whole].reshape(-1, _DECIMATION) @ np.ones(_DECIMATION, np.float32)
    return thin


def _correlation(one: Floats, other: Floats) -> float:
    size = float(np.dot(one, one)) * float(np.dot(other, other))
    return float(np.dot(one, other)) / size**0.5 if size > _SILENT else 0.0


def _best(heard: Floats, want: Floats) -> float:
    """The greatest over all places, by one Fourier transform of full-rate samples."""
    size = 1 << (len(heard) + len(want)).bit_length()
    product = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(want, size))
    places = len(heard) - len(want) + 1
    crossed = np.fft.irfft(product, size)[:places]
    energy = np.concatenate(([0.0], np.cumsum(heard.astype(np.float64) ** 2)))
    under = energy[len(want) :][:places] - energy[:places]
    sizes = np.sqrt(np.maximum(under, 0) * float(np.dot(want, want)))
    return float(np.max(np.divide(crossed, sizes, out=np.zeros(places), where=sizes > _SILENT)))
