"""A case's page: what was heard, what listeners say, and what staff decide about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from tts_service.access.staff import Person
from tts_service.access.tokens import form_token
from tts_service.corrections.cases import decisions, regrouping
from tts_service.corrections.cases.naming import case_named
from tts_service.corrections.cases.page import case_page
from tts_service.corrections.cases.queue import neighbour
from tts_service.corrections.cases.undoing import undo
from tts_service.corrections.closing import close_by_entry
from tts_service.errors import CaseChanged, Conflict, InputRefused, NotFound
from tts_service.parts import Parts
from tts_service.web.given import GivenParts
from tts_service.web.languages import language_accepted
from tts_service.web.pages.templating import page
from tts_service.web.staff.desk.case_view import CaseFound, case_page_of, find_case
from tts_service.web.staff.desk.occurrences import occurrences
from tts_service.web.staff.desk.queue_query import MOST_CHARACTERS, carried_query
from tts_service.web.staff.session import OwnForm, SignedIn

router = APIRouter(prefix="/staff/cases", include_in_schema=False)

CaseId = Annotated[str, Path(max_length=64)]
Carried = Annotated[str, Query(max_length=MOST_CHARACTERS)]
"""Query of the queue's list that a case was opened from."""
_DEEDS = {
    "confirm": "case.confirmed",
    "reject": "case.rejected",
    "corrected": "case.corrected",
    "reopen": "case.new",
    "undo": "case.undone",
    "assign": "case.assigned",
    "note": "case.noted",
    "split": "case.split",
    "duplicate": "case.merged",
}
"""What the page tells after each decision."""
_FIELDS = {"reject": "reason", "note": "note", "duplicate": "other"}
"""The field that a refused decision complains at."""


@router.get("/{case_id}")
def open_case(
    request: Request,
    case_id: CaseId,
    person: SignedIn,
    parts: GivenParts,
    did: Annotated[str, Query(max_length=40)] = "",
    queue: Carried = "",
) -> Response:
    """One case. `did`: the deed that the page tells of. Raises NotFound, NotAllowed."""
    return case_page_of(request, parts, person, CaseFound(case_id=case_id, did=did, queue=queue))


@router.get("/{case_id}/next")
def next_case(case_id: CaseId, person: SignedIn, parts: GivenParts, queue: Carried = "") -> RedirectResponse:
    """The case below this one in the list that it was opened from; that list where there is none.

    Raises NotFound, NotAllowed."""
    return _beside(parts, person, case_id, queue, below=True)


@router.get("/{case_id}/previous")
def previous_case(case_id: CaseId, person: SignedIn, parts: GivenParts, queue: Carried = "") -> RedirectResponse:
    """The case above this one in the list that it was opened from; that list where there is none.

    Raises NotFound, NotAllowed."""
    return _beside(parts, person, case_id, queue, below=False)


@router.get("/{case_id}/elsewhere")
def show_elsewhere(request: Request, case_id: CaseId, person: SignedIn, parts: GivenParts) -> Response:
    """Where else the case's word is said; the case's page loads it when it is shown. Raises NotFound, NotAllowed."""
    with parts.database.reading() as session:
        case = find_case(session, person, case_id)
        is_word = case.kind == "word" and bool(case.written)
        found = occurrences(session, case.written, case.language, case.site) if is_word else []
    values = {
        "person": person,
        "form_token": form_token(person.token),
        "case": case,
        "occurrences": [one for one in found if one["text"] != case.sentence],
    }
    return page(request, "desk_elsewhere.html", values, language=language_accepted(request))


@router.post("/{case_id}/decide")
async def decide(
    request: Request, case_id: CaseId, person: SignedIn, form: OwnForm, parts: GivenParts, queue: Carried = ""
) -> Response:
    """Decide a case; the page says why not, and keeps what was typed, where that can't be.

    Raises NotFound, NotAllowed."""
    return await run_in_threadpool(_decide, request, parts, person, case_id, queue, form)


