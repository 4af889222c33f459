"""Lets one at a time look for a site's case and begin it, so that the same thing never gets two."""

from __future__ import annotations

import zlib

from sqlalchemy import text
from sqlalchemy.orm import Session

_LOCK_KEY = 0x63617365  # any constant: whoever begins cases of a site takes the same lock


def lock_cases_of(session: Session, site: str) -> None:
    """Let nobody else begin a case of the site until the session ends. Before a case is locked."""
    if session.get_bind().dialect.name != "sqlite":  # SQLite has one writer at a time anyway
        keys = {"room": _LOCK_KEY, "site": zlib.crc32(site.encode("utf-8")) - 2**31}
        session.execute(text("SELECT pg_advisory_xact_lock(:room, :site)"), keys)
