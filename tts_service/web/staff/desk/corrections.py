"""Corrections for staff: the list, one with its clips, trying failed clips again, and taking back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from tts_service.access.sites import within
from tts_service.access.staff import Person
from tts_service.access.tokens import form_token
from tts_service.corrections.taking_back import retry, take_back, take_back_clip
from tts_service.db.tables import CorrectionRow
from tts_service.errors import Conflict, InputRefused, NotFound
from tts_service.parts import Parts
from tts_service.web.given import GivenParts
from tts_service.web.languages import catalogue, language_accepted
from tts_service.web.pages.errors import refusal
from tts_service.web.pages.templating import page
from tts_service.web.staff.desk.case import case_address
from tts_service.web.staff.desk.case_view import deed_told
from tts_service.web.staff.desk.correction_view import shown_clips, shown_corrections
from tts_service.web.staff.session import OwnForm, SignedIn

router = APIRouter(prefix="/staff/corrections", include_in_schema=False)

STATES = ("rendering", "done", "failed", "taken_back")
_PER_PAGE = 50
CorrectionId = Annotated[str, Path(max_length=64)]


class CorrectionsQuery(BaseModel):
    """Which corrections; empty: any."""

    state: str = Field("", max_length=20)
    site: str = Field("", max_length=64)
    below: str = Field("", max_length=64)


@router.get("")
def show_corrections(
    request: Request, person: SignedIn, parts: GivenParts, wanted: Annotated[CorrectionsQuery, Query()]
) -> Response:
    """Corrections of the person's sites and of all sites, newest first. Raises NotAllowed for another's site."""
    language = language_accepted(request)
    mine = or_(CorrectionRow.site.is_(None), within(person.sites, CorrectionRow.site))
    query = select(CorrectionRow.id).where(mine).order_by(CorrectionRow.id.desc()).limit(_PER_PAGE + 1)
    if wanted.state in STATES:
        query = query.where(CorrectionRow.state == wanted.state)
    if wanted.site:
        person.require_site(wanted.site)
        query = query.where(CorrectionRow.site == wanted.site)
    if wanted.below:
        query = query.where(CorrectionRow.id < wanted.below)
    with parts.database.reading() as session:
        shown = shown_corrections(session, query, catalogue(language))
    values = {
        "person": person,
        "form_token": form_token(person.token),
        "corrections": shown[:_PER_PAGE],
        "wanted": wanted,
        "states": STATES,
        "older": shown[_PER_PAGE - 1]["id"] if len(shown) > _PER_PAGE else None,
    }
    return page(request, "desk_corrections.html", values, language=language)


@router.get("/{correction_id}")
def open_correction(
    request: Request,
    correction_id: CorrectionId,
    person: SignedIn,
    parts: GivenParts,
    after: Annotated[str, Query(max_length=64)] = "",
    did: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """One correction with its clips. `did`: the deed that the page tells of. Raises NotFound, NotAllowed."""
    return _page(request, parts, person, correction_id, after=after, did=did)


@router.post("/{correction_id}")
async def change_correction(
    request: Request, correction_id: CorrectionId, person: SignedIn, form: OwnForm, parts: GivenParts
) -> Response:
    """Take it back, for every clip or for one, or try failed clips again. Raises NotFound, NotAllowed, InputRefused."""
    return await run_in_threadpool(_change, request, parts, person, correction_id, form)


def _change(request: Request, parts: Parts, person: Person, correction_id: str, form: Mapping[str, str]) -> Response:
    with parts.database.reading() as session:
        person.require_site(_found(session, correction_id).site)
    do, clip = form.get("do", ""), form.get("clip", "")
    try:
        if do == "retry":
            retry(parts, correction_id, person.who)
        elif do == "take-back" and clip:
            take_back_clip(parts, correction_id, clip, person.who)
        elif do == "take-back":
            take_back(parts, correction_id, person.who)
        else:
            raise InputRefused(f"A correction is taken back or tried again, not {do[:40]!r}.")
    except Conflict as error:
        return _page(request, parts, person, correction_id, conflict=error)
    taken_back = "correction.clip_taken_back" if clip else "correction.taken_back"
    did = "correction.retried" if do == "retry" else taken_back
    case_id = form.get("case", "")
    at = f"/staff/corrections/{correction_id}?did={did}"
    return RedirectResponse(case_address(case_id, form.get("queue", ""), did) if case_id else at, 303)


def _page(
    request: Request,
    parts: Parts,
    person: Person,
    correction_id: str,
    *,
    after: str = "",
    did: str = "",
    conflict: Conflict | None = None,
) -> Response:
    language = language_accepted(request)
    words = catalogue(language)
    with parts.database.reading() as session:
        row = _found(session, correction_id)
        if row.site is not None:
            person.require_site(row.site)
        (shown,) = shown_corrections(session, select(CorrectionRow.id).where(CorrectionRow.id == row.id), words)
        clips, more = shown_clips(session, correction_id, person.sites, after=after, most=_PER_PAGE)
    values = {
        "person": person,
        "form_token": form_token(person.token),
        "correction": shown,
        "clips": clips,
        "more": more,
        "may_change": person.may_see(row.site),
        "told": deed_told(words, did),
        "complaint": refusal(conflict.message, words) if conflict else "",
    }
    return page(
        request, "desk_correction_page.html", values, language=language, status=conflict.status if conflict else 200
    )


def _found(session: Session, correction_id: str) -> CorrectionRow:
    row = session.get(CorrectionRow, correction_id)
    if row is None:
        raise NotFound(f"There is no correction {correction_id[:40]}.")
    return row
