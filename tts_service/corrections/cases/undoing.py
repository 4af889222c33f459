"""Undo the last decision about a case: the case, its reports and the cases that they came from are as before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.corrections.cases.following import follow_case
from tts_service.corrections.cases.state import (
    ANSWERED,
    DECIDED,
    MOVING,
    lock_case,
    locked_case,
    note_deed,
    recount_case,
)
from tts_service.db.tables import CaseRow, ReportRow
from tts_service.db.tables.listeners import OPEN
from tts_service.errors import Conflict
from tts_service.parts import Parts


def undo(parts: Parts, case_id: str, *, version: int, who: str) -> CaseRow:
    """Put back what the last decision replaced. Raises NotFound, CaseChanged; Conflict if there is nothing to undo, or
    if a correction must be taken back instead."""
    with parts.database.writing() as session:
        case = locked_case(parts, session, case_id, version)
        if case.correction_id is not None and (case.undo or {}).get("what") not in MOVING:
            raise Conflict(
                "A correction has been made for this case: take back the correction.", correction=case.correction_id
            )
        undo_last(parts, session, case, who)
    return case


def undo_last(parts: Parts, session: Session, case: CaseRow, who: str, *, told: bool = True) -> None:
    """The same in a transaction, for a case that is locked; also for one that a correction settled. `told`: it is noted
    in the history. Raises Conflict."""
    if not case.undo:
        raise Conflict("There is no decision to undo in this case.")
    before = case.undo
    moved = before["what"] in MOVING
    # A merged case may have been undone by itself.
    merged = [
        row for one in sorted(before.get("others", {})) if (row := lock_case(session, one)).duplicate_of == case.id
    ]
    # What we heard ourselves are cases without reports, too: they aren't empty.
    whole = {case.id, case.duplicate_of, *(row.id for row in merged)}
    answers = dict(before["reports"])
    for row in merged:
        answers |= (row.undo or {}).get("reports", {})
    reports = [
        report
        for report in session.scalars(select(ReportRow).where(ReportRow.id.in_(list(answers))))
        if moved or report.case_id == case.id
    ]
    touched = _cases_of(session, case, reports, [before["new"]] if "new" in before else [])
    # Whoever was answered by itself since keeps that answer.
    following = {report.id for report in reports if _follows(report, touched[report.case_id or case.id])}
    inside = session.scalars(select(ReportRow).where(ReportRow.case_id == case.id)).all()
    later = [report for report in inside if report.id not in answers and _follows(report, case)]
    _restore(case, before["case"])
    for row in merged:
        _restore(row, before["others"][row.id])
        row.undo, row.version = None, row.version + 1
        note_deed(parts, session, row, who, "case.undone", what=before["what"])
    for report in reports:
        report.case_id = answers[report.id]["case_id"]
        for name in ANSWERED if report.id in following else ():
            setattr(report, name, answers[report.id][name])
        report.updated_ms = parts.database.now_ms(session)
    session.flush()
    touched |= {row.id: row for row in merged}
    for report in reports:
        home = touched.get(report.case_id or "") or lock_case(session, report.case_id or "")
        touched[home.id] = home
        if report.settled_ms is None:
            follow_case(parts, session, report, home)
    for report in later:  # they came after the decision
        follow_case(parts, session, report, case)
    case.undo, case.version = None, case.version + 1
    for row in touched.values():
        recount_case(parts, session, row)
        if row.reports == 0 and row.id not in whole and row.state != "duplicate":
            _close_empty(parts, session, row, case)
    if told:
        note_deed(parts, session, case, who, "case.undone", what=before["what"])


def _restore(case: CaseRow, values: Mapping[str, Any]) -> None:
    for name in DECIDED:
        setattr(case, name, values[name])


def _cases_of(session: Session, case: CaseRow, reports: Sequence[ReportRow], more: Sequence[str]) -> dict[str, CaseRow]:
    """A locked case and those that have some reports now, locked too, by id."""
    ids = {report.case_id for report in reports if report.case_id is not None} | set(more)
    return {case.id: case} | {one: lock_case(session, one) for one in sorted(ids - {case.id})}


def _follows(report: ReportRow, case: CaseRow) -> bool:
    """Whether a report has the answer of its case, and not one of its own."""
    return report.state == case.state or (report.state in OPEN and case.state in OPEN)


def _close_empty(parts: Parts, session: Session, case: CaseRow, taker: CaseRow) -> None:
    """A case that was split off and has no reports any more counts for the one that took them."""
    case.state, case.duplicate_of, case.correction_id, case.undo = "duplicate", taker.id, None, None
    case.settled_ms = parts.database.now_ms(session)
    case.version += 1
