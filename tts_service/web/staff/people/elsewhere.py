"""Sign-in through the OpenID Connect issuer, for invited people only."""

from __future__ import annotations

import hmac

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from tts_service.access.oidc import Issuer, state_of
from tts_service.access.sessions import LINK_S, make_link, open_session, use_link
from tts_service.access.staff import staff_by_identity
from tts_service.errors import NotFound, SignInRefused
from tts_service.http.client import outbound_of
from tts_service.parts import Parts
from tts_service.public_addresses import public_url
from tts_service.settings import Settings
from tts_service.web import cookies
from tts_service.web.given import GivenParts
from tts_service.web.languages import language_accepted
from tts_service.web.pages.errors import staff_error
from tts_service.web.pages.templating import page
from tts_service.web.staff.people.sign_in import FIRST_PAGE, count_try
from tts_service.web.staff.session import keep_session, require_safe_address

router = APIRouter(prefix="/staff/elsewhere", include_in_schema=False)
BACK = "/staff/elsewhere/back"
_COOKIE = "tts_elsewhere"


def issuer_of(settings: Settings) -> Issuer | None:
    """The issuer of the settings; None without one."""
    if not settings.oidc_issuer:
        return None
    return Issuer(settings, outbound_of(settings), public_url(settings, BACK))


@router.get("")
async def begin(request: Request, parts: GivenParts) -> Response:
    """Send the browser to the issuer."""
    await count_try(request)
    return await run_in_threadpool(_begin, _issuer(request), parts)


@router.get("/back")
async def come_back(request: Request, parts: GivenParts) -> Response:
    """Take the issuer's answer and open a session."""
    await count_try(request)
    return await run_in_threadpool(_come_back, request, _issuer(request), parts)


def _begin(issuer: Issuer, parts: Parts) -> Response:
    require_safe_address(parts.settings)
    details = issuer.draw()
    token = make_link(parts.database, None, "oidc", "", details)
    answer = RedirectResponse(issuer.address(state_of(token), details), 303)
    cookies.set_cookie(answer, parts.settings, _COOKIE, token, LINK_S["oidc"])
    return answer


def _come_back(request: Request, issuer: Issuer, parts: Parts) -> Response:
    try:
        token = request.cookies.get(cookies.cookie_name(parts.settings, _COOKIE), "")
        state = request.query_params.get("state", "").encode("utf-8", "replace")
        if not token or not hmac.compare_digest(state_of(token).encode(), state):
            raise SignInRefused("This sign-in was not started in this browser: start again.")
        link = use_link(parts.database, "oidc", token)
        row = staff_by_identity(parts.database, issuer.finish(link.details or {}, request.query_params))
        session = open_session(parts.database, row.id, "oidc", request.headers.get("user-agent", ""))
    except SignInRefused as error:
        language = language_accepted(request)
        values = staff_error(error.status, error.code, withdrawn=False, detail=error.message, language=language)
        return page(request, "error.html", values, language=language, status=error.status)
    answer = RedirectResponse(FIRST_PAGE, 303)
    keep_session(answer, parts.settings, session)
    cookies.delete_cookie(answer, parts.settings, _COOKIE)
    return answer


def _issuer(request: Request) -> Issuer:
    issuer: Issuer | None = request.app.state.issuer
    if issuer is None:
        raise NotFound("Single sign-on is not set up: TTS_OIDC_ISSUER is not set.")
    return issuer
