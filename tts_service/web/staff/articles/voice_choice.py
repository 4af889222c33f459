"""The voices that a form offers, and those that speak where nothing is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import and_, select

from tts_service.db.tables import ClipRevisionRow, JobRow
from tts_service.engines.languages import same_primary_language
from tts_service.engines.order import VoiceChoice, VoiceReason
from tts_service.newsroom.site_voices import voices_for
from tts_service.parts import Parts
from tts_service.speakable.language import codes
from tts_service.values.speech_policy import SpeechPolicy
from tts_service.web.languages import gettext_noop


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceOffered:
    """A voice in a form's list."""

    id: str
    language: str


REASONS: Mapping[VoiceReason, str] = {
    VoiceReason.CHOSEN: gettext_noop("chosen here"),
    VoiceReason.SETTING: gettext_noop("set for the whole service by its operator"),
    VoiceReason.KEPT: gettext_noop("kept from before an update, until a voice is chosen here"),
    VoiceReason.TRAINED: gettext_noop("a trained voice of the language is installed"),
    VoiceReason.COSTLY: gettext_noop("the only trained voice of the language that is installed; it costs far more"),
    VoiceReason.PICO: gettext_noop("no trained voice of the language is installed that suits this machine"),
    VoiceReason.RULES: gettext_noop("no trained voice of the language is installed that suits this machine"),
}
"""Why a voice speaks a language."""


def speaking_voices(parts: Parts, site: str, policy: SpeechPolicy) -> dict[str, VoiceChoice]:
    """Who speaks a site's articles, by language, for each that has a voice."""
    voices = voices_for(parts.database, parts.voices, site)
    return {code: voices.choice(code, policy.voice_for(code)) for code in codes() if voices.speaks(code)}


def voices_offered(parts: Parts, language: str | None = None, *, first: str | None = None) -> list[VoiceOffered]:
    """The installed voices, by language and name; `language`: only those that speak it, `first`: those before others.

    Test tones are left out unless test voices are on."""
    found = [
        VoiceOffered(id=voice.id, language=voice.language)
        for voice in parts.voices.voices()
        if (voice.engine != "tone" or parts.settings.test_voices)
        and (language is None or same_primary_language(voice.language, language))
    ]
    return sorted(found, key=lambda voice: (not _speaks(voice, first), voice.language.lower(), voice.id))


def site_language(parts: Parts, site: str) -> str | None:
    """The language of a site's newest prepared article; None: it has none."""
    query = (
        select(ClipRevisionRow.language)
        .join(JobRow, and_(JobRow.clip_id == ClipRevisionRow.clip_id, JobRow.revision == ClipRevisionRow.revision))
        .where(JobRow.site == site)
        .order_by(JobRow.id.desc())
        .limit(1)
    )
    with parts.database.reading() as session:
        return session.scalar(query)


def _speaks(voice: VoiceOffered, language: str | None) -> bool:
    return language is not None and same_primary_language(voice.language, language)
