"""Cases, for staff's own tools: the queue, decisions, notes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response, Security
from sqlalchemy import select

from tts_service.access.keys import Caller
from tts_service.corrections.cases import decisions, regrouping
from tts_service.corrections.cases.history import author_name
from tts_service.corrections.cases.page import case_page
from tts_service.corrections.cases.queue import choices, queue
from tts_service.corrections.cases.undoing import undo
from tts_service.db.tables import CaseNoteRow, CaseRow
from tts_service.errors import CaseChanged, Conflict, InputRefused, InvalidRequest, NotFound
from tts_service.parts import Parts
from tts_service.web.auth import MayReport
from tts_service.web.given import GivenParts
from tts_service.web.reading import iso
from tts_service.web.responses import JSON_BODY, STAFF, problems
from tts_service.web.schemas.case_decisions import (
    CaseDecision,
    CaseMerge,
    CaseNoteIn,
    CaseOutcome,
    CasesDecided,
    CasesDecision,
    CaseSeen,
    CaseSplit,
)
from tts_service.web.schemas.cases import CaseDetail, CaseList, CaseNote, CaseOut, CaseQuery
from tts_service.web.security import SESSION

router = APIRouter(prefix="/v1/cases", tags=["cases"], dependencies=[Security(SESSION)])

_CaseId = Annotated[str, Path(max_length=64, description="The case's id", examples=["case_019b4c5e77f17a42"])]
_CHANGING = (*STAFF, *JSON_BODY, CaseChanged, NotFound)


def _own_case(case_id: _CaseId, caller: MayReport, parts: GivenParts) -> str:
    """A dependency: the id of a case of the caller's sites. Raises NotFound."""
    _require_own(parts, caller, [case_id])
    return case_id


OwnCase = Annotated[str, Depends(_own_case)]


@router.get("", responses=problems(*STAFF, InputRefused, InvalidRequest))
def list_cases(asked: Annotated[CaseQuery, Query()], caller: MayReport, parts: GivenParts) -> CaseList:
    """List cases, the most urgent first: breaking news, then reports, plays and freshness.

    A key for one site sees only that site's.
    """
    with parts.database.reading() as session:
        wanted = asked.wanted(caller.sites, parts.database.now_ms(session))
        page = queue(session, wanted, after=asked.place(), most=asked.limit)
        numbers = choices(session, wanted).by_state
    following = asked.cursor_after(page.after) if page.after else None
    return CaseList(cases=[CaseOut.of(case) for case in page.cases], by_state=numbers, next=following)


@router.post("/decide", responses=problems(*STAFF, *JSON_BODY, InputRefused))
def decide_cases(wanted: CasesDecision, caller: MayReport, parts: GivenParts) -> CasesDecided:
    """Make one decision about several cases. Each succeeds or fails by itself; the response says which and why."""
    decision = CaseDecision.model_construct(
        version=1, state=wanted.state, reason=wanted.reason, duplicate_of=None, assigned_to=wanted.assigned_to
    )
    _require_one(decision)

    return CasesDecided(
        cases=[
            _outcome(parts, caller, one.id, decision.model_copy(update={"version": one.version}))
            for one in wanted.cases
        ]
    )


@router.get("/{case_id}", responses=problems(*STAFF, InvalidRequest, NotFound))
def show_case(case_id: OwnCase, parts: GivenParts) -> CaseDetail:
    """Show a case with its reports, notes and history, and what was said."""
    return _detail(parts, case_id)


@router.patch("/{case_id}", responses=problems(*_CHANGING, Conflict, InputRefused))
def decide_case(case_id: OwnCase, wanted: CaseDecision, caller: MayReport, parts: GivenParts) -> CaseDetail:
    """Decide a case, or assign it. Its reports get its state, and listeners read it at their reference.

    409 `case_changed` if someone else has decided it since `version`: nothing is changed then.
    """
    _require_one(wanted)
    if wanted.duplicate_of is not None:
        _require_own(parts, caller, [wanted.duplicate_of])
    _decided(parts, case_id, wanted, caller.who)
    return _detail(parts, case_id)


