"""What cases keep of reports, removed when the reports are erased: their texts, and what undoing would put back."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Text, cast, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from tts_service.corrections.cases.weight import count_reports
from tts_service.db.tables import CaseNoteRow, CaseRow, CorrectionRow, HeardSentenceRow, HearingRow, ReportRow
from tts_service.db.tables.listeners import OPEN

_AT_ONCE = 100
"""References of one statement: SQLite limits how deep an expression is."""


def forget_reports(session: Session, references: Collection[str], now_ms: int, *, whole: bool = True) -> None:
    """Remove reports from their cases before they are erased. A case without others is deleted, or emptied if a
    correction or a duplicate refers to it. Not `whole`: only what listeners and staff wrote goes, and the reports stay.
    """
    _forget_undo(session, references, whole=whole)
    if not whole:
        return
    mine = ReportRow.id.in_(references)
    ids = select(ReportRow.case_id).where(mine)
    # Cases before their reports, as everybody who decides locks them.
    cases = session.scalars(select(CaseRow).where(CaseRow.id.in_(ids)).order_by(CaseRow.id).with_for_update()).all()
    session.execute(update(ReportRow).where(mine).values(case_id=None))
    for case in cases:
        case.updated_ms = now_ms
        count_reports(session, case)
        if case.reports:
            _show_another(session, case)
        elif not _is_heard(session, case):
            _remove(session, case, now_ms)


def lock_hearings(session: Session, clip_id: str | None) -> None:
    """Locks what is still to be heard of a clip, before anything else: a worker's turn locks its row first."""
    mine = select(HearingRow.revision).where(HearingRow.clip_id == clip_id).order_by(HearingRow.revision)
    session.execute(mine.with_for_update())


def forget_heard(session: Session, clip_id: str, now_ms: int) -> int:
    """Remove what we heard of a clip before it is erased, as `forget_reports` does with reports. Returns the number of
    rows that were deleted."""
    heard = HeardSentenceRow
    ids = session.scalars(select(heard.case_id).where(heard.clip_id == clip_id, heard.case_id.is_not(None))).all()
    cases = session.scalars(select(CaseRow).where(CaseRow.id.in_(ids)).order_by(CaseRow.id).with_for_update()).all()
    gone = session.execute(delete(heard).where(heard.clip_id == clip_id)).rowcount  # type: ignore[attr-defined]
    gone += session.execute(delete(HearingRow).where(HearingRow.clip_id == clip_id)).rowcount  # type: ignore[attr-defined]
    for case in cases:
        if not case.reports and not _is_heard(session, case):
            case.updated_ms = now_ms
            _remove(session, case, now_ms)
    return int(gone)


def _is_heard(session: Session, case: CaseRow) -> bool:
    """Whether a sentence of it still sounds wrong to us."""
    return bool(session.scalar(select(exists().where(HeardSentenceRow.case_id == case.id))))


def _forget_undo(session: Session, references: Collection[str], *, whole: bool) -> None:
    """Undoing a decision must not bring back what was erased."""
    wanted = sorted(references)
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        mentioning = or_(*(cast(CaseRow.undo, Text).contains(f'"{one}"', autoescape=True) for one in some))
        for case in session.scalars(select(CaseRow).where(mentioning).with_for_update()):
            kept = dict((case.undo or {}).get("reports", {}))
            for reference in set(some) & set(kept):
                if whole:
                    del kept[reference]
                else:
                    kept[reference] = {**kept[reference], "note": ""}
            case.undo = {**(case.undo or {}), "reports": kept}


def _show_another(session: Session, case: CaseRow) -> None:
    """Show a sentence of a report that stays."""
    query = select(ReportRow.sentence).where(ReportRow.case_id == case.id)
    case.sentence = session.scalars(query.order_by(ReportRow.created_ms.desc()).limit(1)).one()


def _remove(session: Session, case: CaseRow, now_ms: int) -> None:
    session.execute(delete(CaseNoteRow).where(CaseNoteRow.case_id == case.id))
    corrected = select(exists().where(CorrectionRow.case_id == case.id))
    duplicated = select(exists().where(CaseRow.duplicate_of == case.id))
    if not session.scalar(corrected) and not session.scalar(duplicated):
        session.delete(case)
        return
    case.key, case.written, case.sentence, case.reason, case.undo = f"erased {case.id}", "", "", "", None
    if case.state in OPEN:
        case.state, case.settled_ms = "rejected", now_ms
        case.version += 1
