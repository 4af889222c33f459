"""API keys: `ltk_<id 8>_<secret 32><check 6>`, all base 62. The secret is shown once; the table holds its SHA-256.

The check (CRC-32 of everything before it) detects mistyped keys without the database, and lets secret scanners find
leaked keys.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import string
import zlib
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypedDict

from sqlalchemy import Row, bindparam, or_, select, update
from sqlalchemy.orm import Session

from tts_service.access.audit import COMMAND_LINE, Deed, note
from tts_service.access.sites import Sites, account_refusal, may_see
from tts_service.db.clock import CLOCK
from tts_service.db.session import Database
from tts_service.db.tables import ApiKeyRow
from tts_service.errors import Conflict, DatabaseUnavailable, InputRefused, KeyMissing, NotAllowed, NotFound
from tts_service.values.moments import DAY_MS

SCOPES = ("jobs:write", "jobs:read", "reports", "voices", "sites", "lexicon", "callbacks", "clips:grant")
ROTATION_DAYS = 7
"""Days both keys work after a rotation."""
_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_KEY = re.compile(r"ltk_([0-9A-Za-z]{8})_([0-9A-Za-z]{32})([0-9A-Za-z]{6})", re.ASCII)
_SEEN_EVERY_MS = 60_000
"""`used_ms` is updated at most this often."""
_BY_ID = select(ApiKeyRow.__table__, CLOCK.label("now")).where(ApiKeyRow.id == bindparam("id"))


class KeyFacts(TypedDict):
    """A key's properties, without its secret."""

    id: str
    name: str
    scopes: str
    site: str | None
    """Limits the key to this site; None: all sites."""
    created_ms: int
    expires_ms: int | None
    revoked_ms: int | None
    used_ms: int | None
    """Last use, to the minute."""
    follows: str | None
    """The key that this one replaces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who sent a request: an API key or a staff member."""

    key_id: str
    """Empty for staff."""
    scopes: frozenset[str]
    sites: Sites
    """The sites it has access to; None: all. A key has one or all, a staff member any number."""
    staff_id: str = ""
    """The signed-in staff member's id; empty for an API key."""

    @property
    def who(self) -> str:
        """Name in the audit log."""
        return f"staff:{self.staff_id}" if self.staff_id else f"key:{self.key_id}"

    @property
    def site(self) -> str | None:
        """The only site that it has access to; None: several or all."""
        return self.sites[0] if self.sites is not None and len(self.sites) == 1 else None

    def may_touch(self, site: str | None) -> bool:
        """Whether it has access to a site; None: to all sites."""
        return may_see(self.sites, site)

    def require_site(self, site: str | None) -> None:
        """Raises NotAllowed if it is limited to other sites."""
        if self.sites is None or self.may_touch(site):
            return
        if self.staff_id:
            raise account_refusal(self.sites)
        raise NotAllowed(f"This key is for the site {self.site} only.", site=self.site)


def create_key(
    database: Database,
    name: str,
    scopes: tuple[str, ...],
    site: str | None = None,
    days: int | None = None,
    who: str = COMMAND_LINE,
) -> str:
    """Creates a key and returns it; it can't be shown again. Raises InputRefused for an unknown scope."""
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown:
        raise InputRefused(f"There is no scope {', '.join(unknown)}: choose from {', '.join(SCOPES)}.")
    if not scopes:
        raise InputRefused(f"A key needs at least one scope: choose from {', '.join(SCOPES)}.")
    key = _fresh()
    with database.writing() as session:
        now = database.now_ms(session)
        row = ApiKeyRow(
            id=key[4:12],
            secret_sha256=_digest(key),
            name=name[:200],
            scopes=",".join(scopes),
            site=site,
            created_ms=now,
            expires_ms=now + days * DAY_MS if days is not None else None,
        )
        session.add(row)
        _noted(database, session, "key.made", row, who)
    return key


