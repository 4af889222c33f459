"""Who did what with a case, from the audit log, with people's names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from tts_service.access.audit import COMMAND_LINE, SERVICE
from tts_service.db.tables import ApiKeyRow, AuditRow, StaffRow

_NO_DECISIONS = ("case.noted",)
_MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDeed:
    """Something that was done with a case."""

    at_ms: int
    who: str
    """As in the audit log."""
    name: str
    """Of the person or key; as in the audit log if it is gone."""
    what: str
    """For example case.confirmed."""
    details: dict[str, Any]


def history(session: Session, case_id: str) -> tuple[CaseDeed, ...]:
    """What was done with a case, oldest first."""
    rows = session.scalars(
        select(AuditRow).where(AuditRow.subject == case_id).order_by(AuditRow.id.desc()).limit(_MOST)
    ).all()
    return history_with(rows, staff_names(session, {row.who for row in rows}))


def history_with(newest_first: Sequence[AuditRow], names: dict[str, str]) -> tuple[CaseDeed, ...]:
    """The same of entries that are there already, with the names of who is in them."""
    return tuple(_deed(row, names) for row in reversed(newest_first))


def last_decision(session: Session, case_id: str) -> CaseDeed | None:
    """The last decision about a case; None: there was none."""
    query = select(AuditRow).where(AuditRow.subject == case_id, AuditRow.what.not_in(_NO_DECISIONS))
    row = session.scalars(query.order_by(AuditRow.id.desc()).limit(1)).one_or_none()
    return _deed(row, staff_names(session, {row.who})) if row is not None else None


def staff_names(session: Session, whose: set[str]) -> dict[str, str]:
    """Names of people and keys by how the audit log writes them, in one statement."""
    staff = [who.removeprefix("staff:") for who in whose if who.startswith("staff:")]
    keys = [who.removeprefix("key:") for who in whose if who.startswith("key:")]
    names = {COMMAND_LINE: COMMAND_LINE, SERVICE: SERVICE}
    if staff or keys:
        people = select(literal("staff:").label("kind"), StaffRow.id, StaffRow.name).where(StaffRow.id.in_(staff))
        tools = select(literal("key:"), ApiKeyRow.id, ApiKeyRow.name).where(ApiKeyRow.id.in_(keys))
        names |= {f"{row.kind}{row.id}": row.name for row in session.execute(people.union_all(tools))}
    return names


def _deed(row: AuditRow, names: dict[str, str]) -> CaseDeed:
    return CaseDeed(at_ms=row.at_ms, who=row.who, name=names.get(row.who, row.who), what=row.what, details=row.details)
