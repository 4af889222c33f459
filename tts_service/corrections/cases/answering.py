"""Which reports a correction answers: those whose sentence it has changed, in a clip that carries it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.corrections.cases.following import same_sentence
from tts_service.db.tables import CorrectionClipRow, CorrectionRow, ReportRow
from tts_service.db.tables.listeners import OPEN

_ENDED = ("done", "not_needed")


def answers(session: Session, correction_id: str, report: ReportRow) -> bool:
    """Whether a listener may be told that a correction has corrected what they reported."""
    row = session.get(CorrectionClipRow, (correction_id, report.clip_id))
    if row is None or row.state not in _ENDED or row.to_revision is None:
        return False  # no revision carries it: the sentence is gone, the article withdrawn or read by a person
    if report.revision >= row.to_revision:
        return False  # it was heard with the correction already
    if not row.changes:  # it was being rendered when the correction came: what changed in it isn't on record
        return _names_a_word(session.get(CorrectionRow, correction_id), report.sentence)
    return any(changes_sentence(one, report.sentence) for one in row.changes)


def changes_sentence(change: Mapping[str, Any], sentence: str) -> bool:
    """Whether a change on record is about a sentence, as it was reported or as the article was edited since. A change
    without a text is one of the whole clip; a report without a sentence is about the whole clip."""
    text, wanted = str(change.get("text", "")).strip(), sentence.strip()
    return text in wanted or wanted in text or same_sentence([text], wanted, 0) is not None


def open_reports(session: Session, case_id: str) -> list[ReportRow]:
    """The reports of a case that still wait for an answer, locked."""
    query = select(ReportRow).where(ReportRow.case_id == case_id, ReportRow.state.in_(OPEN))
    return list(session.scalars(query.order_by(ReportRow.id).with_for_update()))


def _names_a_word(correction: CorrectionRow | None, sentence: str) -> bool:
    entry = (correction.after or correction.before or {}) if correction is not None else {}
    return any(word.casefold() in sentence.casefold() for word in entry.get("graphemes") or ())
