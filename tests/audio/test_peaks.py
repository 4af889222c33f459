"""True peaks between samples, beside an ideal interpolation: a hiss has them close to each other, with both signs."""

from __future__ import annotations

import numpy as np

from tts_service.audio.peaks import PeakMeter

RATE_HZ = 24_000
FINER = 16
LENGTH = 48


def hiss(rng: np.random.Generator) -> np.ndarray:
    """Two milliseconds of noise between 6 and 9 kHz, in a second of silence."""
    spectrum = np.zeros(RATE_HZ // 2 + 1, complex)
    spectrum[6_000:9_000] = rng.normal(size=3_000) + 1j * rng.normal(size=3_000)
    burst = np.fft.irfft(spectrum)[:LENGTH] * np.hanning(LENGTH)
    return np.pad(burst / np.abs(burst).max() / 2, (RATE_HZ // 2, RATE_HZ // 2 - LENGTH))


def ideal_dbtp(wave: np.ndarray) -> float:
    spectrum = np.fft.rfft(wave)
    finer = np.fft.irfft(np.pad(spectrum, (0, (FINER - 1) * RATE_HZ // 2)) * FINER)
    return float(20 * np.log10(np.abs(finer).max()))


def test_no_peak_of_a_hiss_is_missed() -> None:
    rng = np.random.default_rng(1)
    missed = []
    for _ in range(200):
        wave = hiss(rng)
        meter = PeakMeter()
        meter.push(wave.astype(np.float32))
        missed.append(ideal_dbtp(wave) - meter.read_dbtp())
    assert max(missed) < 0.6


def test_a_short_sound_near_the_highest_frequency_has_its_whole_peak() -> None:
    """Its peak lies a quarter behind a sample."""
    place = np.arange(-400, 401) - 0.25
    meter = PeakMeter()
    meter.push((np.cos(np.pi * 0.83 * place) * np.exp(-((place / 12) ** 2)) / 2).astype(np.float32))
    assert abs(meter.read_dbtp() - 20 * np.log10(0.5)) < 0.1
