"""What the parts of `make voices` share: voices that speak, and the recogniser that hears them."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from tests.measure.voices.sentences import NewsSentence, news_sentences
from tests.parts.kokoro_styles import FETCHED
from tts_service.ears.model_files import missing
from tts_service.engines.base import Sound
from tts_service.engines.child.speak import EngineChild
from tts_service.engines.voices.registry import Registry
from tts_service.errors import EarsUnavailable
from tts_service.settings import Settings
from tts_service.values import SpokenWord, Voice

if TYPE_CHECKING:
    from tts_service.ears.recogniser import Recogniser

ENGLISH, JOE = "hibari:heart", "piper:en_US-joe-medium"
GERMAN, GERMAN_FLOOR = "kokoro:df_sara_siwis", "pyttsx3:de"
_QUICK = 24


class Studio:
    """One run of the command. Each sentence is spoken once by a voice."""

    def __init__(self, *, quick: bool) -> None:
        self.quick = quick
        self.missed: list[str] = []
        """Sentences that were judged wrongly."""
        self._folder = tempfile.TemporaryDirectory(prefix="tts-voices-")
        voices = {"voices_dir": FETCHED} if FETCHED.is_dir() else {}
        self.settings = Settings(_env_file=None, data_dir=Path(self._folder.name), **voices)  # type: ignore[call-arg]
        self.engine = EngineChild(self.settings)
        self._spoken: dict[tuple[str, str], Sound] = {}

    def __enter__(self) -> Studio:
        return self

    def __exit__(self, *error: object) -> None:
        self.engine.close()
        self._folder.cleanup()

    @cached_property
    def recogniser(self) -> Recogniser:
        """Raises EarsUnavailable."""
        if reason := missing():
            raise EarsUnavailable(reason)
        from tts_service.ears.recogniser import Recogniser  # loads its runtime

        return Recogniser()

    @property
    def voices(self) -> tuple[Voice, ...]:
        return Registry(self.settings).voices()

    def voice(self, voice_id: str) -> Voice:
        """Raises VoiceNotFound."""
        return Registry(self.settings).find(voice_id)

    def sentences(self, language: str) -> tuple[NewsSentence, ...]:
        found = news_sentences(language)
        return found[:_QUICK] if self.quick else found

    def speak(self, words: Sequence[SpokenWord], voice: Voice) -> Sound:
        """As EngineChild.speak."""
        key = (voice.id, " ".join(word.text for word in words))
        if key not in self._spoken:
            self._spoken[key] = self.engine.speak(words, voice)
        return self._spoken[key]
