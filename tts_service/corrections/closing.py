"""Closes a case by a pronunciation that its word has got elsewhere: on the page of pronunciations, by an import, in
another case."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.corrections.cases.answering import answers
from tts_service.corrections.cases.settling import begin_correction, settle_answered
from tts_service.corrections.cases.state import change_state, locked_case
from tts_service.corrections.follow_up import locked_correction
from tts_service.db.tables import CaseRow, CorrectionRow, LexiconChangeRow, ReportRow
from tts_service.db.tables.listeners import OPEN
from tts_service.parts import Parts

_MOST = 20
"""Corrections of one entry that are looked at, the newest."""


def close_by_entry(parts: Parts, case_id: str, *, version: int, who: str, entry_id: str) -> CaseRow:
    """Say that an entry of the lexicon corrects a case. Where the entry was accepted as a correction, that settles the
    case once its clips are rendered, and taking it back opens the case again. Raises NotFound, Conflict,
    CaseChanged."""
    with parts.database.writing() as session:
        correction = _answering(session, case_id, entry_id)
        if correction is not None:
            correction = locked_correction(session, correction.id)
        case = locked_case(parts, session, case_id, version)
        if correction is None or correction.taken_back_ms is not None:
            change_state(parts, session, case, who, "corrected", entry=entry_id)
            return case
        begin_correction(parts, session, case, correction.id, who)
        correction.case_id = correction.case_id or case.id
        if correction.state == "done":
            settle_answered(parts, session, case, correction.id, who)
    return case


def _answering(session: Session, case_id: str, entry_id: str) -> CorrectionRow | None:
    """The newest correction by the entry that answers a report of the case, or may do so once it is rendered."""
    change = LexiconChangeRow
    wrote = select(change.correction_id).where(change.entry_id == entry_id, change.correction_id.is_not(None))
    standing = select(CorrectionRow).where(CorrectionRow.id.in_(wrote), CorrectionRow.taken_back_ms.is_(None))
    # Not locked: whoever decides locks cases before their reports.
    reports = session.scalars(select(ReportRow).where(ReportRow.case_id == case_id, ReportRow.state.in_(OPEN))).all()
    for row in session.scalars(standing.order_by(CorrectionRow.id.desc()).limit(_MOST)):
        if row.state != "done" or any(answers(session, row.id, report) for report in reports):
            return row
    return None
