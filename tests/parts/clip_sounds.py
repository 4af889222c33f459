"""Real speech for the sweep over the formats: what every engine makes of invented sentences, and clips of it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from tests.parts.clip_texts import sentences
from tts_service.audio.assemble import plan
from tts_service.audio.fit import resampled
from tts_service.engines.child.speak import EngineChild
from tts_service.engines.voices.registry import Registry
from tts_service.errors import ServiceError
from tts_service.settings import Settings
from tts_service.values import SAMPLE_WIDTH, PlannedUtterance, SpokenWord, Voice

VOICES = (
    "pyttsx3:de",
    "pyttsx3:en-us",
    "piper:en_US-joe-medium",
    "pyttsx3:fr",
    "tone:beep",
    "pyttsx3:es",
    "tone:low",
    "pyttsx3:it",
)
"""Those that are installed take part."""
RATES_HZ = (None, None, None, 16_000, 24_000, 44_100, 48_000)
"""Other models speak at other rates; None: the voice's own."""
PAUSES_MS = (0, 180, 320, 320, 320, 400, 550, 550, 700, 900)
LENGTHS = (1, 1, 1, 1, 2, 2, 3, 5, 9, 16)
"""Utterances of the clips, in turn: most are short, where there is least to measure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """What one voice said."""

    voice: Voice
    rate_hz: int
    pcms: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A clip to be finished."""

    name: str
    rate_hz: int
    gain_db: float
    pcms: tuple[bytes, ...]
    planned: tuple[PlannedUtterance, ...]

    @property
    def seconds(self) -> float:
        last = self.planned[-1]
        return (last.start + last.samples + last.pause) / self.rate_hz


def speeches(settings: Settings, count: int = 40, seed: int = 1) -> list[Speech]:
    """`count` sentences by each installed voice."""
    registry = Registry(settings)
    found = []
    with EngineChild(settings) as engine:
        for name in VOICES:
            try:
                voice = registry.find(name)
            except ServiceError:
                continue
            texts = sentences(voice.language.split("-")[0], count, seed)
            sounds = [engine.speak([SpokenWord(text=word) for word in text.split()], voice) for text in texts]
            pcms = tuple(sound.pcm for sound in sounds)
            found.append(Speech(voice=voice, rate_hz=sounds[0].sample_rate_hz, pcms=pcms))
    return found


def clips(spoken: list[Speech], count: int, seed: int = 1) -> Iterator[Sample]:
    """`count` clips of a few sentences, of every voice in turn."""
    chance = random.Random(seed)
    for number in range(count):
        speech = spoken[number % len(spoken)]
        size = LENGTHS[number // len(spoken) % len(LENGTHS)]
        rate_hz = chance.choice(RATES_HZ) or speech.rate_hz
        first = chance.randrange(len(speech.pcms))
        chosen = [speech.pcms[(first + step * 7) % len(speech.pcms)] for step in range(size)]
        yield sample(f"{speech.voice.id} {number}", speech, chosen, rate_hz, chance)


def long_clip(speech: Speech, minutes: float, seed: int = 1) -> Sample:
    """A clip of about this length, of the voice's sentences in a random order."""
    chance = random.Random(seed)
    chosen, seconds = [], 0.0
    while seconds < minutes * 60:
        chosen.append(chance.choice(speech.pcms))
        seconds += len(chosen[-1]) / SAMPLE_WIDTH / speech.rate_hz + 0.4
    return sample(f"{speech.voice.id} {minutes:.0f} min", speech, chosen, speech.rate_hz, chance)


def sample(name: str, speech: Speech, chosen: list[bytes], rate_hz: int, chance: random.Random) -> Sample:
    pcms = tuple(resampled(pcm, speech.rate_hz, rate_hz) for pcm in chosen)
    lengths = [
        (str(n), len(pcm) // SAMPLE_WIDTH, chance.choice(PAUSES_MS) * rate_hz // 1000) for n, pcm in enumerate(pcms)
    ]
    return Sample(name=name, rate_hz=rate_hz, gain_db=speech.voice.gain_db, pcms=pcms, planned=plan(lengths, rate_hz))
