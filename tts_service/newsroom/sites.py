"""A site's settings: how its articles are spoken, and which pages are its own.

Checked when it is entered, kept in the database.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tts_service.access.audit import SERVICE, Deed, note
from tts_service.db.closed_sites import refuse_if_closed
from tts_service.db.pages import page_keys_again
from tts_service.db.session import Database
from tts_service.db.tables import ArticleRow, SiteRow
from tts_service.engines.voices.languages import same_primary_language
from tts_service.engines.voices.registry import Registry
from tts_service.errors import InputRefused, NotFound, PolicyRefused, VoiceNotFound
from tts_service.errors.faults import expected, fault_text
from tts_service.newsroom.site_voices import still_kept
from tts_service.settings import Settings
from tts_service.speakable.notice import USUAL_NOTICES
from tts_service.values import BlockKind, WebAddress
from tts_service.values.site_options import SiteOptions, kept_options, read_options
from tts_service.values.speech_policy import DEFAULT_POLICY, SpeechPolicy
from tts_service.values.web_address import has_credentials

SITE_NAME = expected(
    r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$",
    "must be a site's short name: at most 64 letters, digits, '.', '-' and '_', starting with a letter or digit",
)
MAX_POLICY_CHARACTERS = 20_000
_POLICY = TypeAdapter(SpeechPolicy)
_USUAL_PORTS = {"https": 443, "http": 80}
_HOST = re.compile(r"[0-9a-z.:_-]{1,253}")
"""A host as browsers write it: names beyond ASCII as xn--…"""
_MAX_NAMED = 10
"""Faults named in one error."""
_MAX_ORIGINS = 50
_HASHED_NOTICES = ("de", "en", "es", "fr")
"""Languages whose usual notice is part of every policy's version. Never add one: every site that has a notice would get
another version, and its clips would be spoken again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A site that has sent articles, or for which something is settled."""

    name: str
    policy: dict[str, Any] | None = None
    """What was entered; None: spoken as usual."""
    origins: tuple[str, ...] = ()
    """Origins of its pages: their scripts may read clips and send feedback."""
    options: dict[str, Any] | None = None
    """What was entered; None: as usual."""
    updated_ms: int | None = None
    """When something was last settled."""
    closed_ms: int | None = None
    """When its erasure began; None: it is open."""


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


PolicyEdit = Callable[[dict[str, Any]], dict[str, Any] | None]
"""What is entered of a site's policy, from what was before; None: it is spoken as usual."""


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
    row = _row_of(database, session, site)
    given = change(dict(row.policy or {}))
    policy = read_policy(given or {}, settings)
    _enter(row, given)
    return policy


def _enter(row: SiteRow, given: dict[str, Any] | None) -> None:
    row.kept_voices = still_kept(row.kept_voices, row.policy, given)
    row.policy = given


def set_origins(database: Database, site: str, given: Sequence[str], *, who: str = SERVICE) -> tuple[str, ...]:
    """Keep the origins of a site's pages, in place of those before. Returns them as browsers write them.

    Raises InputRefused for one that is no origin: scheme and host, a port where it isn't the usual one, nothing else.
    """
    if len(given) > _MAX_ORIGINS:
        raise InputRefused(f"A site can have at most {_MAX_ORIGINS} origins.")
    origins = tuple(dict.fromkeys(_origin(text) for text in given))
    with database.writing() as session:
        _row_of(database, session, site).origins = list(origins)
        details = {"origins": list(origins)}
        note(database, session, Deed(who=who, what="site.origins", subject=site, site=site, details=details))
    return origins


def options_for(database: Database, site: str) -> SiteOptions:
    """What a site's player and feeds do: what was entered for it, above the usual."""
    with database.reading() as session:
        return options_in(session, site)


def options_in(session: Session, site: str) -> SiteOptions:
    """The same, where a session is open."""
    row = session.get(SiteRow, site)
    return read_options((row.options if row else None) or {})


def site_row_ms(session: Session, site: str) -> int:
    """When something was last settled for the site; 0: never."""
    row = session.get(SiteRow, site)
    return row.updated_ms if row else 0


