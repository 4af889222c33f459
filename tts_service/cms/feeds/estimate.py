"""Estimates what speaking an archive takes, from a sample of articles and measured speeds."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from tts_service.article.blocks import read_blocks
from tts_service.engines.voices.registry import Registry
from tts_service.narration.prepared import site_voice
from tts_service.values import Article, Block
from tts_service.values.speech_policy import SpeechPolicy

SAMPLE = 5
"""Number of articles in the sample."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """What an engine's voices take (docs/measurements.md)."""

    characters_per_minute: float
    """Written characters in a minute of audio, pauses included."""
    cpu_s_per_minute: float
    """CPU seconds of all processes for a minute of audio."""


RATES = {
    "hibari": Rate(characters_per_minute=830, cpu_s_per_minute=2.7),
    "piper": Rate(characters_per_minute=850, cpu_s_per_minute=4.49),
    "pyttsx3": Rate(characters_per_minute=800, cpu_s_per_minute=0.59),
}
"""By engine. Others count as Piper, the slower one, unless their voice's own cost is known."""
OWN_CPU_S = 0.5
"""CPU seconds that the service takes for a minute of audio beside its engine: pyttsx3's rate less espeak-ng's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """One article of the sample."""

    characters: int
    """Of the blocks that are spoken."""
    engine: str
    """Of its main voice."""
    voice_cpu_s_per_minute: float | None = None
    """What that voice costs; None: not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What an archive takes."""

    articles: int
    sampled: int
    characters: int
    lowest: int
    """If every article were as short as the shortest of the sample."""
    highest: int
    audio_min: float
    cpu_s: float
    fetch_s: float
    """Until the last page is fetched, one after the other."""

    def render_s(self, slots: int) -> float:
        """Seconds until all is spoken by so many slots that do nothing else."""
        return self.cpu_s / slots


def sampled(article: Article, voices: Registry, policy: SpeechPolicy, voice: str | None) -> Sampled:
    """Look at an article. Raises what reading it raises, LanguageNotSpoken and VoiceNotFound."""
    read = read_blocks(article, policy)
    main = voices.find(voice) if voice else site_voice(policy, voices, read.language)
    return Sampled(
        characters=characters_of(read.blocks), engine=main.engine, voice_cpu_s_per_minute=main.cpu_s_per_minute
    )


def characters_of(blocks: Sequence[Block]) -> int:
    """Written characters of the blocks that are spoken."""
    return sum(len(block.text) for block in blocks if block.spoken)


def estimate(sample: Sequence[Sampled], articles: int, fetch_s: float) -> Estimate:
    """What `articles` like those of the sample take, `fetch_s` of it for their pages. The sample isn't empty."""
    counts = [one.characters for one in sample]
    minutes = [one.characters / _rate(one).characters_per_minute for one in sample]
    cpu = [length * _cpu_s_per_minute(one) for one, length in zip(sample, minutes, strict=True)]
    return Estimate(
        articles=articles,
        sampled=len(sample),
        characters=round(statistics.mean(counts) * articles),
        lowest=min(counts) * articles,
        highest=max(counts) * articles,
        audio_min=statistics.mean(minutes) * articles,
        cpu_s=statistics.mean(cpu) * articles,
        fetch_s=fetch_s,
    )


def _cpu_s_per_minute(one: Sampled) -> float:
    known = one.voice_cpu_s_per_minute
    return _rate(one).cpu_s_per_minute if known is None else known + OWN_CPU_S


def _rate(one: Sampled) -> Rate:
    return RATES.get(one.engine, RATES["piper"])
