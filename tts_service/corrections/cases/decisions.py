"""What staff decide about cases: confirm, reject, correct, merge, split, assign, note, and undo the last decision.

Whoever decides names the version of the case that they saw. If someone else has decided since, nothing is overwritten:
CaseChanged says who decided what. The reports of a case follow its state in the same transaction. A report that was
settled by itself keeps its own answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from tts_service.access.audit import Deed, note
from tts_service.corrections.cases.answering import answers, open_reports
from tts_service.corrections.cases.following import carrying_revision, follow_case
from tts_service.corrections.cases.history import last_decision
from tts_service.corrections.cases.weight import OPEN, count_plays, count_reports
from tts_service.db.session import new_id
from tts_service.db.tables import AuditRow, CaseNoteRow, CaseRow, CorrectionClipRow, JsonDict, ReportRow, StaffRow
from tts_service.errors import CaseChanged, Conflict, InputRefused, NotFound, ServiceError
from tts_service.listeners.reports import MAX_COMMENT, RESOLVED, find_report, set_state
from tts_service.parts import Parts

MAX_NOTE = 2000
MAX_TOGETHER = 200
"""Cases that one bulk decision or merge takes."""
_MOVING = ("case.duplicate", "case.merged", "case.split")
"""Decisions that gave reports to another case."""
_DONE = {
    "case.new": "reopened",
    "case.reopened": "reopened",
    "case.confirmed": "confirmed",
    "case.rejected": "rejected",
    "case.corrected": "corrected",
    "case.duplicate": "merged",
    "case.merged": "merged",
    "case.split": "split",
    "case.assigned": "assigned",
    "case.undone": "undid a decision about",
}
_DECIDED = ("state", "reason", "duplicate_of", "correction_id", "settled_ms")
"""What a decision changes of a case, and undoing it puts back."""
_ANSWERED = ("case_id", "state", "note", "corrected_revision", "settled_ms")
"""The same of a report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionOutcome:
    """What became of one case in a bulk decision."""

    case_id: str
    version: int | None
    """The case's version since; None: it wasn't changed."""
    error: ServiceError | None = None
    """Why it wasn't changed."""


def confirm_case(parts: Parts, case_id: str, *, version: int, who: str) -> CaseRow:
    """Say that the listeners are right. Raises NotFound, CaseChanged."""
    return _decide(parts, case_id, version, who, "confirmed")


def reopen_case(parts: Parts, case_id: str, *, version: int, who: str) -> CaseRow:
    """Make a case new again, whatever was decided. Raises NotFound, CaseChanged; Conflict for a corrected case."""
    return _decide(parts, case_id, version, who, "new")


def reject(parts: Parts, case_id: str, *, version: int, who: str, reason: str) -> CaseRow:
    """Say why nothing is changed, in words for the listeners. Raises NotFound, InputRefused, CaseChanged."""
    reason = reason.strip()
    if not 0 < len(reason) <= MAX_COMMENT:
        raise InputRefused(f"Give the reason that the listeners will read, in 1 to {MAX_COMMENT} characters.")
    return _decide(parts, case_id, version, who, "rejected", reason=reason)


def mark_corrected(parts: Parts, case_id: str, *, version: int, who: str) -> CaseRow:
    """Say that it is corrected by other means than a correction of the desk. Raises NotFound, CaseChanged."""
    return _decide(parts, case_id, version, who, "corrected")


def mark_duplicate(parts: Parts, case_id: str, *, version: int, who: str, of: str) -> CaseRow:
    """Give a case's reports, and those that come, to another case. Raises NotFound, InputRefused, CaseChanged."""
    with parts.database.writing() as session:
        # In the order of their ids, so that two decisions never wait for each other crosswise.
        for one in sorted({case_id, of}):
            _locked(session, one)
        case = locked_case(parts, session, case_id, version)
        target = _target(session, case, of)
        _remember(case, "case.duplicate")
        _move_into(parts, session, case, target)
        _note(parts, session, case, who, "case.duplicate", of=target.id)
        _touch(parts, session, target)
    return case


