"""Signing in and out: by password, one-time link or invitation."""

from __future__ import annotations

import logging

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from tts_service.access.passwords import LONGEST, SHORTEST
from tts_service.access.sessions import close_session, look_at_link, open_session, use_link
from tts_service.access.staff import Person, set_password, with_password
from tts_service.db.tables import StaffRow
from tts_service.errors import InputRefused, SignInRefused
from tts_service.parts import Parts
from tts_service.settings import Settings
from tts_service.web.doors.counting import Visitors
from tts_service.web.doors.rates import Rates
from tts_service.web.given import GivenParts
from tts_service.web.languages import catalogue, language_accepted
from tts_service.web.pages.errors import refusal
from tts_service.web.pages.templating import page
from tts_service.web.staff.session import (
    OwnForm,
    SignedIn,
    fields_of,
    forget_session,
    keep_session,
    require_own_page,
    require_safe_address,
)

router = APIRouter(prefix="/staff", include_in_schema=False)
FIRST_PAGE = "/staff"

log = logging.getLogger(__name__)


@router.get("/sign-in")
def ask(request: Request, parts: GivenParts, token: str = "") -> Response:
    """The form. A link is used only by its button: what looks at addresses in mails doesn't use it up."""
    require_safe_address(parts.settings)
    return _form(request, parts, token=token)


@router.post("/sign-in")
async def sign_in(request: Request, parts: GivenParts) -> Response:
    """Open a session, by link or by name and password."""
    require_safe_address(parts.settings)
    require_own_page(request, parts.settings)
    fields = await fields_of(request)
    rates, visitor = await count_try(request)
    name = fields.get("name", "").strip().lower()
    try:
        if fields.get("token"):
            link = await run_in_threadpool(use_link, parts.database, "sign-in", fields["token"])
            return await _enter(request, parts, link.staff_id or "", "link")
        if not parts.settings.staff_passwords:
            raise SignInRefused("Signing in with a password is turned off: use another way to sign in.")
        await rates.require("login", name, visitor)
        await rates.require("login_account", name)
        row = await run_in_threadpool(with_password, parts.database, name, fields.get("password", ""))
        await rates.forget("login", name, visitor)
    except SignInRefused as error:
        log.warning("sign-in refused: %s", error.message)
        return _form(request, parts, name=name, complaint=error.message, status=error.status)
    return await _enter(request, parts, row.id, "password")


@router.get("/invitation")
def invited(request: Request, parts: GivenParts, token: str = "") -> Response:
    """Choose a password. Raises SignInRefused for a link that can't be used."""
    require_safe_address(parts.settings)
    return _invitation(request, token, _invited(parts, token).name)


@router.post("/invitation")
async def accept(request: Request, parts: GivenParts) -> Response:
    """Keep the password that somebody invited chose, and open a session."""
    require_safe_address(parts.settings)
    require_own_page(request, parts.settings)
    fields = await fields_of(request)
    await count_try(request)
    token = fields.get("token", "")
    row = await run_in_threadpool(_invited, parts, token)
    try:
        await run_in_threadpool(_accept, parts, row, token, fields.get("password", ""))
    except InputRefused as error:
        return _invitation(request, token, row.name, error.message)
    return await _enter(request, parts, row.id, "link")


@router.post("/sign-out")
async def sign_out(person: SignedIn, _form: OwnForm, parts: GivenParts) -> Response:
    """End this session."""
    await run_in_threadpool(close_session, parts.database, person)
    answer = RedirectResponse("/staff/sign-in", 303)
    forget_session(answer, parts.settings)
    return answer


async def count_try(request: Request) -> tuple[Rates, str]:
    """One try from this address; what the others are counted with. Raises RateExceeded."""
    rates: Rates = request.app.state.rates
    visitors: Visitors = request.app.state.visitors
    visitor = await visitors.of(request.scope)
    await rates.require("login_address", visitor)
    return rates, visitor


async def _enter(request: Request, parts: Parts, staff_id: str, how: str) -> Response:
    browser = request.headers.get("user-agent", "")
    token = await run_in_threadpool(open_session, parts.database, staff_id, how, browser)
    answer = RedirectResponse(FIRST_PAGE, 303)
    keep_session(answer, parts.settings, token)
    return answer


def _invited(parts: Parts, token: str) -> StaffRow:
    link = look_at_link(parts.database, "invitation", token)
    with parts.database.reading() as session:
        row = session.get(StaffRow, link.staff_id) if link else None
    if row is None or row.disabled_ms is not None:
        raise SignInRefused(
            "This invitation has already been used, has expired or is not valid: ask an admin for a new one."
        )
    return row


def _accept(parts: Parts, row: StaffRow, token: str, password: str) -> None:
    # The password is checked first: one that is refused doesn't use the invitation up.
    person = Person(id=row.id, name=row.name, role="staff", sites=(), token="")
    set_password(parts.database, person, password, first=lambda: use_link(parts.database, "invitation", token))


def _form(
    request: Request, parts: Parts, *, token: str = "", name: str = "", complaint: str = "", status: int = 200
) -> Response:
    language = language_accepted(request)
    values = {
        "token": token[:100],
        "name": name[:200],
        "complaint": complaint and refusal(complaint, catalogue(language)),
        "passwords": parts.settings.staff_passwords,
        "elsewhere": _elsewhere(parts.settings, language),
    }
    return page(request, "staff_sign_in.html", values, language=language, status=status)


def _elsewhere(settings: Settings, language: str) -> str:
    """What the issuer is called; empty without one."""
    if not settings.oidc_issuer:
        return ""
    unnamed = settings.oidc_name == Settings.model_fields["oidc_name"].default
    return catalogue(language).gettext("single sign-on") if unnamed else settings.oidc_name


def _invitation(request: Request, token: str, name: str, complaint: str = "") -> Response:
    language = language_accepted(request)
    values = {
        "token": token,
        "name": name,
        "complaint": complaint and refusal(complaint, catalogue(language)),
        "shortest": SHORTEST,
        "longest": LONGEST,
    }
    return page(request, "staff_invitation.html", values, language=language, status=422 if complaint else 200)
