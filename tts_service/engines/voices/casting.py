"""Assigns voices: the main voice, and others where the site asks for a second voice or the language changes."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from tts_service.engines.voices.languages import same_primary_language
from tts_service.engines.voices.registry import Registry
from tts_service.errors import LanguageNotSpoken, VoiceNotFound
from tts_service.values import Utterance, Voice
from tts_service.values.speech_policy import MAX_RATE, MIN_RATE

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """The voices of one clip."""

    main: Voice
    """Speaks everything not assigned to another voice; sets the clip's sample rate and gain."""
    others: tuple[Voice, ...] = ()
    """In order of first appearance."""

    @property
    def voices(self) -> tuple[Voice, ...]:
        """All voices, the main voice first."""
        return (self.main, *self.others)

    def other(self, utterance: Utterance) -> Voice | None:
        """The voice that replaces the main voice for an utterance; None: the main voice speaks it."""
        return next((voice for voice in self.others if voice.id == utterance.voice), None)


def cast_for(
    utterances: Iterable[Utterance], voices: Registry, main: Voice, language: str
) -> tuple[Cast, tuple[Utterance, ...]]:
    """Assigns a voice to each utterance of an article in this language (BCP 47).

    An utterance gets its block's voice if that voice speaks its language. The main voice speaks its own language and
    the article's; other languages get a voice of their own, if one exists.

    Returns the cast, and the utterances with `voice` set to the assigned voice (None: the main voice) and the rate
    limited to what stays intelligible. A voice that no longer exists is logged and replaced by the main voice.
    """

    @cache
    def asked(voice_id: str) -> Voice | None:
        try:
            return voices.find(voice_id)
        except VoiceNotFound as error:
            log.warning("%s speaks instead: %s", main.id, error.message)
            return None

    @cache
    def speaker(voice_id: str | None, spoken: str) -> Voice:
        requested = asked(voice_id) if voice_id else None
        if requested and same_primary_language(requested.language, spoken):
            return requested
        if same_primary_language(spoken, language) or same_primary_language(spoken, main.language):
            return main
        try:
            return voices.default_voice(spoken)
        except LanguageNotSpoken:
            return main

    others: dict[str, Voice] = {}
    out = []
    for utterance in utterances:
        voice = speaker(utterance.voice, utterance.language)
        if voice.id != main.id:
            others.setdefault(voice.id, voice)
        rate = round(min(max(utterance.rate, MIN_RATE), MAX_RATE), 3)
        out.append(replace(utterance, voice=voice.id if voice.id != main.id else None, rate=rate))
    return Cast(main=main, others=tuple(others.values())), tuple(out)