def case_address(case_id: str, queue: str, did: str = "") -> str:
    """The address of a case's page. `did`: the deed that it tells of."""
    carried = carried_query(queue).carried
    told = f"{'&' if carried else '?'}did={did}" if did else ""
    return f"/staff/cases/{quote(case_id, safe='')}{carried}{told}"


def _beside(parts: Parts, person: Person, case_id: str, queue: str, *, below: bool) -> RedirectResponse:
    wanted = carried_query(queue)
    with parts.database.reading() as session:
        case = find_case(session, person, case_id)
        found = neighbour(session, wanted.filter(person, parts.database.now_ms(session)), case, below=below)
    query = wanted.query()
    up = f"/staff?{query}" if query else "/staff"
    return RedirectResponse(case_address(found, queue) if found else up, 303)


def _decide(
    request: Request, parts: Parts, person: Person, case_id: str, queue: str, form: Mapping[str, str]
) -> Response:
    with parts.database.reading() as session:
        find_case(session, person, case_id)
    try:
        shown = _decided(parts, person, case_id, form)
    except (CaseChanged, Conflict, InputRefused) as error:
        wrong = "" if isinstance(error, CaseChanged) else _FIELDS.get(form.get("do", ""), "")
        found = CaseFound(case_id=case_id, error=error, wrong=wrong, queue=queue, form=form)
        return case_page_of(request, parts, person, found)
    return RedirectResponse(case_address(shown, queue, _DEEDS[form["do"]]), 303)


def _decided(parts: Parts, person: Person, case_id: str, form: Mapping[str, str]) -> str:
    """Makes the decision that a form asks for. Returns the case to show next."""
    version, who = version_of(form), person.who
    match form.get("do", ""):
        case "confirm":
            decisions.confirm_case(parts, case_id, version=version, who=who)
        case "reject":
            decisions.reject(parts, case_id, version=version, who=who, reason=form.get("reason", ""))
        case "corrected" if form.get("entry"):
            _require_since(parts, case_id, form["entry"])
            close_by_entry(parts, case_id, version=version, who=who, entry_id=form["entry"])
        case "corrected":
            decisions.mark_corrected(parts, case_id, version=version, who=who)
        case "reopen":
            decisions.reopen_case(parts, case_id, version=version, who=who)
        case "undo":
            undo(parts, case_id, version=version, who=who)
        case "assign":
            decisions.assign(parts, case_id, version=version, who=who, to=form.get("assignee") or None)
        case "note":
            decisions.add_note(parts, case_id, who=who, text=form.get("note", ""))
        case "split":
            chosen = [name.removeprefix("report-") for name in form if name.startswith("report-")]
            return regrouping.split_off(parts, case_id, version=version, who=who, reports=chosen).id
        case "duplicate":
            other = _other(parts, person, case_id, form)
            regrouping.mark_duplicate(parts, case_id, version=version, who=who, of=other)
            return other
        case other:
            raise InputRefused(f"There is no decision {other[:40]!r}.")
    return case_id


def _require_since(parts: Parts, case_id: str, entry_id: str) -> None:
    """Raises InputRefused where the entry isn't the one that the case's word has got."""
    with parts.database.reading() as session:
        since = case_page(session, case_id).case.since
    if since is None or since.entry_id != entry_id:
        raise InputRefused("The form can't be read: reload the page.")


def version_of(form: Mapping[str, str]) -> int:
    """The version of the case that the page showed. Raises InputRefused."""
    sent = form.get("version", "")
    if not (sent.isascii() and sent.isdigit() and len(sent) < 10):
        raise InputRefused("The form doesn't say which version of the case it shows: reload the page.")
    return int(sent)


def _other(parts: Parts, person: Person, case_id: str, form: Mapping[str, str]) -> str:
    """The case that a field names, or that was chosen among those it names. Raises InputRefused, NotAllowed."""
    with parts.database.reading() as session:
        case = find_case(session, person, case_id)
        try:
            return find_case(session, person, case_named(session, case, form.get("into") or form.get("other", ""))).id
        except NotFound as error:  # of what was typed: the page that it was typed in says so
            raise InputRefused(error.message) from error
