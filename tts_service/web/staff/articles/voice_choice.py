"""The voices that a form offers, and those that speak where nothing is chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, select

from tts_service.db.tables import ClipRevisionRow, JobRow
from tts_service.engines.voices.languages import same_primary_language
from tts_service.engines.voices.order import VoiceChoice, VoiceReason, is_costly, is_trained
from tts_service.newsroom.policies import policy_for
from tts_service.newsroom.site_voices import voices_for
from tts_service.parts import Parts
from tts_service.speakable.language import codes
from tts_service.values import Voice
from tts_service.values.speech_policy import SpeechPolicy
from tts_service.web.languages import gettext_noop


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceOffered:
    """A voice in a form's list."""

    id: str
    language: str
    cost: VoiceCost | None = None
    """Of a voice that costs far more than others."""
    group: str = ""
    """The language that articles are read in for which it stands first; empty: it stands behind all of those."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceCost:
    """What a costly voice costs, beside the one that speaks its language now."""

    cpu_s_per_minute: float
    present: str | None
    """Id of the present voice; None: there is none, or its cost isn't known."""
    times: int | None
    """How many times as much as that one."""


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


def voices_offered(
    parts: Parts, language: str | None = None, *, first: str | None = None, site: str | None = None
) -> list[VoiceOffered]:
    """The installed voices, by language and name, trained ones first; languages that articles are read in stand before
    all others. `language`: only voices that speak it, `first`: those before others, `site`: with whose present voices
    the cost of others is compared.

    Test tones are left out unless test voices are on."""
    listed = [
        voice
        for voice in parts.voices.voices()
        if (voice.engine != "tone" or parts.settings.test_voices)
        and (language is None or same_primary_language(voice.language, language))
    ]
    costs = _costs(parts, [voice for voice in listed if is_costly(voice)], site)

    def place(voice: Voice) -> tuple[bool, bool, str, bool, str, str]:
        group, tag = _group(voice), voice.language.lower()
        return not _speaks(voice, first), not group, group, not is_trained(voice), tag, voice.id

    return [
        VoiceOffered(id=voice.id, language=voice.language, cost=costs.get(voice.id), group=_group(voice))
        for voice in sorted(listed, key=place)
    ]


def _costs(parts: Parts, costly: Sequence[Voice], site: str | None) -> dict[str, VoiceCost]:
    """By voice id."""
    if not costly:
        return {}
    policy = policy_for(parts.database, parts.settings, site) if site else SpeechPolicy()
    voices = voices_for(parts.database, parts.voices, site) if site else parts.voices
    found = {}
    for voice in costly:
        present = voices.choice(voice.language, policy.voice_for(voice.language)).voice
        cost, known = voice.cpu_s_per_minute or 0.0, present.cpu_s_per_minute
        compared = known is not None and present.id != voice.id
        found[voice.id] = VoiceCost(
            cpu_s_per_minute=cost,
            present=present.id if compared else None,
            times=round(cost / known) if compared and known else None,
        )
    return found


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


def _group(voice: Voice) -> str:
    code = voice.language.partition("-")[0].lower()
    return code if code in codes() else ""


def _speaks(voice: Voice, language: str | None) -> bool:
    return language is not None and same_primary_language(voice.language, language)
