"""The sound of a clip's revision for staff, whoever else may hear it: redirects with a grant where one is needed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import RedirectResponse

from tts_service.db.tables import ClipRevisionRow
from tts_service.errors import NotFound
from tts_service.web.doors.grant import GivenGrants, Reader
from tts_service.web.given import GivenParts
from tts_service.web.reading import present
from tts_service.web.staff.session import SignedIn

router = APIRouter(prefix="/staff", include_in_schema=False)

_AFTER_MS = 700
"""Playing goes on so long behind the sentence."""


@router.get("/sound/{clip_id}/{revision}")
def sound(
    clip_id: Annotated[str, Path(max_length=64)],
    revision: Annotated[int, Path(ge=1, le=10**9)],
    person: SignedIn,
    parts: GivenParts,
    grants: GivenGrants,
) -> RedirectResponse:
    """The audio of a revision. Raises NotFound, NotAllowed."""
    with parts.database.reading() as session:
        shown = present(parts, session, clip_id)
        person.require_site(shown.article.site)
        row = session.get(ClipRevisionRow, (clip_id, revision))
    if row is None:
        raise NotFound(f"Clip {clip_id[:64]} has no revision {revision}.")
    reader = Reader(grants, "" if shown.public else grants.give(shown.subject).token)
    if row.state == "ready":
        return RedirectResponse(f"/v1/clips/{clip_id}/r/{revision}/audio.mp3{reader.query('?')}", 303)
    return RedirectResponse(f"/v1/clips/{clip_id}/live.mp3?r={revision}{reader.query('&')}", 303)


def stretch(clip_id: str, revision: int, from_ms: int, to_ms: int | None = None) -> str:
    """The address of a stretch of a revision's sound; without an end it goes on to the clip's."""
    # Media Fragments URI 1.0, 4.2.1: browsers begin and end there by themselves.
    until = "" if to_ms is None else f",{(to_ms + _AFTER_MS) / 1000:g}"
    return f"/staff/sound/{clip_id}/{revision}#t={from_ms / 1000:g}{until}"
