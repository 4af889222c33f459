"""Lets staff hear any clip: redirects to its page with a grant."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import RedirectResponse

from tts_service.web.doors.grant import GivenGrants, Reader
from tts_service.web.given import GivenParts
from tts_service.web.reading import present
from tts_service.web.staff.session import SignedIn

router = APIRouter(prefix="/staff", include_in_schema=False)


@router.get("/hear/{clip_id}")
def hear(clip_id: str, person: SignedIn, parts: GivenParts, grants: GivenGrants) -> RedirectResponse:
    """The clip's page. Raises NotFound, NotAllowed."""
    with parts.database.reading() as session:
        shown = present(parts, session, clip_id)
    person.require_site(shown.article.site)
    token = "" if shown.public else grants.give(shown.subject).token
    return RedirectResponse(f"/listen/{shown.clip.id}{Reader(grants, token).query('?')}", 303)
