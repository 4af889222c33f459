"""ToneEngine: one beep per word: deterministic, no dependencies, for tests and demos."""

from __future__ import annotations

import hashlib
import os
import signal
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tts_service.engines.base import Sound
from tts_service.errors import VoiceNotFound
from tts_service.values import DigitalSourceType, SpokenWord, Voice, WordTime

RATE_HZ = 22050
BASE_MS = 40
PER_CHARACTER_MS = 12
GAP_MS = 20
AMPLITUDE = 0.35
GAIN_DB = -2.2
"""Gain towards -16 LUFS, measured by `calibration.calibrate`."""


def tone_voice(name: str, sample_rate_hz: int = RATE_HZ, quieter_db: float = 0.0) -> Voice:
    return Voice(
        engine="tone",
        name=name,
        language="en",
        sample_rate_hz=sample_rate_hz,
        licence="Apache-2.0",
        digital_source_type=DigitalSourceType.RULES,
        gain_db=GAIN_DB + quieter_db,
        fingerprint="tone-1",
    )


BEEP = tone_voice("beep")
FAULTY = tone_voice("faulty")
"""Beeps too, but obeys three words, to test failing engines: CRASH (dies of SIGSEGV), HANG (never answers) and SWELL
(allocates memory until stopped)."""
LOW = tone_voice("low", 16_000, 12.0)
"""12 dB quieter and at another sample rate, to test clips with several voices."""
VOICES = {voice.name: voice for voice in (BEEP, FAULTY, LOW)}


class ToneEngine:
    """Beeps: pitch identifies the word, duration follows its number of characters, word times are exact."""

    name = "tone"

    def __init__(self, _voices_folder: Path) -> None:
        pass

    def voices(self) -> Sequence[Voice]:
        """The beep, and the test voices (which the registry never lists)."""
        return tuple(VOICES.values())

    def speak(self, words: Sequence[SpokenWord], voice: Voice, rate: float = 1.0) -> Sound:
        """One beep per word, 20 ms of silence in between, all scaled by the rate. Raises VoiceNotFound."""
        known = VOICES.get(voice.name)
        if known is None:
            raise VoiceNotFound(f"The tone engine has no voice {voice.name!r}; it has beep.")
        rate_hz = known.sample_rate_hz
        gap = np.zeros(int(rate_hz * GAP_MS / rate / 1000))
        parts: list[NDArray[np.float64]] = []
        times: list[WordTime] = []
        position = 0
        for word in words:
            if voice.name == FAULTY.name:
                misbehave(word.text)
            if parts:
                parts.append(gap)
                position += len(gap)
            parts.append(beep(word.ipa or word.text, known, rate))
            end = position + len(parts[-1])
            times.append(WordTime(start_ms=position * 1000 / rate_hz, end_ms=end * 1000 / rate_hz))
            position = end
        wave = np.concatenate(parts) if parts else gap
        pcm = np.round(wave * 32767).astype(np.int16).tobytes()
        return Sound(pcm=pcm, sample_rate_hz=rate_hz, words=tuple(times))

    def close(self) -> None:
        """Does nothing."""


def beep(text: str, voice: Voice, rate: float) -> NDArray[np.float64]:
    """One word's sound in [-1, 1]: 300 to 1500 Hz by a hash of the word, with 5 ms fades against clicks."""
    pitch_hz = 300 + int.from_bytes(hashlib.sha256(text.encode("utf-8", "replace")).digest()[:2], "big") % 1200
    rate_hz = voice.sample_rate_hz
    samples = int(rate_hz * (BASE_MS + PER_CHARACTER_MS * len(text)) / rate / 1000)
    amplitude = AMPLITUDE * 10 ** ((GAIN_DB - voice.gain_db) / 20)
    wave: NDArray[np.float64] = amplitude * np.sin(2 * np.pi * pitch_hz / rate_hz * np.arange(samples))
    fade = np.linspace(0.0, 1.0, rate_hz * 5 // 1000)
    wave[: len(fade)] *= fade
    wave[-len(fade) :] *= fade[::-1]
    return wave


def misbehave(word: str) -> None:
    """Performs the failure that the word names, if any."""
    if word == "CRASH":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif word == "HANG":
        threading.Event().wait()
    elif word == "SWELL":
        taken = []
        while True:
            taken.append(bytearray(b"\x01") * (8 << 20))