def set_options(database: Database, site: str, given: Mapping[str, Any], *, who: str = SERVICE) -> SiteOptions:
    """Keep a site's options, in place of those before. `given` needs only what differs from the usual.

    Raises InputRefused (the site's name), OptionsRefused (names the field); then nothing is kept.
    """
    options = read_options(given)
    with database.writing() as session:
        row = _row_of(database, session, site)
        before = read_options(row.options or {})
        row.options = kept_options(given, options)
        if options.identity != before.identity:
            session.flush()
            page_keys_again(session, site)
        details = {"options": sorted(given)}
        note(database, session, Deed(who=who, what="site.options", subject=site, site=site, details=details))
    return options


def all_origins(database: Database) -> frozenset[str]:
    """The origins of every site."""
    with database.reading() as session:
        found = session.scalars(select(SiteRow.origins).where(SiteRow.origins.is_not(None))).all()
    return frozenset(origin for origins in found for origin in origins or ())


def remove_policy(database: Database, site: str, *, who: str = SERVICE) -> None:
    """The site is spoken as usual again. Raises NotFound where no policy was entered."""
    with database.writing() as session:
        row = session.get(SiteRow, site)
        if row is None or row.policy is None:
            raise NotFound(f"The site {site[:80]} has no policy of its own; it uses the default.")
        _enter(row, None)
        row.updated_ms = database.now_ms(session)
        note(database, session, Deed(who=who, what="site.policy-removed", subject=site, site=site))


def site_of(database: Database, name: str) -> Site:
    """What is settled for a site; of an unknown one, nothing is."""
    with database.reading() as session:
        row = session.get(SiteRow, name)
    return _site(row) if row else Site(name=name)


def list_sites(database: Database) -> list[Site]:
    """Every site that has sent articles or for which something is settled, by name."""
    with database.reading() as session:
        found = {name: Site(name=name) for name in _seen(session)}
        found |= {row.name: _site(row) for row in session.scalars(select(SiteRow))}
    return [found[name] for name in sorted(found)]


def _seen(session: Session) -> list[str]:
    return list(session.scalars(select(ArticleRow.site).distinct()))


def _site(row: SiteRow) -> Site:
    return Site(
        name=row.name,
        policy=row.policy,
        origins=tuple(row.origins or ()),
        options=row.options,
        updated_ms=row.updated_ms,
        closed_ms=row.closed_ms,
    )


def lock_site(database: Database, session: Session, site: str) -> SiteRow:
    """A site's row, made if there is none, that nobody else changes until the session ends. Raises InputRefused (the
    site's name), SiteClosed."""
    row = lock_site_row(database, session, site)
    refuse_if_closed(session, {site})
    return row


def lock_site_row(database: Database, session: Session, site: str) -> SiteRow:
    """The same, also of a site that is being erased. Raises InputRefused (the site's name)."""
    if not re.fullmatch(SITE_NAME, site):
        raise InputRefused(
            f"{site[:80]!r} is not a valid site name: use letters, digits, '.', '-' and '_', at most 64."
        )
    now = database.now_ms(session)
    make: Any = sqlite.insert if database.is_sqlite else postgresql.insert
    session.execute(make(SiteRow).values(name=site, created_ms=now, updated_ms=now).on_conflict_do_nothing())
    return session.get_one(SiteRow, site, with_for_update=True)


def _row_of(database: Database, session: Session, site: str) -> SiteRow:
    """A site's row, changed now. Raises InputRefused (the site's name)."""
    row = lock_site(database, session, site)
    row.updated_ms = database.now_ms(session)
    return row


def _origin(text: str) -> str:
    """`https://www.example.org` as a browser's Origin header has it (RFC 6454, 6.2). Raises InputRefused."""
    parts = urlsplit(WebAddress.read(text) or "")
    host, port = parts.hostname or "", parts.port
    bare = not (has_credentials(text) or parts.query or parts.fragment or parts.path.strip("/"))
    if parts.scheme not in _USUAL_PORTS or not bare or not _HOST.fullmatch(host):
        raise InputRefused(f"{text[:80]!r} is not an origin: write it as https://www.example.org, without a path or *.")
    name = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{name}" + ("" if port in (None, _USUAL_PORTS[parts.scheme]) else f":{port}")


def read_policy(given: Mapping[str, Any], settings: Settings) -> SpeechPolicy:
    """A policy from JSON data. Raises PolicyRefused that names each field at fault."""
    pauses = given.get("pauses", {})
    usual = {"notice": asdict(settings.spoken_notice)} if settings.spoken_notice else {}
    merged = {
        **usual,
        **given,
        "pauses": {**asdict(settings.pauses), **pauses} if isinstance(pauses, Mapping) else pauses,
    }
    try:
        text = json.dumps(merged)
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
