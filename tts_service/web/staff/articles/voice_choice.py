"""The voices that a form offers."""

from __future__ import annotations

from dataclasses import dataclass

from tts_service.engines.languages import same_primary_language
from tts_service.parts import Parts


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceOffered:
    """A voice in a form's list."""

    id: str
    language: str


def voices_offered(parts: Parts, language: str | None = None) -> list[VoiceOffered]:
    """The installed voices, by language and name; `language`: only those that speak it."""
    found = [
        VoiceOffered(id=voice.id, language=voice.language)
        for voice in parts.voices.voices()
        if language is None or same_primary_language(voice.language, language)
    ]
    return sorted(found, key=lambda voice: (voice.language.lower(), voice.id))
