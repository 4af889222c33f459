"""Another voice's sound in a clip: resampled without a shift, brought to the level asked for, never cut off."""

from __future__ import annotations

import numpy as np
import pytest

from tts_service.audio.fit import fitted, resampled
from tts_service.audio.peaks import PeakMeter

PAIRS = [(16000, 22050), (22050, 16000), (22050, 44100), (48000, 22050)]


def sine(hz: float, seconds: float, rate: int, amplitude: float) -> bytes:
    wave = amplitude * 32767 * np.sin(2 * np.pi * hz * np.arange(int(seconds * rate)) / rate)
    return np.rint(wave).astype(np.int16).tobytes()


@pytest.mark.parametrize(("given", "wanted"), PAIRS)
def test_a_tone_is_the_same_tone_at_the_same_time(given: int, wanted: int) -> None:
    out = np.frombuffer(resampled(sine(700, 1.3, given, 0.5), given, wanted), np.int16).astype(float)
    ideal = np.frombuffer(sine(700, 1.3, wanted, 0.5), np.int16).astype(float)

    assert abs(len(out) - len(ideal)) <= 1
    middle = slice(wanted // 10, -wanted // 10)
    assert np.abs(out[: len(ideal)][middle] - ideal[: len(out)][middle]).max() < 8


@pytest.mark.parametrize("gain_db", [-6.0, 0.0, 4.5])
def test_the_gain_is_what_was_asked_for(gain_db: float) -> None:
    quiet = sine(700, 0.5, 22050, 0.2)
    loud = np.frombuffer(fitted(quiet, 22050, 22050, gain_db), np.int16).astype(float)
    ratio = np.sqrt(np.mean(loud**2) / np.mean(np.frombuffer(quiet, np.int16).astype(float) ** 2))

    assert 20 * np.log10(ratio) == pytest.approx(gain_db, abs=0.02)


def test_no_gain_cuts_a_peak_off() -> None:
    shout = sine(300, 0.2, 16000, 0.05) + sine(300, 0.2, 16000, 0.9) + sine(300, 0.2, 16000, 0.05)
    out = np.frombuffer(fitted(shout, 16000, 22050, 12.0), np.int16)
    meter = PeakMeter()
    meter.push(out.astype(np.float32) / np.float32(32768))

    assert meter.read_dbtp() <= 0.0
    assert np.count_nonzero(np.abs(out.astype(int)) >= 32767) == 0


def test_what_fits_already_stays_as_it_is() -> None:
    pcm = sine(440, 0.1, 22050, 0.5)

    assert fitted(pcm, 22050, 22050, 0.0) == pcm


def test_nothing_stays_nothing() -> None:
    assert fitted(b"", 16000, 22050, 3.0) == b""
