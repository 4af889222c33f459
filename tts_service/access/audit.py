"""The audit log. Append-only; people appear by id, never by name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.db.session import Database, new_id
from tts_service.db.tables import AuditRow

COMMAND_LINE = "command line"
"""`who` for actions by an operator on the machine itself."""
SERVICE = "service"
"""`who` for what the service does by itself."""
_LONGEST = 200
"""Maximum characters stored of a subject."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One recorded action."""

    who: str
    """`key:<id>`, `staff:<id>`, COMMAND_LINE or SERVICE."""
    what: str
    """For example key.revoked, lexicon.added, site.policy."""
    subject: str
    """Id or name of the affected object."""
    site: str | None = None
    details: dict[str, Any] = field(default_factory=dict)
    """JSON data; never secrets or listeners' words."""


def note(database: Database, session: Session, deed: Deed) -> None:
    """Adds an entry in the transaction of the action, so that both are committed or neither."""
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
    """Adds an entry for an action that isn't one transaction of the database, such as taking over a store. All other
    actions use `note`. Raises DatabaseUnavailable."""
    with database.writing() as session:
        note(database, session, deed)


def deeds(database: Database, *, below: str | None = None, most: int = 100) -> list[AuditRow]:
    """Entries, newest first; `below`: only those before the entry with this id."""
    query = select(AuditRow).order_by(AuditRow.id.desc()).limit(most)
    with database.reading() as session:
        return list(session.scalars(query.where(AuditRow.id < below) if below else query))
