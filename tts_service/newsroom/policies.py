"""Speech policies of sites: how a site's articles are read, checked when they are entered."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy.orm import Session

from tts_service.access.audit import SERVICE, Deed, note
from tts_service.db.session import Database
from tts_service.db.tables import SiteRow
from tts_service.engines.voices.languages import same_primary_language
from tts_service.engines.voices.registry import Registry
from tts_service.errors import NotFound, PolicyRefused, VoiceNotFound
from tts_service.errors.faults import fault_text
from tts_service.newsroom.site_voices import still_kept
from tts_service.newsroom.sites import edited_site_row
from tts_service.settings import Settings
from tts_service.speakable.notice import USUAL_NOTICES
from tts_service.values import BlockKind
from tts_service.values.speech_policy import DEFAULT_POLICY, SpeechPolicy

MAX_POLICY_CHARACTERS = 20_000
_MAX_NAMED = 10
"""Faults named in one error."""
_POLICY = TypeAdapter(SpeechPolicy)
_HASHED_NOTICES = ("de", "en", "es", "fr")
"""Languages whose usual notice is part of every policy's version. Never add one: every site that has a notice would get
another version, and its clips would be spoken again."""
PolicyEdit = Callable[[dict[str, Any]], dict[str, Any] | None]
"""What is entered of a site's policy, from what was before; None: it is spoken as usual."""


def policy_for(database: Database, settings: Settings, site: str) -> SpeechPolicy:
    """How a site's articles are spoken: what was entered for it, above the settings, above the usual."""
    with database.reading() as session:
        return policy_in(session, settings, site)


def policy_in(session: Session, settings: Settings, site: str) -> SpeechPolicy:
    """The same, where a session is open."""
    row = session.get(SiteRow, site)
    return read_policy((row.policy if row else None) or {}, settings)


def policy_version(policy: SpeechPolicy) -> str:
    """Hash of everything a policy says: if it changes, the same article is spoken again."""
    usual = {language: USUAL_NOTICES[language] for language in _HASHED_NOTICES}
    return hashlib.sha256(json.dumps(_complete(policy, usual), sort_keys=True).encode()).hexdigest()


def version_of_given(given: Mapping[str, Any], settings: Settings) -> str:
    """`policy_version` of what was entered for a site: sites' policies change less often than articles arrive."""
    return _version_of(_merged(given, settings))


@lru_cache(maxsize=1024)
def _version_of(merged: str) -> str:
    return policy_version(_read(merged))


def whole(policy: SpeechPolicy) -> dict[str, Any]:
    """A policy as JSON data with nothing left to what is usual: every kind of block, every pause; `notice` only where
    one is spoken, in all languages."""
    return _complete(policy, USUAL_NOTICES)


def _complete(policy: SpeechPolicy, usual_notices: Mapping[str, str]) -> dict[str, Any]:
    blocks = {kind: policy.of(kind) for kind in BlockKind}
    notice = policy.notice and replace(policy.notice, texts={**usual_notices, **policy.notice.texts})
    data: dict[str, Any] = _POLICY.dump_python(
        SpeechPolicy(
            blocks=blocks,
            emoji=policy.emoji,
            pauses=policy.pauses,
            notice=notice,
            unspeakable=policy.unspeakable,
            voices=policy.voices,
            rules=policy.rules,
        ),
        mode="json",
    )
    if policy.unspeakable == DEFAULT_POLICY.unspeakable:  # clips of before there was a choice stay up to date
        del data["unspeakable"]
    if notice is None:
        del data["notice"]
    for name in ("voices", "rules"):
        if not getattr(policy, name):
            del data[name]
    return data


def set_policy(
    database: Database, voices: Registry, site: str, given: Mapping[str, Any], *, who: str = SERVICE
) -> SpeechPolicy:
    """Keep a site's policy, in place of the one before. `given` needs only what differs from the usual.

    Raises InputRefused (the site's name), PolicyRefused and VoiceNotFound (both name the field); then nothing is kept.
    """
    return change_policy(database, voices, site, lambda _: dict(given), who=who)