def rotate_key(database: Database, key_id: str, days: int = ROTATION_DAYS, who: str = COMMAND_LINE) -> str:
    """Creates a replacement for a key, which keeps working for `days` more. Returns the new key.

    Raises NotFound; Conflict if the key is dead, already replaced, or its own predecessor still works: at most two
    generations of a key are alive.
    """
    key = _fresh()
    with database.writing() as session:
        now = database.now_ms(session)
        row = _found(session, key_id)
        if not _alive(row, now):
            raise Conflict(f"The key {key_id} no longer works: create a new one.")
        beside = select(ApiKeyRow).where(or_(ApiKeyRow.id == row.follows, ApiKeyRow.follows == row.id))
        other = next((found for found in session.scalars(beside) if _alive(found, now)), None)
        if other is not None:
            raise Conflict(f"The keys {key_id} and {other.id} are both active: revoke one of them first.")
        row.expires_ms = min(row.expires_ms or now + days * DAY_MS, now + days * DAY_MS)
        session.add(
            ApiKeyRow(
                id=key[4:12],
                secret_sha256=_digest(key),
                name=row.name,
                scopes=row.scopes,
                site=row.site,
                created_ms=now,
                follows=row.id,
            )
        )
        _noted(database, session, "key.rotated", row, who, by=key[4:12])
    return key


def revoke_key(database: Database, key_id: str, who: str = COMMAND_LINE) -> None:
    """Revokes a key at once. Raises NotFound."""
    with database.writing() as session:
        row = _found(session, key_id)
        row.revoked_ms = row.revoked_ms or database.now_ms(session)
        _noted(database, session, "key.revoked", row, who)


def list_keys(database: Database) -> list[KeyFacts]:
    """All keys, oldest first."""
    with database.reading() as session:
        rows = session.scalars(select(ApiKeyRow).order_by(ApiKeyRow.created_ms, ApiKeyRow.id)).all()
    return [
        KeyFacts(
            id=row.id,
            name=row.name,
            scopes=row.scopes,
            site=row.site,
            created_ms=row.created_ms,
            expires_ms=row.expires_ms,
            revoked_ms=row.revoked_ms,
            used_ms=row.used_ms,
            follows=row.follows,
        )
        for row in rows
    ]


def caller_of(database: Database, authorization: str | None) -> Caller:
    """The sender of this Authorization header. Raises KeyMissing if absent, malformed, wrong, expired or revoked."""
    scheme, _, key = (authorization or "").partition(" ")
    match = _KEY.fullmatch(key.strip()) if scheme.lower() == "bearer" else None
    if match is None:
        raise KeyMissing("Send an API key: Authorization: Bearer ltk_…")
    key = match.group()
    if not hmac.compare_digest(_check(key[:-6]).encode(), key[-6:].encode()):
        raise KeyMissing("This API key is mistyped: its check characters don't match.")
    with database.at_once(write=False) as connection:
        row = connection.execute(_BY_ID, {"id": match.group(1)}).one_or_none()
    known = row.secret_sha256 if row else _digest("")
    # On bytes: compare_digest raises on non-ASCII str. Always compared, so that unknown ids take equally long.
    same = hmac.compare_digest(known.encode(), _digest(key).encode())
    if row is None or not same or not _alive(row, row.now):
        raise KeyMissing("This API key is unknown, has expired or was revoked.")
    if row.used_ms is None or row.now - row.used_ms >= _SEEN_EVERY_MS:
        # Read-only callers must be served even while nothing can be written.
        with suppress(DatabaseUnavailable), database.at_once() as connection:
            connection.execute(update(ApiKeyRow).where(ApiKeyRow.id == row.id).values(used_ms=row.now))
    return Caller(
        key_id=row.id, scopes=frozenset(row.scopes.split(",")), sites=None if row.site is None else (row.site,)
    )


def _found(session: Session, key_id: str) -> ApiKeyRow:
    row = session.get(ApiKeyRow, key_id)
    if row is None:
        raise NotFound(f"There is no key {key_id[:40]}.")
    return row


def _alive(row: ApiKeyRow | Row[Any], now_ms: int) -> bool:
    return row.revoked_ms is None and (row.expires_ms is None or row.expires_ms > now_ms)


def _noted(database: Database, session: Session, what: str, row: ApiKeyRow, who: str, **details: str) -> None:
    deed = Deed(
        who=who,
        what=what,
        subject=row.id,
        site=row.site,
        details={"name": row.name, "scopes": row.scopes, **details},
    )
    note(database, session, deed)


def _fresh() -> str:
    body = f"ltk_{_chance(8)}_{_chance(32)}"
    return body + _check(body)


def _chance(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def _check(body: str) -> str:
    left, out = zlib.crc32(body.encode()), ""
    for _ in range(6):
        left, digit = divmod(left, 62)
        out = _ALPHABET[digit] + out
    return out


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
