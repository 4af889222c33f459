"""The voices that a form offers."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, select

from tts_service.db.tables import ClipRevisionRow, JobRow
from tts_service.engines.languages import same_primary_language
from tts_service.parts import Parts


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceOffered:
    """A voice in a form's list."""

    id: str
    language: str


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
