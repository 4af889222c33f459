"""Measuring and levelling."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.audio.test_sounds import RATE, alike, sentence, wave_of
from tts_service.audio.loudness import Meter, level
from tts_service.audio.peaks import PeakMeter


def measured(pcm: bytes, rate: int = RATE) -> tuple[float, float]:
    meter = Meter(rate, true_peak=True)
    for start in range(0, len(pcm), 8820):
        meter.push(pcm[start : start + 8820])
    return meter.read()


def sine(hertz: float, peak: float, rate: int = RATE, phase: float = 0.0) -> bytes:
    wave = peak * np.sin(2 * np.pi * hertz / rate * np.arange(3 * rate) + phase)
    wave *= np.minimum(1, np.minimum(np.arange(3 * rate), np.arange(3 * rate)[::-1]) / 1000)
    return np.rint(wave * 32767).astype(np.int16).tobytes()


def test_a_full_scale_sine_of_997_hz_has_minus_3_lufs() -> None:
    """BS.1770-5, annex 1: 0 dBFS at 997 Hz in one channel reads -3.01."""
    lufs, _ = measured(sine(997, 1.0, 48000), 48000)

    assert lufs == pytest.approx(-3.01, abs=0.05)


def test_a_peak_between_the_samples_is_found() -> None:
    # A quarter of the rate at 45 degrees: every sample lies 3 dB below the crest.
    _, peak_dbtp = measured(sine(RATE / 4, 0.5, phase=math.pi / 4))

    assert peak_dbtp == pytest.approx(20 * math.log10(0.5), abs=0.1)


def test_a_peak_is_found_wherever_the_pieces_are_cut() -> None:
    wave = np.zeros(1000, np.float32)
    wave[500] = 0.9
    for size in (1, 3, 100, 499, 500, 501):
        meter = PeakMeter()
        for start in range(0, len(wave), size):
            meter.push(wave[start : start + size])

        assert meter.read_dbtp() == pytest.approx(20 * math.log10(0.9), abs=0.01)


def test_silence_has_no_loudness() -> None:
    assert measured(bytes(2 * RATE)) == (-math.inf, -math.inf)
    assert Meter(RATE).read() == (-math.inf, -math.inf)


def test_below_the_ceiling_only_the_level_changes() -> None:
    pcm = sentence(1, peak=0.1)
    louder = np.frombuffer(level(pcm, 6.0, -2.5, RATE), np.int16)

    assert np.abs(louder - np.frombuffer(pcm, np.int16) * 10 ** (6 / 20)).max() <= 0.51


@pytest.mark.parametrize("gain_db", [6, 12, 20, 30])
def test_true_peaks_stay_below_the_ceiling(gain_db: float) -> None:
    spiky = np.frombuffer(sentence(2, 2), np.int16).copy()
    spiky[[0, 5000, 5001, 20_000, -1]] = [32767, -32768, 32767, -32768, 32767]
    out = level(spiky.tobytes(), gain_db, -2.5, RATE)

    assert len(out) == spiky.nbytes
    assert measured(out)[1] <= -2.45


def test_the_limiter_leaves_the_sound_its_shape() -> None:
    pcm = sentence(3, 2)

    assert alike(wave_of(level(pcm, 15, -2.5, RATE)), wave_of(pcm)) > 0.95


def test_the_same_sentence_is_levelled_to_the_same_bytes() -> None:
    pcm = sentence(4)

    assert level(pcm, 13.7, -2.5, RATE) == level(pcm, 13.7, -2.5, RATE)


@pytest.mark.parametrize("samples", [0, 1, 7, 33])
def test_a_few_samples_are_levelled_too(samples: int) -> None:
    assert len(level(b"\xff\x7f" * samples, 20, -2.5, RATE)) == 2 * samples
