"""What staff decide about a case: confirm, reject, correct by other means, assign, note; several at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tts_service.corrections.cases.state import (
    change_state,
    lock_case,
    locked_case,
    note_deed,
)
from tts_service.db.session import new_id
from tts_service.db.tables import CaseNoteRow, CaseRow, StaffRow
from tts_service.errors import Conflict, InputRefused, NotFound, ServiceError
from tts_service.listeners.reports import MAX_COMMENT
from tts_service.parts import Parts

MAX_NOTE = 2000
MAX_TOGETHER = 200
"""Cases that one bulk decision or merge takes."""


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
            note_deed(parts, session, case, who, "case.assigned", to=to)
    return case


def add_note(parts: Parts, case_id: str, *, who: str, text: str) -> CaseNoteRow:
    """Keep a note of staff, which listeners never see. Raises NotFound, InputRefused."""
    text = text.strip()
    if not 0 < len(text) <= MAX_NOTE:
        raise InputRefused(f"A note must have 1 to {MAX_NOTE} characters.")
    with parts.database.writing() as session:
        case = lock_case(session, case_id)
        case.updated_ms = parts.database.now_ms(session)
        row = CaseNoteRow(id=new_id("note"), case_id=case.id, who=who, text=text, created_ms=case.updated_ms)
        session.add(row)
        note_deed(parts, session, case, who, "case.noted", note=row.id)
    return row


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
        change_state(parts, session, case, who, state, reason=reason)
    return case
