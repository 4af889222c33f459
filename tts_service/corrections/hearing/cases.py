"""The case of a sentence that sounds wrong to us: one of its own, or the one that its sentence has already."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.access.audit import SERVICE
from tts_service.corrections.cases.likeness import text_digest
from tts_service.corrections.cases.one_at_a_time import lock_cases_of
from tts_service.corrections.cases.state import note_deed
from tts_service.corrections.cases.weight import count_plays, count_reports
from tts_service.db.session import new_id
from tts_service.db.tables import CaseRow
from tts_service.parts import Parts

HEARD = "heard"
"""Category of the cases that begin with what we heard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OddSentence:
    """A sentence that sounds wrong."""

    site: str
    language: str
    voice: str
    written: str


def case_for(parts: Parts, session: Session, odd: OddSentence) -> CaseRow:
    """The sentence's case, in the caller's transaction. One that was settled by a correction is open again: the sound
    is a new one. One that staff rejected stays rejected."""
    lock_cases_of(session, odd.site)
    key, now = text_digest(odd.written), parts.database.now_ms(session)
    mine = {"site": odd.site, "language": odd.language, "voice": odd.voice, "kind": "sentence", "key": key}
    found = select(CaseRow).filter_by(**mine).order_by(CaseRow.updated_ms.desc()).limit(1).with_for_update()
    case = session.scalars(found).one_or_none()
    if case is None:
        times = {"first_ms": now, "last_ms": now, "updated_ms": now, "settled_ms": None}
        case = CaseRow(id=new_id("case"), **mine, **times, category=HEARD, written="", sentence=odd.written)
        case.state, case.reason = "new", ""
        session.add(case)
        session.flush()
    elif case.state == "corrected":
        case.state, case.settled_ms, case.undo = "new", None, None
        case.version += 1
        note_deed(parts, session, case, SERVICE, "case.reopened", correction=case.correction_id)
    case.updated_ms = now
    return case


def weigh_case(session: Session, case: CaseRow, now_ms: int) -> None:
    """Count a case that has one more sentence."""
    count_reports(session, case)
    count_plays(session, case, now_ms)
