"""Staff regroup reports: a case becomes a duplicate, cases merge, some reports get a case of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.corrections.cases.decisions import MAX_TOGETHER
from tts_service.corrections.cases.following import follow_case
from tts_service.corrections.cases.state import (
    DECIDED,
    change_state,
    keep_reports,
    kept_fields,
    lock_case,
    locked_case,
    note_deed,
    recount_case,
    remember,
)
from tts_service.db.session import new_id
from tts_service.db.tables import CaseRow, ReportRow
from tts_service.db.tables.listeners import OPEN
from tts_service.errors import InputRefused
from tts_service.listeners.reports import find_report
from tts_service.parts import Parts


def mark_duplicate(parts: Parts, case_id: str, *, version: int, who: str, of: str) -> CaseRow:
    """Give a case's reports, and those that come, to another case in whatever version. Returns the duplicate. Raises
    NotFound, InputRefused, CaseChanged."""
    if of == case_id:
        raise InputRefused(f"The case {of} can't be the one that counts: choose one that is no duplicate itself.")
    return _merged(parts, of, version=None, who=who, others={case_id: version})[case_id]


def merge(parts: Parts, case_id: str, *, version: int, who: str, others: Mapping[str, int]) -> CaseRow:
    """Make other cases (id -> version that was seen) duplicates of this one, all or none. Raises NotFound,
    InputRefused, CaseChanged."""
    if not 0 < len(others) <= MAX_TOGETHER or case_id in others:
        raise InputRefused(f"Name 1 to {MAX_TOGETHER} other cases to merge into this one.")
    return _merged(parts, case_id, version=version, who=who, others=others)[case_id]


def _merged(
    parts: Parts, case_id: str, *, version: int | None, who: str, others: Mapping[str, int]
) -> dict[str, CaseRow]:
    """The cases after a merge, by id: it is in the history of each, and undone at any of them."""
    with parts.database.writing() as session:
        # In the order of their ids, so that two decisions never wait for each other crosswise.
        versions = {**others, case_id: version}
        rows = {one: locked_case(parts, session, one, versions[one]) for one in sorted(versions)}
        case, duplicates = rows[case_id], [rows[one] for one in sorted(others)]
        if case.state == "duplicate":
            raise InputRefused(f"The case {case_id} is a duplicate itself: merge into {case.duplicate_of}.")
        remember(case, "case.merged", others={row.id: kept_fields(row, DECIDED) for row in duplicates})
        for row in duplicates:
            _same_place(row, case)
            remember(row, "case.duplicate")
            _move_into(parts, session, row, case)
            note_deed(parts, session, row, who, "case.duplicate", of=case.id)
        recount_case(parts, session, case)
        case.version += 1
        note_deed(parts, session, case, who, "case.merged", cases=sorted(others))
    return rows


def split_off(parts: Parts, case_id: str, *, version: int, who: str, reports: Sequence[str]) -> CaseRow:
    """Give some reports of a case a new case of their own, and return it. Raises NotFound, InputRefused,
    CaseChanged."""
    with parts.database.writing() as session:
        case = locked_case(parts, session, case_id, version)
        rows = {row.id: row for row in (find_report(session, reference) for reference in reports)}
        strangers = [row.id for row in rows.values() if row.case_id != case.id]
        if strangers:
            raise InputRefused(f"The report {strangers[0]} isn't in the case {case.id}.")
        if not rows or len(rows) == case.reports:
            raise InputRefused("Choose some of the case's reports: at least one, and not all.")
        remember(case, "case.split")
        own = case_apart(case, next(iter(rows.values())))
        session.add(own)
        session.flush()
        keep_reports(case, rows.values())
        for row in rows.values():
            row.case_id = own.id
        case.undo = {**(case.undo or {}), "new": own.id}
        note_deed(parts, session, case, who, "case.split", case=own.id, reports=len(rows))
        note_deed(parts, session, own, who, "case.split", case=case.id, reports=len(rows))
        for one in (case, own):
            recount_case(parts, session, one)
        case.version += 1
    return own


def keep_in_queue(parts: Parts, reference: str, who: str) -> None:
    """After the state of a single report was set: one that is open again in a settled case gets a case of its own, or
    opens its case if it is the only one there. Raises NotFound."""
    with parts.database.writing() as session:
        report = find_report(session, reference)
        if report.case_id is None or report.state not in OPEN:
            return
        case = lock_case(session, report.case_id)
        if case.state in OPEN:
            return
        if case.reports == 1:
            change_state(parts, session, case, who, report.state)
            return
        own = case_apart(case, report)
        own.state, own.reason, own.correction_id, own.settled_ms = report.state, "", None, None
        session.add(own)
        session.flush()
        report.case_id = own.id
        note_deed(parts, session, own, who, "case.split", case=case.id, reports=1)
        for one in (case, own):
            recount_case(parts, session, one)


def _same_place(case: CaseRow, target: CaseRow) -> None:
    if case.site != target.site:
        raise InputRefused(f"The case {case.id} belongs to the site {case.site}, not to {target.site}.")


def _move_into(parts: Parts, session: Session, case: CaseRow, target: CaseRow) -> None:
    """Make a locked case a duplicate of another: its reports move there and follow that one's state."""
    before = case.state
    reports = session.scalars(select(ReportRow).where(ReportRow.case_id == case.id).with_for_update()).all()
    if case.undo is not None:
        keep_reports(case, reports)
    case.state, case.duplicate_of, case.correction_id = "duplicate", target.id, None
    case.settled_ms = parts.database.now_ms(session)
    case.version += 1
    for report in reports:
        report.case_id = target.id
        if report.settled_ms is None or report.state == before:
            follow_case(parts, session, report, target)
    recount_case(parts, session, case)


def case_apart(case: CaseRow, report: ReportRow) -> CaseRow:
    """A case like another, for some of its reports. Its key is its own, so that no other report is gathered into it."""
    own = new_id("case")
    return CaseRow(
        id=own,
        site=case.site,
        language=case.language,
        voice=case.voice,
        kind=case.kind,
        key=f"{case.key} {own}",
        category=report.category,
        written=report.written or case.written,
        sentence=report.sentence or case.sentence,
        state=case.state,
        reason=case.reason,
        correction_id=case.correction_id,
        first_ms=report.created_ms,
        last_ms=report.created_ms,
        updated_ms=case.updated_ms,
        settled_ms=case.settled_ms,
    )
