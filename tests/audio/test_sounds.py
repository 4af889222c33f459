"""Sound for the audio tests: like speech in level, pitch and rhythm, no two seeds alike, the same each time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tts_service.audio.assemble import plan
from tts_service.values import Chapter, ClipTags, DigitalSourceType, PlannedUtterance

RATE = 22050
PAUSE = RATE * 35 // 100
TAGS = ClipTags(
    title="Brücke & Fähre",
    author="A. Writer",
    date="2026-11-23",
    url="https://gazette.example/bridge",
    language="en",
    notice="This audio version is artificially generated.",
    digital_source_type=DigitalSourceType.TRAINED,
    encoder="tts-service 0.1.0, tone:beep",
    credit="Trained with Möwe, CC BY 4.0",
)
CHAPTERS = (
    Chapter(title="Opening", start_ms=0, end_ms=1000),
    Chapter(title="Überblick", start_ms=1000, end_ms=2000),
    Chapter(title="What comes next", start_ms=2000, end_ms=3000),
)


def sentence(seed: int, seconds: float = 1.2, rate: int = RATE, peak: float = 0.25) -> bytes:
    """s16 mono PCM: harmonics of a wandering pitch, three syllables a second, a little breath."""
    rng = np.random.default_rng(seed)
    count = int(seconds * rate)
    time = np.arange(count) / rate
    pitch = 110 + 60 * rng.random() + 25 * np.sin(2 * np.pi * (0.4 + rng.random()) * time + 6 * rng.random())
    phase = 2 * np.pi * np.cumsum(pitch) / rate + 6 * rng.random()
    wave = sum(rng.random() / k * np.sin(k * phase + 6 * rng.random()) for k in range(1, 16))
    wave = wave * (0.15 + np.sin(np.pi * (3 + rng.random()) * time + 3 * rng.random()) ** 2)
    wave = wave + 0.01 * rng.standard_normal(count)
    return (wave * (peak * 32767 / np.abs(wave).max())).astype(np.int16).tobytes()


def sentences(count: int, seconds: float = 1.2, rate: int = RATE, peak: float = 0.25) -> list[bytes]:
    return [sentence(seed, seconds, rate, peak) for seed in range(count)]


def placed(pcms: list[bytes], pause: int = PAUSE, rate: int = RATE) -> tuple[PlannedUtterance, ...]:
    return plan([(str(number), len(pcm) // 2, pause) for number, pcm in enumerate(pcms)], rate)


def wave_of(pcm: bytes) -> NDArray[np.float64]:
    return np.frombuffer(pcm, np.int16) / 32768


def alike(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Correlation at the same place."""
    size = float(np.dot(one, one) * np.dot(other, other)) ** 0.5
    return float(np.dot(one, other)) / size


def test_no_two_sentences_are_alike() -> None:
    waves = [wave_of(pcm) for pcm in sentences(4)]

    assert max(abs(alike(a, b)) for i, a in enumerate(waves) for b in waves[:i]) < 0.3