def merge(parts: Parts, case_id: str, *, version: int, who: str, others: Mapping[str, int]) -> CaseRow:
    """Make other cases (id -> version that was seen) duplicates of this one, all or none. Raises NotFound,
    InputRefused, CaseChanged."""
    if not 0 < len(others) <= MAX_TOGETHER or case_id in others:
        raise InputRefused(f"Name 1 to {MAX_TOGETHER} other cases to merge into this one.")
    with parts.database.writing() as session:
        # In the order of their ids, as above.
        versions = {**others, case_id: version}
        rows = {one: locked_case(parts, session, one, versions[one]) for one in sorted(versions)}
        case = rows.pop(case_id)
        if case.state == "duplicate":
            raise InputRefused(f"The case {case_id} is a duplicate itself: merge into {case.duplicate_of}.")
        _remember(case, "case.merged", others={one: _kept(row, _DECIDED) for one, row in rows.items()})
        for row in rows.values():
            _same_place(row, case)
            _remember(row, "case.duplicate")
            _move_into(parts, session, row, case)
            _note(parts, session, row, who, "case.duplicate", of=case.id)
        _touch(parts, session, case)
        case.version += 1
        _note(parts, session, case, who, "case.merged", cases=sorted(rows))
    return case


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
        _remember(case, "case.split")
        own = _apart(case, next(iter(rows.values())))
        session.add(own)
        session.flush()
        _keep_reports(case, rows.values())
        for row in rows.values():
            row.case_id = own.id
        case.undo = {**(case.undo or {}), "new": own.id}
        _note(parts, session, case, who, "case.split", case=own.id, reports=len(rows))
        _note(parts, session, own, who, "case.split", case=case.id, reports=len(rows))
        for one in (case, own):
            _touch(parts, session, one)
        case.version += 1
    return own


def assign(parts: Parts, case_id: str, *, version: int, who: str, to: str | None) -> CaseRow:
    """Give a case to somebody of the staff, by their id; None: to nobody. Raises NotFound, InputRefused,
    CaseChanged."""
    with parts.database.writing() as session:
        case = locked_case(parts, session, case_id, version)
        person = session.get(StaffRow, to) if to is not None else None
        if to is not None and (person is None or person.disabled_ms is not None):
            raise InputRefused(f"There is no active account {to[:40]!r} to assign the case to.")
        if person is not None and person.sites is not None and case.site not in person.sites:
            raise InputRefused(f"{person.name} has no access to the site {case.site}.")
        if case.assigned_to != to:
            case.assigned_to = to
            case.version += 1
            case.updated_ms = parts.database.now_ms(session)
            _note(parts, session, case, who, "case.assigned", to=to)
    return case


def add_note(parts: Parts, case_id: str, *, who: str, text: str) -> CaseNoteRow:
    """Keep a note of staff, which listeners never see. Raises NotFound, InputRefused."""
    text = text.strip()
    if not 0 < len(text) <= MAX_NOTE:
        raise InputRefused(f"A note must have 1 to {MAX_NOTE} characters.")
    with parts.database.writing() as session:
        case = _locked(session, case_id)
        case.updated_ms = parts.database.now_ms(session)
        row = CaseNoteRow(id=new_id("note"), case_id=case.id, who=who, text=text, created_ms=case.updated_ms)
        session.add(row)
        _note(parts, session, case, who, "case.noted", note=row.id)
    return row


def undo(parts: Parts, case_id: str, *, version: int, who: str) -> CaseRow:
    """Put back what the last decision replaced. Raises NotFound, CaseChanged; Conflict if there is nothing to undo, or
    if a correction must be taken back instead."""
    with parts.database.writing() as session:
        case = locked_case(parts, session, case_id, version)
        if case.correction_id is not None:
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
    moved = before["what"] in _MOVING
    # A merged case may have been undone by itself.
    merged = [row for one in sorted(before.get("others", {})) if (row := _locked(session, one)).duplicate_of == case.id]
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
        _note(parts, session, row, who, "case.undone", what=before["what"])
    for report in reports:
        report.case_id = answers[report.id]["case_id"]
        for name in _ANSWERED if report.id in following else ():
            setattr(report, name, answers[report.id][name])
        report.updated_ms = parts.database.now_ms(session)
    session.flush()
    touched |= {row.id: row for row in merged}
    for report in reports:
        home = touched.get(report.case_id or "") or _locked(session, report.case_id or "")
        touched[home.id] = home
        if report.settled_ms is None:
            follow_case(parts, session, report, home)
    for report in later:  # they came after the decision
        follow_case(parts, session, report, case)
    case.undo, case.version = None, case.version + 1
    for row in touched.values():
        _touch(parts, session, row)
        if row.reports == 0 and row.id != case.id and row.state != "duplicate":
            _close_empty(parts, session, row, case)
    if told:
        _note(parts, session, case, who, "case.undone", what=before["what"])


