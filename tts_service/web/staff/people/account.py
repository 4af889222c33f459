"""One's own account: password, weekly summary and sessions."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from tts_service.access import passwords
from tts_service.access.passwords import LONGEST, SHORTEST
from tts_service.access.sessions import close_others, sessions_of
from tts_service.access.staff import Person, set_password, staff_named
from tts_service.access.tokens import digest, form_token
from tts_service.corrections.figures.summary import want_summary
from tts_service.errors import InputRefused
from tts_service.mail.message import is_mailbox
from tts_service.parts import Parts
from tts_service.web.doors.rates import Rates
from tts_service.web.given import GivenParts
from tts_service.web.languages import catalogue, language_accepted, locale_of, page_languages
from tts_service.web.pages.errors import refusal
from tts_service.web.pages.templating import page
from tts_service.web.staff.session import OwnForm, SignedIn

router = APIRouter(prefix="/staff/account", include_in_schema=False)


@router.get("")
def show_account(request: Request, person: SignedIn, parts: GivenParts) -> Response:
    """The page."""
    return _page(request, parts, person)


@router.post("/password")
async def change_password(request: Request, person: SignedIn, form: OwnForm, parts: GivenParts) -> Response:
    """Change the password, knowing the present one if there is one; other sessions end."""
    rates: Rates = request.app.state.rates
    await rates.require("login", person.name, "account page")
    try:
        await run_in_threadpool(_change, parts, person, form.get("present", ""), form.get("password", ""))
    except InputRefused as error:
        return await run_in_threadpool(_page, request, parts, person, error.message)
    return RedirectResponse("/staff/account", 303)


@router.post("/summary")
async def change_summary(request: Request, person: SignedIn, form: OwnForm, parts: GivenParts) -> Response:
    """Turn the weekly summary on, in a language, or off."""
    try:
        await run_in_threadpool(want_summary, parts.database, person.id, form.get("language", "") or None)
    except InputRefused as error:
        return await run_in_threadpool(_page, request, parts, person, error.message)
    return RedirectResponse("/staff/account", 303)


@router.post("/sign-out-elsewhere")
async def sign_out_elsewhere(person: SignedIn, _form: OwnForm, parts: GivenParts) -> Response:
    """End every other session of this person."""
    await run_in_threadpool(close_others, parts.database, person)
    return RedirectResponse("/staff/account", 303)


def _change(parts: Parts, person: Person, present: str, new: str) -> None:
    kept = staff_named(parts.database, person.name).password_hash
    if kept is not None and not passwords.fits(kept, present):
        raise InputRefused("The current password is wrong.")
    set_password(parts.database, person, new)


def _page(request: Request, parts: Parts, person: Person, complaint: str = "") -> Response:
    rows = [
        {
            "here": row.token_sha256 == digest(person.token),
            "how": row.how,
            "browser": row.browser,
            "since": row.created_ms,
            "seen": row.seen_ms,
        }
        for row in sessions_of(parts.database, person)
    ]
    language = language_accepted(request)
    values = {
        "person": person,
        "form_token": form_token(person.token),
        "sessions": rows,
        "mails": bool(parts.settings.smtp_url) and is_mailbox(person.name),
        "summary": staff_named(parts.database, person.name).summary or "",
        "languages": {one: locale_of(one).get_language_name(one) for one in page_languages()},
        "complaint": complaint and refusal(complaint, catalogue(language)),
        "has_password": staff_named(parts.database, person.name).password_hash is not None,
        "passwords": parts.settings.staff_passwords,
        "shortest": SHORTEST,
        "longest": LONGEST,
    }
    return page(request, "staff_account.html", values, language=language, status=422 if complaint else 200)
