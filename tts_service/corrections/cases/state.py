"""How a case changes: under a lock, with its reports, what undoing needs, and the history.

Whoever decides names the version of the case that they saw. If someone else has decided since, nothing is overwritten:
CaseChanged says who decided what. The reports of a case follow its state in the same transaction. A report that was
settled by itself keeps its own answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.access.audit import Deed, note
from tts_service.corrections.cases.following import follow_case
from tts_service.corrections.cases.history import last_decision
from tts_service.corrections.cases.weight import count_plays, count_reports
from tts_service.db.tables import CaseRow, JsonDict, ReportRow
from tts_service.db.tables.listeners import OPEN
from tts_service.errors import CaseChanged, NotFound
from tts_service.listeners.reports import RESOLVED
from tts_service.parts import Parts

_DECIDED_BEFORE = {
    "case.new": "{name} reopened this case {ago} ago: look at it again.",
    "case.reopened": "{name} reopened this case {ago} ago: look at it again.",
    "case.confirmed": "{name} confirmed this case {ago} ago: look at it again.",
    "case.rejected": "{name} rejected this case {ago} ago: look at it again.",
    "case.corrected": "{name} corrected this case {ago} ago: look at it again.",
    "case.duplicate": "{name} merged this case {ago} ago: look at it again.",
    "case.merged": "{name} merged this case {ago} ago: look at it again.",
    "case.split": "{name} split this case {ago} ago: look at it again.",
    "case.assigned": "{name} assigned this case {ago} ago: look at it again.",
    "case.undone": "{name} undid a decision about this case {ago} ago: look at it again.",
}
"""What a colleague did while somebody looked at the case."""
_CHANGED_BEFORE = "{name} changed this case {ago} ago: look at it again."
DECIDED = ("state", "reason", "duplicate_of", "correction_id", "settled_ms")
"""What a decision changes of a case, and undoing it puts back."""
MOVING = ("case.duplicate", "case.merged", "case.split")
"""Decisions that gave reports to another case."""
ANSWERED = ("case_id", "state", "note", "corrected_revision", "settled_ms")
"""The same of a report."""


def locked_case(parts: Parts, session: Session, case_id: str, version: int | None = None) -> CaseRow:
    """A case that nobody else changes until the session ends. Raises NotFound; CaseChanged if it isn't in the version
    that was seen (None: any)."""
    case = lock_case(session, case_id)
    if version is not None and case.version != version:
        raise _changed(parts, session, case)
    return case


def lock_case(session: Session, case_id: str) -> CaseRow:
    """The same in whatever version. Raises NotFound."""
    case = session.get(CaseRow, case_id, with_for_update=True, populate_existing=True)
    if case is None:
        raise NotFound(f"There is no case {case_id[:40]}.")
    return case


def _changed(parts: Parts, session: Session, case: CaseRow) -> CaseChanged:
    deed = last_decision(session, case.id)
    now = {"version": case.version, "state": case.state}
    if deed is None:
        return CaseChanged(f"The case {case.id} has changed: look at it again.", **now)
    seconds = max(0, parts.database.now_ms(session) - deed.at_ms) // 1000
    ago = f"{seconds} s" if seconds < 120 else f"{seconds // 60} min" if seconds < 7200 else f"{seconds // 3600} h"
    return CaseChanged(
        _DECIDED_BEFORE.get(deed.what, _CHANGED_BEFORE).format(name=deed.name, ago=ago),
        **now,
        who=deed.name,
        what=deed.what,
        at_ms=deed.at_ms,
    )


def change_state(
    parts: Parts,
    session: Session,
    case: CaseRow,
    who: str,
    state: str,
    *,
    reason: str = "",
    correction: str | None = None,
    what: str = "",
    **details: Any,
) -> None:
    """Change the state of a locked case, and that of the reports that had the same one. `what`: what the history calls
    it, with more details; as a rule after the state."""
    remember(case, f"case.{state}")
    before = case.state
    case.state, case.reason, case.correction_id, case.duplicate_of = state, reason, correction, None
    case.updated_ms = parts.database.now_ms(session)
    case.settled_ms = case.updated_ms if state in RESOLVED else None
    case.version += 1
    following = (before, *OPEN) if before in OPEN else (before,)
    reports = session.scalars(
        select(ReportRow).where(ReportRow.case_id == case.id, ReportRow.state.in_(following)).with_for_update()
    ).all()
    keep_reports(case, reports)
    for report in reports:
        follow_case(parts, session, report, case)
    told = {"reports": len(reports), "correction": correction} | details
    note_deed(parts, session, case, who, what or f"case.{state}", **told)


def remember(case: CaseRow, what: str, **more: Any) -> None:
    """Keep what a decision is about to replace."""
    case.undo = {"what": what, "case": kept_fields(case, DECIDED), "reports": {}, **more}


def keep_reports(case: CaseRow, reports: Iterable[ReportRow]) -> None:
    """Keep what the last remembered decision is about to replace in reports."""
    kept = {report.id: kept_fields(report, ANSWERED) for report in reports}
    case.undo = {**(case.undo or {}), "reports": {**(case.undo or {}).get("reports", {}), **kept}}


def kept_fields(row: CaseRow | ReportRow, names: Sequence[str]) -> JsonDict:
    """Fields as undoing needs them."""
    return {name: getattr(row, name) for name in names}


def recount_case(parts: Parts, session: Session, case: CaseRow) -> None:
    """Count a case again after its reports have moved."""
    case.updated_ms = parts.database.now_ms(session)
    count_reports(session, case)
    count_plays(session, case, case.updated_ms)


def note_deed(parts: Parts, session: Session, case: CaseRow, who: str, what: str, /, **details: Any) -> None:
    """Note in the history what was done with a case."""
    told = {name: value for name, value in details.items() if value is not None}
    note(parts.database, session, Deed(who=who, what=what, subject=case.id, site=case.site, details=told))
