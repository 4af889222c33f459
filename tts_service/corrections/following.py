"""What follows what: a report follows its case's state, and its sentence into newer revisions of the article."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tts_service.db.tables import CaseRow, ClipRow, CorrectionClipRow, ReportRow
from tts_service.listeners.reports import RESOLVED, set_state
from tts_service.parts import Parts


def follow_case(parts: Parts, session: Session, report: ReportRow, case: CaseRow) -> None:
    """Give a report the state of its case, with the reason or the corrected revision that belongs to it. The publisher
    is told when that settles it."""
    if report.state == case.state or case.state == "duplicate":
        return
    report.corrected_revision = corrected_revision(session, report, case) if case.state == "corrected" else None
    if case.state == "rejected":
        report.note = case.reason
    elif report.state == "rejected":
        report.note = ""
    set_state(parts, session, report, case.state)
    assert case.state in RESOLVED or report.settled_ms is None


def corrected_revision(session: Session, report: ReportRow, case: CaseRow) -> int | None:
    """The revision of a report's clip that carries the case's correction; None: not rendered yet, or never."""
    if case.correction_id is not None:
        row = session.get(CorrectionClipRow, (case.correction_id, report.clip_id))
        if row is not None:
            return row.to_revision if row.state in ("done", "not_needed") else None
    current = session.scalar(select(ClipRow.current_revision).where(ClipRow.id == report.clip_id))
    return current if current is not None and current > report.revision else None


def corrected_in(session: Session, case_id: str, clip_id: str, revision: int | None) -> None:
    """Set the revision that corrects the reports of a case about a clip, once it is made; None: it was taken back."""
    mine = (ReportRow.case_id == case_id, ReportRow.clip_id == clip_id, ReportRow.state == "corrected")
    session.execute(update(ReportRow).where(*mine).values(corrected_revision=revision))
