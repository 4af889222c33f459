"""The staff session, and whether a change comes from one of our own pages.

A change needs three things: the session's cookie, an Origin that is ours, and the session's form token. The cookie is
`__Host-tts_staff` (only over https, only to this very host), below a path of the host `__Secure-tts_staff` with that
path; on plain http, where browsers refuse such names, it is `tts_staff`, and only on this machine's own address unless
the operator says otherwise.
"""

from __future__ import annotations

import ipaddress
from collections.abc import AsyncIterator, Mapping
from typing import Annotated
from urllib.parse import urlsplit

import httpx
from fastapi import Depends, HTTPException, Request, Response
from starlette.datastructures import FormData

from tts_service.access.sessions import SESSION_S, person_of
from tts_service.access.staff import Person
from tts_service.access.tokens import form_fits
from tts_service.errors import InputRefused, NotAllowed, SignInNeeded
from tts_service.public_addresses import public_url
from tts_service.settings import Settings
from tts_service.web import cookies
from tts_service.web.forms import form_fields
from tts_service.web.given import GivenParts

FORM_HEADER = "x-form-token"
"""Where scripts of our pages send the form token."""
_COOKIE = "tts_staff"
_DEFAULT_PORTS = {"http": 80, "https": 443}
READING = ("GET", "HEAD")
"""Methods that change nothing."""
_MOST_FIELDS = 1_000
"""Of one form: an entry can leave out 500 articles, each with a box of its own."""
_LONGEST_FIELD = 2_100_000
"""Bytes of a text field beside a file."""


def cookie_name(settings: Settings) -> str:
    """The session cookie's name where this service is reached."""
    return cookies.cookie_name(settings, _COOKIE)


def keep_session(answer: Response, settings: Settings, token: str) -> None:
    """Set the session's cookie. Raises NotAllowed where it would travel in the clear."""
    require_safe_address(settings)
    cookies.set_cookie(answer, settings, _COOKIE, token, SESSION_S)


def forget_session(answer: Response, settings: Settings) -> None:
    """Take the session's cookie back."""
    cookies.delete_cookie(answer, settings, _COOKIE)


def signed_in(request: Request, parts: GivenParts) -> Person:
    """A dependency: who is signed in. Raises SignInNeeded."""
    person = person_of(parts.database, request.cookies.get(cookie_name(parts.settings), ""))
    if person is None:
        address = public_url(parts.settings, "/staff/sign-in")
        raise SignInNeeded(f"Sign in at {address}; `tts-service staff link` prints a link that works once.")
    return person


SignedIn = Annotated[Person, Depends(signed_in)]


def admin_signed_in(person: SignedIn) -> Person:
    """A dependency: an admin. Raises SignInNeeded, NotAllowed."""
    if person.role != "admin":
        raise NotAllowed("Only admins can do this.")
    return person


AdminSignedIn = Annotated[Person, Depends(admin_signed_in)]


async def own_form(request: Request, person: SignedIn, parts: GivenParts) -> Mapping[str, str]:
    """A dependency: the fields of a form that this session's own page sent. Raises NotAllowed, InputRefused."""
    require_own_page(request, parts.settings)
    fields = await fields_of(request)
    require_form_token(person, fields.get("form_token", ""))
    return fields


OwnForm = Annotated[Mapping[str, str], Depends(own_form)]


async def own_upload(request: Request, person: SignedIn, parts: GivenParts) -> AsyncIterator[FormData]:
    """A dependency: fields and file of a form that this session's own page sent. Raises NotAllowed, InputRefused."""
    require_own_page(request, parts.settings)
    try:
        form = await request.form(max_files=1, max_fields=50, max_part_size=_LONGEST_FIELD)
    except HTTPException as error:
        raise InputRefused("The form can't be read: send multipart/form-data.") from error
    try:
        sent = form.get("form_token")
        require_form_token(person, sent if isinstance(sent, str) else "")
        yield form
    finally:
        await form.close()


OwnUpload = Annotated[FormData, Depends(own_upload)]


def require_own_change(request: Request, person: Person, settings: Settings) -> None:
    """What a script of our own pages must send with a change. Raises NotAllowed."""
    if request.method not in READING:
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
        raise NotAllowed("This request came from another site's page: send it from a page of this service.")


def require_safe_address(settings: Settings) -> None:
    """Raises NotAllowed where a password and a session would travel in the clear."""
    # Not the printed address: a service that listens to every network prints this machine's own one.
    reached = urlsplit(settings.public_url).hostname or "" if settings.public_url else settings.host
    if settings.staff_over_http or settings.base_url.startswith("https:") or _this_machine(reached):
        return
    raise NotAllowed("Staff sign in over https: set TTS_PUBLIC_URL to the https:// address of this service.")


async def fields_of(request: Request) -> dict[str, str]:
    """A form's fields. Raises InputRefused."""
    return form_fields(await request.body(), _MOST_FIELDS)


def _origin_of(url: str) -> str:
    """The origin as browsers write it: lower case, punycode, no default port."""
    try:
        parts = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        return ""
    host = parts.raw_host.decode("ascii")
    if not host:
        return ""
    port = "" if parts.port in (None, _DEFAULT_PORTS.get(parts.scheme)) else f":{parts.port}"
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"


def _this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
