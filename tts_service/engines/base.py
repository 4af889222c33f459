"""The interface of speech engines. To add one: a file here, an entry point, the contract tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from tts_service.values import SpokenWord, Voice, WordTime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """Result of speaking one utterance."""

    pcm: bytes = field(repr=False)
    """s16 mono, not normalised, without planned pauses."""
    sample_rate_hz: int
    words: tuple[WordTime, ...]
    """One per requested word, in order, within the sound; starts never decrease."""
    cpu_s: float | None = None
    """CPU time that speaking it took. The engine child measures it; an engine leaves it out."""


class Engine(Protocol):
    """Turns the words of one utterance into sound. Runs in the engine child, never in an API or worker process."""

    name: str

    def voices(self) -> Sequence[Voice]:
        """All voices of this engine. Cheap: loads no model."""

    def speak(self, words: Sequence[SpokenWord], voice: Voice, rate: float = 1.0) -> Sound:
        """Speaks the words as one utterance at `rate` times normal speed (values.speech_policy.MIN_RATE to MAX_RATE).

        Raises VoiceNotFound (permanent) or EngineUnavailable.
        """

    def close(self) -> None:
        """Releases models and memory."""


class VoiceFilesMissing(ImportError):
    """An engine whose packages are installed, but none of whose voices has its files in the voices folder."""


@runtime_checkable
class Pronounces(Protocol):
    """Optional method of engines that can show how they pronounce a text."""

    def pronounce(self, text: str, voice: Voice) -> str:
        """How one of its voices pronounces a text, in IPA. Raises VoiceNotFound or EngineUnavailable."""


class Speaks(Protocol):
    """The rest of the service speaks through this: an engine child."""

    def speak(self, words: Sequence[SpokenWord], voice: Voice, rate: float = 1.0) -> Sound:
        """As `Engine.speak`."""


@runtime_checkable
class SpeaksAhead(Protocol):
    """Optional method of speakers that run in a separate process."""

    def begin(self, words: Sequence[SpokenWord], voice: Voice, rate: float = 1.0) -> None:
        """Starts what `speak` will be asked for next, without waiting. Never raises: `speak` reports failures."""