@router.post("/{case_id}/notes", status_code=201, responses=problems(*STAFF, *JSON_BODY, InputRefused, NotFound))
def add_case_note(case_id: OwnCase, sent: CaseNoteIn, caller: MayReport, parts: GivenParts) -> CaseNote:
    """Add a note for colleagues. Listeners never see it."""
    row = decisions.add_note(parts, case_id, who=caller.who, text=sent.text)
    with parts.database.reading() as session:
        name = session.scalar(select(author_name(CaseNoteRow.who)).where(CaseNoteRow.id == row.id))
    return CaseNote(name=name or row.who, text=row.text, created_at=iso(row.created_ms))


@router.post("/{case_id}/merge", responses=problems(*_CHANGING, InputRefused))
def merge_cases(case_id: OwnCase, wanted: CaseMerge, caller: MayReport, parts: GivenParts) -> CaseDetail:
    """Make other cases duplicates of this one, all or none: it gets their reports, and those that come."""
    others = {one.id: one.version for one in wanted.cases}
    _require_own(parts, caller, list(others))
    regrouping.merge(parts, case_id, version=wanted.version, who=caller.who, others=others)
    return _detail(parts, case_id)


@router.post("/{case_id}/split", status_code=201, responses=problems(*_CHANGING, InputRefused))
def split_case(
    case_id: OwnCase, wanted: CaseSplit, caller: MayReport, parts: GivenParts, response: Response
) -> CaseDetail:
    """Give some of the reports a case of their own, and show it."""
    own = regrouping.split_off(parts, case_id, version=wanted.version, who=caller.who, reports=wanted.reports)
    response.headers["Location"] = f"/v1/cases/{own.id}"
    return _detail(parts, own.id)


@router.post("/{case_id}/undo", responses=problems(*_CHANGING, Conflict))
def undo_decision(case_id: OwnCase, wanted: CaseSeen, caller: MayReport, parts: GivenParts) -> CaseDetail:
    """Undo the last decision about a case. A case that a correction settled is reopened by taking that back."""
    undo(parts, case_id, version=wanted.version, who=caller.who)
    return _detail(parts, case_id)


def _require_own(parts: Parts, caller: Caller, case_ids: list[str]) -> None:
    """Raises NotFound for a case that isn't there, or of a site that the caller has no access to."""
    with parts.database.reading() as session:
        for case_id in case_ids:
            case = session.get(CaseRow, case_id)
            if case is None or not caller.may_touch(case.site):
                raise NotFound(f"There is no case {case_id[:40]}.")


def _require_one(wanted: CaseDecision) -> None:
    if (wanted.state is None) == (wanted.assigned_to is None):
        raise InputRefused("Send either `state` or `assigned_to`: one decision at a time.")
    if (wanted.state == "duplicate") != (wanted.duplicate_of is not None):
        raise InputRefused("`duplicate_of` belongs to the state `duplicate`.")
    if wanted.reason is not None and wanted.state != "rejected":
        raise InputRefused("`reason` belongs to the state `rejected`.")


def _decided(parts: Parts, case_id: str, wanted: CaseDecision, who: str) -> CaseRow:
    version = wanted.version
    match wanted.state:
        case None:
            return decisions.assign(parts, case_id, version=version, who=who, to=wanted.assigned_to or None)
        case "new":
            return decisions.reopen_case(parts, case_id, version=version, who=who)
        case "confirmed":
            return decisions.confirm_case(parts, case_id, version=version, who=who)
        case "corrected":
            return decisions.mark_corrected(parts, case_id, version=version, who=who)
        case "rejected":
            return decisions.reject(parts, case_id, version=version, who=who, reason=wanted.reason or "")
        case "duplicate":
            return regrouping.mark_duplicate(parts, case_id, version=version, who=who, of=wanted.duplicate_of or "")


def _outcome(parts: Parts, caller: Caller, case_id: str, wanted: CaseDecision) -> CaseOutcome:
    """Decide one of several cases, and say what became of it."""
    try:
        _require_own(parts, caller, [case_id])
        version = _decided(parts, case_id, wanted, caller.who).version
    except (NotFound, Conflict, InputRefused) as error:
        return CaseOutcome(id=case_id, version=None, error=error.code, detail=error.message)
    return CaseOutcome(id=case_id, version=version, error=None, detail=None)


def _detail(parts: Parts, case_id: str) -> CaseDetail:
    with parts.database.reading() as session:
        return CaseDetail.of_page(case_page(session, case_id))
