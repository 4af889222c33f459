"""An audition's figures for one voice, measured while it speaks a text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tts_service.audio.loudness import Meter
from tts_service.engines.base import Sound, Speaks
from tts_service.engines.voices.languages import same_primary_language
from tts_service.engines.voices.order import is_trained
from tts_service.engines.voices.registry import Registry
from tts_service.values import SAMPLE_WIDTH, SpokenWord, Voice

_NO_DIALECT = re.compile(r"[a-z]{2,3}(-([a-z]{2}|\d{3}))?", re.IGNORECASE)
"""Tags of a language, or of a language in a country or region."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceFigures:
    """What a voice cost and how loud it was, as its engine made the sound."""

    seconds: float
    """Of its speech, without planned pauses."""
    cpu_s_per_minute: float | None
    """CPU seconds for a minute of speech; None: the engine's process didn't measure it."""
    lufs: float
    """Integrated loudness before levelling."""
    dbtp: float
    """True peak before levelling."""


class VoiceMeter:
    """`Speaks` through an engine, and measures what one voice says; other voices' sentences don't count."""

    def __init__(self, engine: Speaks, voice: Voice) -> None:
        self._engine, self._voice = engine, voice
        self._loudness = Meter(voice.sample_rate_hz, true_peak=True)
        self._samples = 0
        self._cpu_s: float | None = 0.0

    def speak(self, words: Sequence[SpokenWord], voice: Voice, rate: float = 1.0) -> Sound:
        """As `Engine.speak`."""
        sound = self._engine.speak(words, voice, rate)
        if voice.id == self._voice.id:
            self._loudness.push(sound.pcm)
            self._samples += len(sound.pcm) // SAMPLE_WIDTH
            unknown = self._cpu_s is None or sound.cpu_s is None
            self._cpu_s = None if unknown else self._cpu_s + sound.cpu_s  # type: ignore[operator]
        return sound

    def read(self) -> VoiceFigures:
        """The figures for everything that was spoken; ends the meter."""
        seconds = self._samples / self._voice.sample_rate_hz
        lufs, dbtp = self._loudness.read()
        cost = self._cpu_s / seconds * 60 if self._cpu_s is not None and seconds else None
        return VoiceFigures(seconds=seconds, cpu_s_per_minute=cost, lufs=lufs, dbtp=dbtp)


def voices_to_audition(voices: Registry, language: str) -> tuple[Voice, ...]:
    """The installed voices of a language (BCP 47), trained ones first; test tones only if test voices are on.

    Rule-based voices of a dialect ("en-gb-x-rp") aren't among them: they differ little and make the list long.

    Raises LanguageNotSpoken.
    """
    found = tuple(
        voice
        for voice in voices.voices()
        if same_primary_language(voice.language, language)
        and (voice.engine != "tone" or voices.settings.test_voices)
        and (is_trained(voice) or _NO_DIALECT.fullmatch(voice.language))
    )
    return found or (voices.default_voice(language),)
