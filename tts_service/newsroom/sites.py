"""Sites, the origins of their pages, and the options of their players and feeds. How they are read: policies.py."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tts_service.access.audit import SERVICE, Deed, note
from tts_service.db.closed_sites import refuse_if_closed
from tts_service.db.pages import page_keys_again
from tts_service.db.session import Database
from tts_service.db.tables import ArticleRow, SiteRow
from tts_service.errors import InputRefused
from tts_service.errors.faults import expected
from tts_service.values import WebAddress
from tts_service.values.site_options import SiteOptions, kept_options, read_options
from tts_service.values.web_address import has_credentials

SITE_NAME = expected(
    r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$",
    "must be a site's short name: at most 64 letters, digits, '.', '-' and '_', starting with a letter or digit",
)
_USUAL_PORTS = {"https": 443, "http": 80}
_HOST = re.compile(r"[0-9a-z.:_-]{1,253}")
"""A host as browsers write it: names beyond ASCII as xn--…"""
_MAX_ORIGINS = 50


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
    kept_voices: dict[str, str] | None = None
    """Ids of the voices that it has had since before an update, by language."""
    updated_ms: int | None = None
    """When something was last settled."""
    closed_ms: int | None = None
    """When its erasure began; None: it is open."""


def set_origins(database: Database, site: str, given: Sequence[str], *, who: str = SERVICE) -> tuple[str, ...]:
    """Keep the origins of a site's pages, in place of those before. Returns them as browsers write them.

    Raises InputRefused for one that is no origin: scheme and host, a port where it isn't the usual one, nothing else.
    """
    if len(given) > _MAX_ORIGINS:
        raise InputRefused(f"A site can have at most {_MAX_ORIGINS} origins.")
    origins = tuple(dict.fromkeys(_origin(text) for text in given))
    with database.writing() as session:
        edited_site_row(database, session, site).origins = list(origins)
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
        row = edited_site_row(database, session, site)
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
        kept_voices=row.kept_voices,
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


def edited_site_row(database: Database, session: Session, site: str) -> SiteRow:
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
