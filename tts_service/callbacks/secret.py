"""Signing secrets: one per endpoint, one per site for its jobs; two are valid during a rotation."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tts_service.access.audit import SERVICE, Deed, note
from tts_service.callbacks.signing import new_secret
from tts_service.db.session import Database
from tts_service.db.tables import CallbackSecretRow
from tts_service.errors import InputRefused

USUAL_OVERLAP_H = 24
LONGEST_OVERLAP_H = 24 * 30
_HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """An endpoint's signing secrets."""

    secret: str = field(repr=False)
    older_until_ms: int | None
    """Until when the previous secret also signs; None: it doesn't."""


def site_owner(site: str) -> str:
    """Owner of the secret for `callback_url`s of a site's jobs."""
    return f"site:{site}"


def secret_row(session: Session, owner: str, now_ms: int) -> CallbackSecretRow:
    """The owner's secret, created if missing."""
    row = session.get(CallbackSecretRow, owner)
    if row is not None:
        return row
    try:
        with session.begin_nested():
            row = CallbackSecretRow(owner=owner, secret=new_secret(), created_ms=now_ms)
            session.add(row)
    except IntegrityError:  # created concurrently
        row = session.get_one(CallbackSecretRow, owner)
    return row


def live_secrets(secret: str, older: str | None, older_until_ms: int | None, now_ms: int) -> tuple[str, ...]:
    """The secrets to sign with, newest first."""
    if older is not None and (older_until_ms or 0) > now_ms:
        return secret, older
    return (secret,)


def show_secret(database: Database, owner: str) -> Signing:
    """The owner's current secret."""
    with database.writing() as session:
        now = database.now_ms(session)
        return _signing(secret_row(session, owner, now), now)


def rotate(
    database: Database,
    owner: str,
    overlap_h: int = USUAL_OVERLAP_H,
    *,
    site: str | None = None,
    who: str = SERVICE,
) -> Signing:
    """Creates a new secret; the previous one also signs for `overlap_h` hours (0: not at all). `site`: whose events it
    signs, for the audit log; None: every site's. Raises InputRefused."""
    if not 0 <= overlap_h <= LONGEST_OVERLAP_H:
        raise InputRefused(f"The old secret can stay valid for 0 to {LONGEST_OVERLAP_H} more hours, not {overlap_h}.")
    with database.writing() as session:
        now = database.now_ms(session)
        row = secret_row(session, owner, now)
        row.older, row.older_until_ms = (row.secret, now + overlap_h * _HOUR_MS) if overlap_h else (None, None)
        row.secret, row.created_ms = new_secret(), now
        details = {"overlap_h": overlap_h}
        note(
            database,
            session,
            Deed(who=who, what="callback.secret-rotated", subject=owner, site=site, details=details),
        )
        return _signing(row, now)


def _signing(row: CallbackSecretRow, now_ms: int) -> Signing:
    two = len(live_secrets(row.secret, row.older, row.older_until_ms, now_ms)) > 1
    return Signing(secret=row.secret, older_until_ms=row.older_until_ms if two else None)
