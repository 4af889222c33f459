"""API-key authentication: a dependency per right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request, Security

from tts_service.access.keys import Caller, caller_of, create_key, list_keys, revoke_key
from tts_service.errors import NotAllowed
from tts_service.parts import Parts
from tts_service.web.given import GivenParts
from tts_service.web.security import API_KEY
from tts_service.web.staff.session import READING, admin_signed_in, require_own_change, signed_in

__all__ = [
    "Caller",
    "MayCallBack",
    "MayGrant",
    "MayReadJobs",
    "MayReport",
    "MaySettle",
    "MayWriteJobs",
    "caller_of",
    "create_key",
    "list_keys",
    "needs",
    "revoke_key",
]


OF_STAFF = frozenset({"sites", "reports"})
"""Rights that everybody of the staff has, where their pages reach the API: below /staff."""
OF_ADMINS = OF_STAFF | {"callbacks"}
"""Rights that admins have there: callbacks' secrets are among what is shown."""
READ_BY_STAFF = frozenset({"sites"})
"""Rights by which only admins change something, as on the page Sites."""


def needs(scope: str) -> Callable[..., Caller]:
    """A dependency: the caller, who must have this right. Raises KeyMissing, SignInNeeded (401), NotAllowed (403).

    Sessions count below /staff only, and routers that are there say so to the document."""

    def caller(request: Request, parts: GivenParts, _key: object = Security(API_KEY, scopes=[scope])) -> Caller:
        authorization = request.headers.get("authorization")
        if authorization is None and request.url.path.startswith("/staff/"):
            found = _by_session(request, parts, scope)
        else:
            found = caller_of(parts.database, authorization)
        if scope not in found.scopes:
            raise NotAllowed(f"This key lacks the scope {scope}.", scope=scope)
        return found

    return caller


def _by_session(request: Request, parts: Parts, scope: str) -> Caller:
    """Somebody of the staff; a change needs their form's token in X-Form-Token. Raises SignInNeeded, NotAllowed."""
    person = signed_in(request, parts)
    if scope not in OF_STAFF or (scope in READ_BY_STAFF and request.method not in READING):
        person = admin_signed_in(person)
    require_own_change(request, person, parts.settings)
    scopes = OF_ADMINS if person.role == "admin" else OF_STAFF
    return Caller(key_id="", scopes=scopes, sites=person.sites, staff_id=person.id)


MayWriteJobs = Annotated[Caller, Depends(needs("jobs:write"))]
MayReadJobs = Annotated[Caller, Depends(needs("jobs:read"))]
MayReport = Annotated[Caller, Depends(needs("reports"))]
MaySettle = Annotated[Caller, Depends(needs("sites"))]
MayCallBack = Annotated[Caller, Depends(needs("callbacks"))]
MayGrant = Annotated[Caller, Depends(needs("clips:grant"))]