def begin_correction(parts: Parts, session: Session, case: CaseRow, correction_id: str, who: str) -> None:
    """Confirm a locked case by a correction, in the correction's transaction. The case stays open until every clip has
    its new revision. Raises Conflict for a duplicate."""
    if case.state == "duplicate":
        raise Conflict(f"This case is a duplicate of {case.duplicate_of}: decide that one, or undo.")
    was: dict[str, Any] = {"was": case.state, "was_because": case.reason or None}
    _change(parts, session, case, who, "confirmed", correction=correction_id, **was)


def settle_corrected(parts: Parts, session: Session, case: CaseRow, correction_id: str, who: str) -> None:
    """Settle a locked case by a correction, in the correction's transaction. Its reports get the revisions that the
    correction has made of their clips."""
    _change(parts, session, case, who, "corrected", correction=correction_id)


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
    _change(parts, session, case, who, state, reason=reason, what="correction.taken_back", taken_back=correction_id)
    case.undo = None  # what there was to undo is undone


def unsettle_clip(parts: Parts, session: Session, case: CaseRow, correction_id: str, clip_id: str, who: str) -> None:
    """Open a locked case again for the reports of one clip, for which its correction is taken back."""
    reopened = _unanswer(parts, session, case, correction_id, clip_id)
    if reopened and case.state == "corrected":
        case.state, case.settled_ms, case.undo = "confirmed", None, None
        case.version += 1
        _note(parts, session, case, who, "correction.clip_taken_back", correction=correction_id, clip=clip_id)
    case.updated_ms = parts.database.now_ms(session)


def keep_in_queue(parts: Parts, reference: str, who: str) -> None:
    """After the state of a single report was set: one that is open again in a settled case gets a case of its own, or
    opens its case if it is the only one there. Raises NotFound."""
    with parts.database.writing() as session:
        report = find_report(session, reference)
        if report.case_id is None or report.state not in OPEN:
            return
        case = _locked(session, report.case_id)
        if case.state in OPEN:
            return
        if case.reports == 1:
            _change(parts, session, case, who, report.state)
            return
        own = _apart(case, report)
        own.state, own.reason, own.correction_id, own.settled_ms = report.state, "", None, None
        session.add(own)
        session.flush()
        report.case_id = own.id
        _note(parts, session, own, who, "case.split", case=case.id, reports=1)
        for one in (case, own):
            _touch(parts, session, one)


def decide_together(cases: Mapping[str, int], decision: Callable[[str, int], CaseRow]) -> tuple[DecisionOutcome, ...]:
    """Make one decision about several cases (id -> version that was seen), each in its own transaction: `decision` is
    called with id and version. A case that can't be decided is named in its outcome. Raises InputRefused."""
    if not 0 < len(cases) <= MAX_TOGETHER:
        raise InputRefused(f"Choose 1 to {MAX_TOGETHER} cases.")
    outcomes = []
    for case_id, version in cases.items():
        try:
            outcomes.append(DecisionOutcome(case_id=case_id, version=decision(case_id, version).version))
        except (NotFound, Conflict, InputRefused) as error:
            outcomes.append(DecisionOutcome(case_id=case_id, version=None, error=error))
    return tuple(outcomes)


def locked_case(parts: Parts, session: Session, case_id: str, version: int | None = None) -> CaseRow:
    """A case that nobody else changes until the session ends. Raises NotFound; CaseChanged if it isn't in the version
    that was seen (None: any)."""
    case = _locked(session, case_id)
    if version is not None and case.version != version:
        raise _changed(parts, session, case)
    return case


# --- how a decision is carried out ---


def _locked(session: Session, case_id: str) -> CaseRow:
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
        f"{deed.name} {_DONE.get(deed.what, 'changed')} this case {ago} ago: look at it again.",
        **now,
        who=deed.name,
        what=deed.what,
        at_ms=deed.at_ms,
    )


def _decide(parts: Parts, case_id: str, version: int, who: str, state: str, *, reason: str = "") -> CaseRow:
    with parts.database.writing() as session:
        case = locked_case(parts, session, case_id, version)
        if case.state == state and case.reason == reason:
            return case
        if case.state == "duplicate":
            raise Conflict(f"This case is a duplicate of {case.duplicate_of}: decide that one, or undo.")
        if case.state == "corrected" and case.correction_id is not None:
            raise Conflict(
                "This case was settled by a correction: take back the correction.", correction=case.correction_id
            )
        _change(parts, session, case, who, state, reason=reason)
    return case


