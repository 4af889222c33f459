"""The seam to speech engines: one verb and close. To add one: a file here, an entry point, the contract tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from tts_service.values import SpokenWord, Voice, WordTime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """What an engine made of one utterance."""

    pcm: bytes = field(repr=False)
    """s16 mono, no normalisation, no leading or trailing planned pause."""
    sample_rate_hz: int
    words: tuple[WordTime, ...]
    """One per word asked for, in order, within the sound, starts never decreasing."""


class Engine(Protocol):
    """Turns the words of one utterance into sound. Lives in the engine child, never in API or worker process."""

    name: str

    def voices(self) -> Sequence[Voice]:
        """Every voice it can speak with. Cheap: no model is loaded."""

    def speak(self, words: Sequence[SpokenWord], voice: Voice, rate: float = 1.0) -> Sound:
        """Speak the words as one utterance, `rate` times (policy.MIN_RATE to MAX_RATE) as fast as usual.

        Raises VoiceNotFound (permanent) or EngineUnavailable.
        """

    def close(self) -> None:
        """Give back models and memory."""


class Speaks(Protocol):
    """What speaks for the rest of the service: an engine child."""

    def speak(self, words: Sequence[SpokenWord], voice: Voice, rate: float = 1.0) -> Sound:
        """As `Engine.speak`."""
