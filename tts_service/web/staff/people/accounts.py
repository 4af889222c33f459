"""For admins: people, invitations, roles, sites, and the audit log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, cast

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from tts_service.access.audit import COMMAND_LINE, deeds
from tts_service.access.links import invitation_link
from tts_service.access.staff import ROLES, Person, Role, add_person, let_back, people, set_role, set_sites, shut_out
from tts_service.access.tokens import form_token
from tts_service.errors import Conflict, InputRefused, NotFound
from tts_service.newsroom.sites import list_sites
from tts_service.parts import Parts
from tts_service.web.given import GivenParts
from tts_service.web.languages import catalogue, language_accepted
from tts_service.web.pages.names import code_name
from tts_service.web.pages.templating import page
from tts_service.web.staff.session import AdminSignedIn, OwnForm

router = APIRouter(prefix="/staff", include_in_schema=False)
_PER_PAGE = 100
_DEEDS = {"shut-out": "staff.shut-out", "let-back": "staff.let-back", "sites": "staff.sites"}
"""What the list's forms do, as the audit log calls it; others change the role."""
_StaffId = Annotated[str, Path(max_length=64)]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedChange:
    """A form that was refused, and what is wrong with it."""

    form: Mapping[str, str] = field(default_factory=dict)
    complaint: str = ""
    field: str = ""
    """Id of the field at fault."""


@router.get("/people")
def show_people(request: Request, person: AdminSignedIn, parts: GivenParts) -> Response:
    """Everybody, and a form to invite somebody."""
    return _page(request, parts, person)


@router.post("/people")
async def invite(request: Request, person: AdminSignedIn, form: OwnForm, parts: GivenParts) -> Response:
    """Make an account; the page shows its invitation's address, this once."""
    return await run_in_threadpool(_invite, request, parts, person, form)


@router.post("/people/{staff_id}")
async def change_person(
    request: Request, staff_id: _StaffId, person: AdminSignedIn, form: OwnForm, parts: GivenParts
) -> Response:
    """Change a role or sites, shut somebody out, let them back, or invite them again."""
    return await run_in_threadpool(_change, request, parts, person, staff_id, form)


@router.get("/log")
def show_log(
    request: Request, person: AdminSignedIn, parts: GivenParts, below: Annotated[str, Query(max_length=64)] = ""
) -> Response:
    """The audit log, newest first."""
    rows = deeds(parts.database, below=below or None, most=_PER_PAGE + 1)
    language = language_accepted(request)
    words = catalogue(language)
    names = {f"staff:{row.id}": row.name for row in people(parts.database)}
    names[COMMAND_LINE] = words.gettext("command line")
    lines = [
        {
            "at": row.at_ms,
            "who": names.get(row.who, row.who),
            "what": row.what,
            "deed": code_name(words, "deed", row.what),
            "subject": names.get(f"staff:{row.subject}", row.subject),
            "site": row.site or "",
            "details": ", ".join(f"{name}: {value}" for name, value in row.details.items()),
        }
        for row in rows[:_PER_PAGE]
    ]
    older = rows[_PER_PAGE - 1].id if len(rows) > _PER_PAGE else None
    values = {"person": person, "form_token": form_token(person.token), "lines": lines, "older": older}
    return page(request, "staff_log.html", values, language=language)


def _invite(request: Request, parts: Parts, person: Person, form: Mapping[str, str]) -> Response:
    role = cast("Role", form.get("role", ""))
    try:
        sites = None if role == "admin" else _sites(parts, form)
        row = add_person(parts.database, form.get("name", ""), role, person.who, sites)
    except (InputRefused, Conflict) as error:
        refused = RefusedChange(form=form, complaint=error.message, field=error.details.get("field", "name"))
        return _page(request, parts, person, refused=refused)
    link = invitation_link(parts.settings, parts.database, row.id, person.who)
    return _page(request, parts, person, link=link, invited=row.name)


def _change(request: Request, parts: Parts, person: Person, staff_id: str, form: Mapping[str, str]) -> Response:
    do = form.get("do", "")
    try:
        if do == "invite":
            row = next((row for row in people(parts.database) if row.id == staff_id), None)
            if row is None:
                raise NotFound(f"There is no account with the id {staff_id}.")
            link = invitation_link(parts.settings, parts.database, row.id, person.who)
            return _page(request, parts, person, link=link, invited=row.name)
        if do == "shut-out":
            shut_out(parts.database, staff_id, person.who)
        elif do == "let-back":
            let_back(parts.database, staff_id, person.who)
        elif do == "sites":
            set_sites(parts.database, staff_id, _sites(parts, form), person.who)
        else:
            set_role(parts.database, staff_id, cast("Role", do), person.who)
    except (InputRefused, Conflict) as error:
        field = f"{'sites' if do == 'sites' else 'do'}-{staff_id}"
        return _page(request, parts, person, refused=RefusedChange(form=form, complaint=error.message, field=field))
    return RedirectResponse(f"/staff/people?done={_DEEDS.get(do, 'staff.role')}#told", 303)


def _sites(parts: Parts, form: Mapping[str, str]) -> list[str] | None:
    """The sites named in a form, separated by commas or spaces; None: all, if that was chosen. Raises InputRefused."""
    if form.get("reach") == "all":
        return None
    names = form.get("sites", "").replace(",", " ").split()
    if not names:
        raise InputRefused("Choose all sites, or name the sites.", field="sites")
    known = {site.name for site in list_sites(parts.database)}
    unknown = next((name for name in names if name not in known), None)
    if unknown is not None:
        raise InputRefused(f"There is no site called {unknown[:64]}.", field="sites")
    return names


def _page(
    request: Request,
    parts: Parts,
    person: Person,
    *,
    link: str = "",
    invited: str = "",
    refused: RefusedChange | None = None,
) -> Response:
    refused = refused or RefusedChange()
    rows = [
        {
            "id": row.id,
            "name": row.name,
            "role": row.role,
            "sites": row.sites,
            "out": row.disabled_ms is not None,
            "by": "password" if row.password_hash else "oidc" if row.oidc_subject else "link",
            "since": row.created_ms,
        }
        for row in people(parts.database)
    ]
    language = language_accepted(request)
    values = {
        "person": person,
        "form_token": form_token(person.token),
        "people": rows,
        "roles": ROLES,
        "sites": [site.name for site in list_sites(parts.database)],
        "link": link,
        "invited": invited,
        "complaint": refused.complaint,
        "refused": refused.field,
        "done": done if (done := request.query_params.get("done", "")) in (*_DEEDS.values(), "staff.role") else "",
        "form": defaultdict(str, refused.form),
    }
    return page(request, "staff_people.html", values, language=language, status=422 if refused.complaint else 200)
