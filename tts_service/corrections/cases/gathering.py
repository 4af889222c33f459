"""Gathers reports into cases: each report once, and reports about the same thing into one case."""

from __future__ import annotations

import logging

from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.access.audit import SERVICE, Deed, note
from tts_service.corrections.cases.answering import answers
from tts_service.corrections.cases.finding import CaseFinder
from tts_service.corrections.cases.following import follow_case
from tts_service.corrections.cases.grouping import ReportSubject, case_keys, subject_of
from tts_service.corrections.cases.one_at_a_time import lock_cases_of
from tts_service.corrections.cases.reported import Reported
from tts_service.corrections.cases.reported_rows import reported_of
from tts_service.corrections.cases.weight import count_plays, count_reports
from tts_service.db.session import new_id
from tts_service.db.tables import CaseRow, ClipRevisionRow, ReportRow
from tts_service.errors import NotFound
from tts_service.parts import Parts

log = logging.getLogger(__name__)

_PER_TURN = 100
_LONGEST_SHOWN = 2000
"""Characters that a case keeps of a passage; the article has the rest."""


def gather(parts: Parts, reference: str) -> str:
    """Put a report into its case, a new one if there is none, and return the case's id. Does nothing for a report that
    has one. Raises NotFound."""
    with parts.database.writing() as session:
        report = session.get(ReportRow, reference)
        if report is None:
            raise NotFound(f"There is no report {reference[:40]}.")
        lock_cases_of(session, report.site)
        session.refresh(report)
        if report.case_id is None:
            report.case_id = _gathered(parts, session, report).id
        return report.case_id


def gather_waiting(parts: Parts) -> int:
    """Gather reports that have no case yet, at most some per turn, oldest first. Returns how many. Called by beat."""
    waiting = select(ReportRow.id).where(ReportRow.case_id.is_(None)).order_by(ReportRow.created_ms).limit(_PER_TURN)
    with parts.database.reading() as session:
        references = session.scalars(waiting).all()
    gathered = 0
    for reference in references:
        try:
            gather(parts, reference)
            gathered += 1
        except NotFound:  # erased meanwhile
            continue
        except Exception:  # one report must not keep the others waiting
            log.exception("report %s can't be gathered into a case", reference)
    return gathered


def _gathered(parts: Parts, session: Session, report: ReportRow) -> CaseRow:
    """The case of a report, with the report counted in it."""
    now = parts.database.now_ms(session)
    reported = reported_of(session, report)
    report.language = report.language or reported.language
    mine = CaseFinder(session, report)
    subject = subject_of(reported, mine.open_reports(case_keys(reported)))
    case = mine.case_of(reported, subject)
    if case is None:
        case = _new_case(report, reported, subject, now)
        session.add(case)
        session.flush()
    elif _reopens(session, case, report):
        _reopen(parts, session, case)
    if case.language != report.language and subject.kind == "word":
        case.language = case.language.split("-", 1)[0]  # it stands for every variety in which it is said alike
    if subject.kind == "word" and len(subject.key) < len(case.key) and case.key == f"{subject.key}s":
        case.key, case.written = subject.key, subject.written  # "Müllers" was reported first: the name is "Müller"
    report.case_id = case.id
    if report.settled_ms is None:
        follow_case(parts, session, report, case)
    case.updated_ms = now
    count_reports(session, case)
    count_plays(session, case, now)
    return case


def _new_case(report: ReportRow, reported: Reported, subject: ReportSubject, now_ms: int) -> CaseRow:
    """A case that begins with a report, in its state: it may be from before cases, and settled."""
    return CaseRow(
        id=new_id("case"),
        site=report.site,
        language=report.language,
        voice=report.voice,
        kind=subject.kind,
        key=subject.key,
        category=report.category,
        written=subject.written[:_LONGEST_SHOWN],
        sentence=reported.sentence,
        state=report.state,
        reason=report.note if report.state == "rejected" else "",
        first_ms=report.created_ms,
        last_ms=report.created_ms,
        updated_ms=now_ms,
        settled_ms=report.settled_ms,
    )


def _reopens(session: Session, case: CaseRow, report: ReportRow) -> bool:
    """Whether a report says that a correction didn't help: it is about a revision that has the correction, or about a
    sentence that the correction hasn't changed."""
    if case.state != "corrected" or report.settled_ms is not None:
        return False
    if case.correction_id is not None:
        return not answers(session, case.correction_id, report)
    heard = session.get(ClipRevisionRow, (report.clip_id, report.revision))
    return heard is not None and case.settled_ms is not None and heard.created_ms > case.settled_ms


def _reopen(parts: Parts, session: Session, case: CaseRow) -> None:
    deed = Deed(
        who=SERVICE,
        what="case.reopened",
        subject=case.id,
        site=case.site,
        details={"correction": case.correction_id},
    )
    note(parts.database, session, deed)
    case.state, case.settled_ms, case.undo = "new", None, None
    case.version += 1
