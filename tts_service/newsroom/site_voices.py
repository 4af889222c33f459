"""The default voices of a site: those that it has had since before an update, until its staff choose others."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, select

from tts_service.db.session import Database
from tts_service.db.tables import ArticleRow, ClipRow, SiteRow
from tts_service.engines.voices.order import VoiceChoice
from tts_service.engines.voices.registry import Registry
from tts_service.parts import Parts
from tts_service.settings import WARM_DEFAULT
from tts_service.values.speech_policy import SpeechPolicy

log = logging.getLogger(__name__)
_ENGLISH = "en"


def voices_for(database: Database, voices: Registry, site: str) -> Registry:
    """The voices with the defaults of a site."""
    return _with_kept(database, voices, SiteRow.name == site)


def voices_for_clip(database: Database, voices: Registry, clip_id: str) -> Registry:
    """The same, for a clip's site."""
    site = select(ArticleRow.site).join(ClipRow, ClipRow.article_id == ArticleRow.id).where(ClipRow.id == clip_id)
    return _with_kept(database, voices, SiteRow.name == site.scalar_subquery())


def still_kept(
    kept: Mapping[str, str] | None, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> dict[str, str]:
    """The default voices that a site keeps when its policy (JSON) changes: those of languages for which its staff
    chose nothing new."""
    old, new = own_voices(before), own_voices(after)
    return {tag: voice for tag, voice in (kept or {}).items() if old.voice_for(tag) == new.voice_for(tag)}


def warm_voices(parts: Parts) -> list[str]:
    """Ids of the voices that a worker loads at start; the log names those that aren't installed. Raises
    LanguageNotSpoken, DatabaseUnavailable."""
    if parts.settings.warm_voices != WARM_DEFAULT:
        return [name.strip() for name in parts.settings.warm_voices.split(",") if name.strip()]
    with parts.database.reading() as session:
        rows = session.scalars(select(SiteRow.kept_voices))
        kept = {json.dumps(one, sort_keys=True): one for one in rows if one}
    views = [parts.voices.keeping(one) for one in kept.values()] or [parts.voices]
    choices = [view.choice(_ENGLISH) for view in views]
    for choice in choices:
        if choice.missing:
            log.warning("%s speaks English; not installed: %s", choice.voice.id, ", ".join(choice.missing))
    return list(dict.fromkeys(choice.voice.id for choice in choices))


def english_of_sites(database: Database, voices: Registry) -> dict[str, VoiceChoice]:
    """Who speaks English, by site, for those that have something settled. Raises LanguageNotSpoken,
    DatabaseUnavailable."""
    with database.reading() as session:
        rows = session.execute(select(SiteRow.name, SiteRow.policy, SiteRow.kept_voices)).all()
    return {
        name: voices.keeping(kept or {}).choice(_ENGLISH, own_voices(policy).voice_for(_ENGLISH))
        for name, policy, kept in rows
    }


def own_voices(policy: Mapping[str, Any] | None) -> SpeechPolicy:
    """A site's policy (JSON) as far as it names voices."""
    return SpeechPolicy(voices=(policy or {}).get("voices", {}))


def _with_kept(database: Database, voices: Registry, wanted: ColumnElement[bool]) -> Registry:
    with database.reading() as session:
        kept = session.scalar(select(SiteRow.kept_voices).where(wanted))
    return voices.keeping(kept) if kept else voices