def change_policy(
    database: Database,
    voices: Registry,
    site: str,
    change: PolicyEdit,
    *,
    who: str = SERVICE,
    what: str = "site.policy",
) -> SpeechPolicy:
    """Change what is entered of a site's policy, in one transaction; `who` and `what` go into the audit log. Raises as
    `set_policy`."""

    def checked(before: dict[str, Any]) -> dict[str, Any] | None:
        given = change(before)
        _check_voices(read_policy(given or {}, voices.settings), voices)
        return given

    with database.writing() as session:
        policy = change_policy_in(database, session, voices.settings, site, checked)
        note(database, session, Deed(who=who, what=what, subject=site, site=site))
        return policy


def change_policy_in(
    database: Database, session: Session, settings: Settings, site: str, change: PolicyEdit
) -> SpeechPolicy:
    """The same, where a session is open; voices aren't checked. Policy and rules have forms of their own: one that is
    saved meanwhile waits, so that neither is lost."""
    row = edited_site_row(database, session, site)
    given = change(dict(row.policy or {}))
    policy = read_policy(given or {}, settings)
    _enter(row, given)
    return policy


def _enter(row: SiteRow, given: dict[str, Any] | None) -> None:
    row.kept_voices = still_kept(row.kept_voices, row.policy, given)
    row.policy = given


def remove_policy(database: Database, site: str, *, who: str = SERVICE) -> None:
    """The site is spoken as usual again. Raises NotFound where no policy was entered."""
    with database.writing() as session:
        row = session.get(SiteRow, site)
        if row is None or row.policy is None:
            raise NotFound(f"The site {site[:80]} has no policy of its own; it uses the default.")
        _enter(row, None)
        row.updated_ms = database.now_ms(session)
        note(database, session, Deed(who=who, what="site.policy-removed", subject=site, site=site))


def read_policy(given: Mapping[str, Any], settings: Settings) -> SpeechPolicy:
    """A policy from JSON data. Raises PolicyRefused that names each field at fault."""
    return _read(_merged(given, settings))


def _merged(given: Mapping[str, Any], settings: Settings) -> str:
    """What was entered, above the settings, as JSON."""
    pauses = given.get("pauses", {})
    usual = {"notice": asdict(settings.spoken_notice)} if settings.spoken_notice else {}
    merged = {
        **usual,
        **given,
        "pauses": {**asdict(settings.pauses), **pauses} if isinstance(pauses, Mapping) else pauses,
    }
    return json.dumps(merged)


def _read(text: str) -> SpeechPolicy:
    try:
        if len(text) > MAX_POLICY_CHARACTERS:
            raise PolicyRefused(f"A policy can have at most {MAX_POLICY_CHARACTERS} characters.")
        return _POLICY.validate_json(text, strict=True)  # as JSON, since strictly an enum is no string in Python
    except ValidationError as error:
        faults = [
            {"field": _field(fault["loc"]), "message": fault_text(fault)} for fault in error.errors()[:_MAX_NAMED]
        ]
        first = faults[0]
        raise PolicyRefused(f"{first['field']}: {first['message']}.", errors=faults) from error


def _field(place: tuple[int | str, ...]) -> str:
    """`blocks.quote.rate`; pydantic marks a wrong name of a block's kind with a `[key]` behind it."""
    return ".".join(str(part)[:80] for part in place if part != "[key]") or "policy"


def _check_voices(policy: SpeechPolicy, voices: Registry) -> None:
    for language, voice_id in policy.voices.items():
        _check_voice(voices, voice_id, language, f"voices.{language}")
    for kind, block in policy.blocks.items():
        if block.voice is None:
            continue
        _check_voice(voices, block.voice, block.language, f"blocks.{kind.value}.voice")


def _check_voice(voices: Registry, voice_id: str, language: str | None, field: str) -> None:
    """Raises VoiceNotFound, PolicyRefused (it doesn't speak this language)."""
    try:
        voice = voices.find(voice_id)
    except VoiceNotFound as error:
        raise VoiceNotFound(f"{field}: {error.message}", field=field, **error.details) from error
    if language and not same_primary_language(voice.language, language):
        message = f"{voice.id} speaks {voice.language}, but is chosen for {language}"
        raise PolicyRefused(f"{field}: {message}.", errors=[{"field": field, "message": message}])
