"""Assigns voices: a main voice, others where a site wants a second one or the language changes."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from tts_service.engines.languages import same_language
from tts_service.engines.registry import Registry
from tts_service.errors import LanguageNotSpoken, VoiceNotFound
from tts_service.policy import MAX_RATE, MIN_RATE
from tts_service.values import Utterance, Voice

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """The voices of one clip."""

    main: Voice
    """Speaks whatever no other does; the clip has its sample rate and its gain."""
    others: tuple[Voice, ...] = ()
    """In the order in which they are first heard."""

    @property
    def voices(self) -> tuple[Voice, ...]:
        """All of them, the main voice first."""
        return (self.main, *self.others)

    def other(self, utterance: Utterance) -> Voice | None:
        """Who speaks it in the main voice's place; None: the main voice does."""
        return next((voice for voice in self.others if voice.id == utterance.voice), None)


def cast_for(
    utterances: Iterable[Utterance], voices: Registry, main: Voice, language: str
) -> tuple[Cast, tuple[Utterance, ...]]:
    """Decide who speaks what in an article of this language (BCP 47).

    An utterance is spoken by the voice its block asks for, if that one speaks its language. The main voice speaks the
    article's language and its own; any other language gets a voice of its own, if there is one.

    Returns the cast, and the utterances with `voice` set to who really speaks (None: the main voice) and a rate that
    voices stay understandable at. A voice that isn't there any more is logged, and left to the main voice.
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
        wanted = asked(voice_id) if voice_id else None
        if wanted and same_language(wanted.language, spoken):
            return wanted
        if same_language(spoken, language) or same_language(spoken, main.language):
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
