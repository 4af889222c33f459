"""What a correction does to its case: it confirms it, settles it once the clips say it right, and opens it again.

All in the correction's transaction, on a case that is locked.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from tts_service.corrections.cases.answering import answers, open_reports
from tts_service.corrections.cases.following import carrying_revision
from tts_service.corrections.cases.state import (
    change_state,
    lock_case,
    note_deed,
)
from tts_service.corrections.cases.undoing import undo_last
from tts_service.db.tables import AuditRow, CaseRow, CorrectionClipRow, ReportRow
from tts_service.db.tables.listeners import OPEN
from tts_service.errors import Conflict
from tts_service.listeners.reports import set_state
from tts_service.parts import Parts


def settled_cases(session: Session, correction_id: str, also: str | None = None) -> list[CaseRow]:
    """The cases that a correction has settled or is about to, locked in the order of their ids: that in which it was
    accepted, and those that were closed by it since. `also`: the id of one that comes with them anyway."""
    ids = set(session.scalars(select(CaseRow.id).where(CaseRow.correction_id == correction_id)))
    cases = [lock_case(session, one) for one in sorted(ids | {one for one in (also,) if one})]
    return [case for case in cases if case.correction_id == correction_id or case.id == also]


def begin_correction(parts: Parts, session: Session, case: CaseRow, correction_id: str, who: str) -> None:
    """Confirm a locked case by a correction, in the correction's transaction. The case stays open until every clip has
    its new revision. Raises Conflict for a duplicate."""
    if case.state == "duplicate":
        raise Conflict(f"This case is a duplicate of {case.duplicate_of}: decide that one, or undo.")
    was: dict[str, Any] = {"was": case.state, "was_because": case.reason or None}
    change_state(parts, session, case, who, "confirmed", correction=correction_id, **was)


def settle_corrected(parts: Parts, session: Session, case: CaseRow, correction_id: str, who: str) -> None:
    """Settle a locked case by a correction, in the correction's transaction. Its reports get the revisions that the
    correction has made of their clips."""
    change_state(parts, session, case, who, "corrected", correction=correction_id)


def settle_answered(parts: Parts, session: Session, case: CaseRow, correction_id: str, who: str) -> None:
    """Settle those reports of a locked case that a correction answers, in the correction's transaction. The case is
    settled with the last of them; as long as one has no answer, it stays open."""
    reports = open_reports(session, case.id)
    answered = [report for report in reports if answers(session, correction_id, report)]
    if len(answered) == len(reports):
        settle_corrected(parts, session, case, correction_id, who)
        return
    for report in answered:
        report.corrected_revision = carrying_revision(session, report, correction_id)
        set_state(parts, session, report, "corrected")
    case.updated_ms = parts.database.now_ms(session)


def unsettle_corrected(parts: Parts, session: Session, case: CaseRow, correction_id: str, who: str) -> None:
    """Put a locked case whose correction is taken back into the state that it had before, in that transaction."""
    if case.state == "corrected" and (case.undo or {}).get("what") == "case.corrected":
        undo_last(parts, session, case, who, told=False)
    _unanswer(parts, session, case, correction_id)
    state, reason = _before_correction(session, case, correction_id)
    change_state(
        parts, session, case, who, state, reason=reason, what="correction.taken_back", taken_back=correction_id
    )
    case.undo = None  # what there was to undo is undone


def unsettle_clip(parts: Parts, session: Session, case: CaseRow, correction_id: str, clip_id: str, who: str) -> None:
    """Open a locked case again for the reports of one clip, for which its correction is taken back."""
    reopened = _unanswer(parts, session, case, correction_id, clip_id)
    if reopened and case.state == "corrected":
        case.state, case.settled_ms, case.undo = "confirmed", None, None
        case.version += 1
        note_deed(parts, session, case, who, "correction.clip_taken_back", correction=correction_id, clip=clip_id)
    case.updated_ms = parts.database.now_ms(session)


def _unanswer(
    parts: Parts, session: Session, case: CaseRow, correction_id: str, clip_id: str | None = None
) -> list[ReportRow]:
    """Open the reports again that a correction has answered; clip_id: those about one clip."""
    clip = CorrectionClipRow
    mine = (ReportRow.case_id == case.id, ReportRow.state == "corrected", clip.correction_id == correction_id)
    same = and_(clip.clip_id == ReportRow.clip_id, clip.to_revision == ReportRow.corrected_revision)
    query = select(ReportRow).join(clip, same).where(*mine)
    query = query.where(ReportRow.clip_id == clip_id) if clip_id is not None else query
    reports = list(session.scalars(query))
    for report in reports:
        report.corrected_revision = None
        set_state(parts, session, report, "confirmed")
    session.flush()
    return reports


def _before_correction(session: Session, case: CaseRow, correction_id: str) -> tuple[str, str]:
    """State and reason that a case had when a correction was accepted for it."""
    query = select(AuditRow.details).where(AuditRow.subject == case.id, AuditRow.what == "case.confirmed")
    for details in session.scalars(query.order_by(AuditRow.id.desc())):
        if details.get("correction") == correction_id and details.get("was") in (*OPEN, "rejected"):
            return details["was"], details.get("was_because", "")
    return "confirmed", ""
