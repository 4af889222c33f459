"""A look-ahead limiter: brings peaks down to the ceiling and leaves the rest unchanged.

Kept because pedalboard is GPL-3.0, and its limiter bounds samples instead of true peaks between them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tts_service.audio.peaks import REACH, Floats, true_peaks

_BLOCK_S = 0.0015
"""The gain changes slope at most this often: slower than the voice's waveform, so no audible distortion."""
_ATTACK_DB = 3.0
"""Maximum fall of the gain in dB from one block to the next."""
_RELEASE_DB = 0.35
"""Maximum rise of the gain in dB from one block to the next: about 230 dB/s, 10 dB in 45 ms."""
_HOT = 0.6
"""Samples below this share of the ceiling can't produce a true peak above it."""


def limited(wave: Floats, ceiling: float, sample_rate_hz: int) -> Floats:
    """`wave` (mono, full scale 1) with true peaks of at most `ceiling` (linear); the same object if unchanged."""
    if len(wave) == 0 or float(np.abs(wave).max()) < ceiling * _HOT:
        return wave
    padded = np.pad(wave, REACH)
    places, heights = true_peaks(padded, ceiling * _HOT)
    over = heights > ceiling
    if not over.any():
        return wave
    block = max(8, round(_BLOCK_S * sample_rate_hz))
    needed = np.zeros(len(wave) // block + 2)
    np.minimum.at(needed, (places[over] - REACH) // block, 20 * np.log10(ceiling / heights[over]))
    # Slightly more than needed: the gain may change slope between the samples of a peak's window.
    edges = _edges(_spread(np.where(needed < 0, needed - 0.05, 0.0)))
    gain = (10 ** (edges / 20)).astype(np.float32)
    ramp = np.arange(block, dtype=np.float32) / np.float32(block)
    bent = gain[:-1, None] + np.diff(gain)[:, None] * ramp
    return wave * bent.reshape(-1)[: len(wave)]


def _spread(needed: NDArray[np.float64]) -> NDArray[np.float64]:
    """The gain of each block (dB), within the maximum rates of fall and rise."""
    index = np.arange(len(needed))
    released = np.minimum.accumulate(needed - _RELEASE_DB * index) + _RELEASE_DB * index
    backwards = released[::-1]
    attacked = np.minimum.accumulate(backwards - _ATTACK_DB * index) + _ATTACK_DB * index
    spread: NDArray[np.float64] = np.minimum(attacked[::-1], 0.0)
    return spread


def _edges(blocks: NDArray[np.float64]) -> NDArray[np.float64]:
    """The gain at the block edges, not above either neighbour, so that no point exceeds its block's gain."""
    return np.minimum(np.concatenate((blocks[:1], blocks)), np.concatenate((blocks, blocks[-1:])))
