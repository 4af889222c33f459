"""The audit log. Append-only; people appear by id, never by name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.db.session import Database, new_id
from tts_service.db.tables import AuditRow

COMMAND_LINE = "command line"
"""Who, for what an operator does on the machine itself."""
_LONGEST = 200
"""Characters kept of a subject."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One thing that somebody did."""

    who: str
    """`key:<id>`, `staff:<id>`, or COMMAND_LINE."""
    what: str
    """Such as key.revoked, lexicon.added, site.policy."""
    subject: str
    """Id or name of the thing it was done to."""
    site: str | None = None
    details: dict[str, Any] = field(default_factory=dict)
    """JSON data; never a secret, never what a listener wrote."""


def note(database: Database, session: Session, deed: Deed) -> None:
    """Add a line in the transaction that does the deed: the one is kept if the other is."""
    session.add(
        AuditRow(
            id=new_id("aud"),
            at_ms=database.now_ms(session),
            who=deed.who,
            what=deed.what,
            subject=deed.subject[:_LONGEST],
            site=deed.site,
            details=deed.details,
        )
    )


def record(database: Database, deed: Deed) -> None:
    """Add a line for a deed that is done. Raises DatabaseUnavailable."""
    with database.writing() as session:
        note(database, session, deed)


def deeds(database: Database, *, below: str | None = None, most: int = 100) -> list[AuditRow]:
    """Lines, newest first; `below`: only those before the line of this id."""
    query = select(AuditRow).order_by(AuditRow.id.desc()).limit(most)
    with database.reading() as session:
        return list(session.scalars(query.where(AuditRow.id < below) if below else query))