def _change(
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
    _remember(case, f"case.{state}")
    before = case.state
    case.state, case.reason, case.correction_id, case.duplicate_of = state, reason, correction, None
    case.updated_ms = parts.database.now_ms(session)
    case.settled_ms = case.updated_ms if state in RESOLVED else None
    case.version += 1
    following = (before, *OPEN) if before in OPEN else (before,)
    reports = session.scalars(
        select(ReportRow).where(ReportRow.case_id == case.id, ReportRow.state.in_(following)).with_for_update()
    ).all()
    _keep_reports(case, reports)
    for report in reports:
        follow_case(parts, session, report, case)
    told = {"reports": len(reports), "correction": correction} | details
    _note(parts, session, case, who, what or f"case.{state}", **told)


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


def _remember(case: CaseRow, what: str, **more: Any) -> None:
    """Keep what a decision is about to replace."""
    case.undo = {"what": what, "case": _kept(case, _DECIDED), "reports": {}, **more}


def _keep_reports(case: CaseRow, reports: Any) -> None:
    kept = {report.id: _kept(report, _ANSWERED) for report in reports}
    case.undo = {**(case.undo or {}), "reports": {**(case.undo or {}).get("reports", {}), **kept}}


def _kept(row: CaseRow | ReportRow, names: Sequence[str]) -> JsonDict:
    return {name: getattr(row, name) for name in names}


def _restore(case: CaseRow, values: Mapping[str, Any]) -> None:
    for name in _DECIDED:
        setattr(case, name, values[name])


def _cases_of(session: Session, case: CaseRow, reports: Sequence[ReportRow], more: Sequence[str]) -> dict[str, CaseRow]:
    """A locked case and those that have some reports now, locked too, by id."""
    ids = {report.case_id for report in reports if report.case_id is not None} | set(more)
    return {case.id: case} | {one: _locked(session, one) for one in sorted(ids - {case.id})}


def _follows(report: ReportRow, case: CaseRow) -> bool:
    """Whether a report has the answer of its case, and not one of its own."""
    return report.state == case.state or (report.state in OPEN and case.state in OPEN)


def _close_empty(parts: Parts, session: Session, case: CaseRow, taker: CaseRow) -> None:
    """A case that was split off and has no reports any more counts for the one that took them."""
    case.state, case.duplicate_of, case.correction_id, case.undo = "duplicate", taker.id, None, None
    case.settled_ms = parts.database.now_ms(session)
    case.version += 1


def _target(session: Session, case: CaseRow, of: str) -> CaseRow:
    """The case that another becomes a duplicate of. Raises NotFound, InputRefused."""
    target = _locked(session, of)
    if target.id == case.id or target.state == "duplicate":
        raise InputRefused(f"The case {of} can't be the one that counts: choose one that is no duplicate itself.")
    _same_place(case, target)
    return target


def _same_place(case: CaseRow, target: CaseRow) -> None:
    if case.site != target.site:
        raise InputRefused(f"The case {case.id} belongs to the site {case.site}, not to {target.site}.")


def _move_into(parts: Parts, session: Session, case: CaseRow, target: CaseRow) -> None:
    """Make a locked case a duplicate of another: its reports move there and follow that one's state."""
    before = case.state
    reports = session.scalars(select(ReportRow).where(ReportRow.case_id == case.id).with_for_update()).all()
    if case.undo is not None:
        _keep_reports(case, reports)
    case.state, case.duplicate_of, case.correction_id = "duplicate", target.id, None
    case.settled_ms = parts.database.now_ms(session)
    case.version += 1
    for report in reports:
        report.case_id = target.id
        if report.settled_ms is None or report.state == before:
            follow_case(parts, session, report, target)
    _touch(parts, session, case)


def _apart(case: CaseRow, report: ReportRow) -> CaseRow:
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
        version=1,
        reports=0,
        articles=0,
        plays=0,
        breaking=False,
        rank=0.0,
        first_ms=report.created_ms,
        last_ms=report.created_ms,
        updated_ms=case.updated_ms,
        settled_ms=case.settled_ms,
    )


def _touch(parts: Parts, session: Session, case: CaseRow) -> None:
    """Count a case again after its reports have moved."""
    case.updated_ms = parts.database.now_ms(session)
    count_reports(session, case)
    count_plays(session, case, case.updated_ms)


def _note(parts: Parts, session: Session, case: CaseRow, who: str, what: str, /, **details: Any) -> None:
    told = {name: value for name, value in details.items() if value is not None}
    note(parts.database, session, Deed(who=who, what=what, subject=case.id, site=case.site, details=told))
