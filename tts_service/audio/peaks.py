"""True peaks: maxima of the waveform between samples (ITU-R BS.1770-5, annex 2)."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_PHASES = 8
"""Oversampling factor. Annex 2 asks for about 192 kHz; 8 × 22.05 kHz is 176 kHz."""
REACH = 12
"""Samples used on each side: with 8, a peak of sounds at 0.83 of the highest frequency looks 0.5 dB lower."""
_NEAR = 0.6
"""The samples next to a true peak almost always reach this share of it."""


class PeakMeter:
    """Highest true peak of PCM pushed in pieces, and all peaks above a ceiling."""

    def __init__(self, ceiling_dbtp: float = math.inf) -> None:
        self._tail: Floats = np.zeros(2 * REACH, np.float32)
        self._peak = 0.0
        self._ceiling = 10 ** (ceiling_dbtp / 20)
        self._pushed = 0
        self.over: list[tuple[int, float]] = []
        """(sample, dBTP) of each peak above the ceiling."""

    def push(self, samples: Floats) -> None:
        """`samples`: mono, full scale 1."""
        wave = np.concatenate((self._tail, samples))
        self._tail = wave[-2 * REACH :]
        highest = max(self._peak, float(np.abs(wave).max()))
        places, heights = true_peaks(wave, min(highest, self._ceiling) * _NEAR)
        if len(heights):
            self._peak = max(self._peak, float(heights.max()))
        for place in np.flatnonzero(heights > self._ceiling):
            sample = self._pushed - 2 * REACH + int(places[place])
            self.over.append((sample, 20 * math.log10(float(heights[place]))))
        self._pushed += len(samples)

    def read_dbtp(self) -> float:
        """True peak so far in dBTP; minus infinity for silence."""
        self.push(np.zeros(2 * REACH, np.float32))
        return 20 * math.log10(self._peak) if self._peak else -math.inf


def true_peaks(wave: Floats, least: float) -> tuple[NDArray[np.intp], Floats]:
    """Positions and heights of the peaks of `wave` (full scale 1) whose samples reach `least`.

    Interpolates around local maxima, and minima below zero, as only they can hold a peak: in a hiss, one lies beside
    the other. Ignores the outermost `REACH` samples.
    """
    height = np.abs(wave)
    inner = height[REACH:-REACH]
    if len(wave) <= 2 * REACH:
        return np.empty(0, np.intp), np.empty(0, np.float32)
    hot = np.flatnonzero(inner >= max(least, 1e-6)) + REACH
    sign = np.sign(wave[hot])
    hot = hot[(wave[hot - 1] * sign <= height[hot]) & (wave[hot + 1] * sign <= height[hot])]
    around = np.lib.stride_tricks.sliding_window_view(wave, 2 * REACH + 1)[hot - REACH]
    between = np.abs(around @ _kernel()).max(axis=1) if len(hot) else np.empty(0, np.float32)
    return hot, np.maximum(height[hot], between).astype(np.float32)


@lru_cache(maxsize=1)
def _kernel() -> Floats:
    """(25, 14): windowed sinc for the 7 positions between a sample and each neighbour."""
    steps = [step / _PHASES for step in range(1 - _PHASES, _PHASES) if step]
    offset = np.arange(-REACH, REACH + 1)[:, None] - np.array(steps)[None, :]
    window = np.where(np.abs(offset) < REACH, np.cos(np.pi * offset / (2 * REACH)) ** 2, 0.0)
    kernel: Floats = (np.sinc(offset) * window).astype(np.float32)
    return kernel
