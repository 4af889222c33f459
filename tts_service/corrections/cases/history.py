"""Who did what with a case, from the audit log, with people's names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from tts_service.db.tables import ApiKeyRow, AuditRow, StaffRow

_NO_DECISIONS = ("case.noted",)
_MOST = 200
_NAMED: dict[str, type[StaffRow] | type[ApiKeyRow]] = {"staff:": StaffRow, "key:": ApiKeyRow}
"""Who has a name, by how the audit log writes them."""


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
    newest = session.execute(_deeds(case_id).limit(_MOST)).all()
    return tuple(_deed(row, name) for row, name in reversed(newest))


def last_decision(session: Session, case_id: str) -> CaseDeed | None:
    """The last decision about a case; None: there was none."""
    row = session.execute(_deeds(case_id).where(AuditRow.what.not_in(_NO_DECISIONS)).limit(1)).one_or_none()
    return _deed(row[0], row[1]) if row is not None else None


def author_name(who: InstrumentedAttribute[str]) -> ColumnElement[str]:
    """The name of the person or key in a column that says who it was as the audit log does; that itself if they are
    gone."""
    named = (
        select(table.name).where(who.startswith(prefix), table.id == func.substr(who, len(prefix) + 1))
        for prefix, table in _NAMED.items()
    )
    return func.coalesce(*(one.correlate(who.class_).scalar_subquery() for one in named), who)


def _deeds(case_id: str) -> Select[AuditRow, str]:
    query = select(AuditRow, author_name(AuditRow.who)).where(AuditRow.subject == case_id)
    return query.order_by(AuditRow.id.desc())


def _deed(row: AuditRow, name: str) -> CaseDeed:
    return CaseDeed(at_ms=row.at_ms, who=row.who, name=name, what=row.what, details=row.details)
