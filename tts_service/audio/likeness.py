"""Compares a section of sound with an utterance: correlation, independent of level, within a few ms."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from tts_service.audio.peaks import Floats

_SURE = 0.95
"""With this likeness at the planned position, no other position is tried."""
_SILENT = 1e-9
_BAND_EDGES_HZ = (
    *(100, 200, 300, 400, 510, 630, 770, 920, 1080, 1270, 1480),
    *(1720, 2000, 2320, 2700, 3150, 3700, 4400, 5300, 6400, 7700, 9500),
)
"""Critical bands of hearing (Zwicker, Bark scale)."""
_DEPTH_DB = 45.0


def likeness(actual: Floats, expected: Floats, slack: int) -> float:
    """Maximum normalised correlation of `expected` in `actual`, which is `slack` samples longer at both ends; -1 to 1.

    Two silences compare as 1, silence and sound as 0.
    """
    if len(expected) == 0 or float(np.dot(expected, expected)) < _SILENT:
        middle = actual[slack : slack + len(expected)]
        return 1.0 if len(middle) == 0 or float(np.abs(middle).max()) < 10**-2 else 0.0
    at_place = _correlation(actual[slack : slack + len(expected)], expected)
    if at_place >= _SURE:
        return at_place
    return max(at_place, _best(actual, expected))


def _correlation(one: Floats, other: Floats) -> float:
    size = float(np.dot(one, one)) * float(np.dot(other, other))
    return float(np.dot(one, other)) / size**0.5 if size > _SILENT else 0.0


def _best(actual: Floats, expected: Floats) -> float:
    """Maximum over all positions, by one Fourier transform at full rate."""
    size = 1 << (len(actual) + len(expected)).bit_length()
    product = np.fft.rfft(actual, size) * np.conj(np.fft.rfft(expected, size))
    places = len(actual) - len(expected) + 1
    crossed = np.fft.irfft(product, size)[:places]
    energy = np.concatenate(([0.0], np.cumsum(actual.astype(np.float64) ** 2)))
    under = energy[len(expected) :][:places] - energy[:places]
    sizes = np.sqrt(np.maximum(under, 0) * float(np.dot(expected, expected)))
    return float(np.max(np.divide(crossed, sizes, out=np.zeros(places), where=sizes > _SILENT)))


def spectrum_likeness(actual: Floats, expected: Floats, sample_rate_hz: int) -> float:
    """Similarity of two sounds of equal length by loudness per band over time; -1 to 1.

    Independent of the waveform: two hisses match, silence or another word does not.
    """
    one, other = (_bands(wave, sample_rate_hz) for wave in (actual, expected))
    # Ignore what is far below the sound: codecs fill it arbitrarily.
    floor = float(other.max()) - _DEPTH_DB
    one, other = np.maximum(one, floor), np.maximum(other, floor)
    return _correlation(np.ravel(one - one.mean()), np.ravel(other - other.mean()))


def _bands(wave: Floats, sample_rate_hz: int) -> Floats:
    """(frames, bands): dB per band in 20 ms frames every 10 ms. The waves must have similar levels."""
    size = sample_rate_hz // 50
    padded = np.pad(wave, (0, max(0, size - len(wave))))
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)[:: size // 2]
    power = np.abs(np.fft.rfft(frames * np.hanning(size).astype(np.float32), axis=1)) ** 2
    edges = [round(hz * size / sample_rate_hz) for hz in _BAND_EDGES_HZ if hz < sample_rate_hz * 0.45]
    bands = np.stack([power[:, a:b].sum(axis=1) for a, b in pairwise(edges)], axis=1)
    found: Floats = (10 * np.log10(bands + _SILENT)).astype(np.float32)
    return found
