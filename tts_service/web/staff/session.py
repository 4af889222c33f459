"""Who is signed in, and whether a change comes from one of our own pages.

A change needs three things: the session's cookie, an Origin that is ours, and the session's form token. The cookie is
`__Host-tts_staff` (only over https, only to this very host); on plain http, where browsers refuse that name, it is
`tts_staff`, and only on this machine's own address unless the operator says otherwise.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Annotated
from urllib.parse import parse_qsl, urlsplit

from fastapi import Depends, Request, Response

from tts_service.access.sessions import SESSION_S, person_of
from tts_service.access.staff import Person
from tts_service.access.tokens import form_fits
from tts_service.errors import InputRefused, NotAllowed, SignInNeeded
from tts_service.settings import Settings
from tts_service.web.given import GivenParts

FORM_HEADER = "x-form-token"
"""Where scripts of our pages send the form token."""
_MAX_FIELDS = 20
_READING = ("GET", "HEAD")


def cookie_name(settings: Settings) -> str:
    """The session cookie's name where this service is reached."""
    return "__Host-tts_staff" if settings.base_url.startswith("https:") else "tts_staff"


def keep_session(answer: Response, settings: Settings, token: str) -> None:
    """Set the session's cookie. Raises NotAllowed where it would travel in the clear."""
    require_safe_address(settings)
    secure = settings.base_url.startswith("https:")
    answer.set_cookie(
        cookie_name(settings), token, max_age=SESSION_S, path="/", httponly=True, samesite="lax", secure=secure
    )


def forget_session(answer: Response, settings: Settings) -> None:
    """Take the session's cookie back."""
    secure = settings.base_url.startswith("https:")
    answer.delete_cookie(cookie_name(settings), path="/", httponly=True, samesite="lax", secure=secure)


def signed_in(request: Request, parts: GivenParts) -> Person:
    """A dependency: who is signed in. Raises SignInNeeded."""
    person = person_of(parts.database, request.cookies.get(cookie_name(parts.settings), ""))
    if person is None:
        raise SignInNeeded("Sign in at /staff/sign-in; `tts-service staff link` prints a link that works once.")
    return person


SignedIn = Annotated[Person, Depends(signed_in)]


def admin_signed_in(person: SignedIn) -> Person:
    """A dependency: an admin. Raises SignInNeeded, NotAllowed."""
    if person.role != "admin":
        raise NotAllowed("This is for admins.")
    return person


AdminSignedIn = Annotated[Person, Depends(admin_signed_in)]


async def own_form(request: Request, person: SignedIn, parts: GivenParts) -> Mapping[str, str]:
    """A dependency: the fields of a form that this session's own page sent. Raises NotAllowed, InputRefused."""
    require_own_page(request, parts.settings)
    fields = await fields_of(request)
    require_form_token(person, fields.get("form_token", ""))
    return fields


OwnForm = Annotated[Mapping[str, str], Depends(own_form)]


def require_own_change(request: Request, person: Person, settings: Settings) -> None:
    """What a script of our own pages must send with a change. Raises NotAllowed."""
    if request.method not in _READING:
        require_own_page(request, settings)
        require_form_token(person, request.headers.get(FORM_HEADER, ""))


def require_form_token(person: Person, sent: str) -> None:
    """Raises NotAllowed for another session's form token, or none."""
    if not form_fits(person.token, sent):
        raise NotAllowed("This form is not from this session: open the page again and send it from there.")


def require_own_page(request: Request, settings: Settings) -> None:
    """Raises NotAllowed for a request that another site's page sent, or that doesn't say which page did."""
    origin = request.headers.get("origin") or _origin_of(request.headers.get("referer", ""))
    own = {_origin_of(settings.base_url)}
    if not settings.public_url:
        # Started without settings, this machine has more names than one: localhost beside 127.0.0.1.
        own.add(f"http://{request.headers.get('host', '')}")
    if origin not in own:
        raise NotAllowed("This was sent from another site's page: send it from this service's own.")


def require_safe_address(settings: Settings) -> None:
    """Raises NotAllowed where a password and a session would travel in the clear."""
    if settings.staff_over_http or settings.base_url.startswith("https:") or _this_machine(settings.base_url):
        return
    raise NotAllowed("Staff sign in over https: set TTS_PUBLIC_URL to the https:// address of this service.")


async def fields_of(request: Request) -> dict[str, str]:
    """A form's fields; NULs are dropped. Raises InputRefused."""
    try:
        text = (await request.body()).decode("utf-8").replace("%00", "")
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=_MAX_FIELDS, errors="strict"))
    except ValueError as error:
        raise InputRefused("The form can't be read: send UTF-8.") from error


def _origin_of(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def _this_machine(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
