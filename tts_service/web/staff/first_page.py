"""The first page: what this service is, and the newest clips. Staff are led on to their desk.

On this machine alone (no TTS_PUBLIC_URL) anybody sees the list of clips that are public; under a public address nobody
does, because it names the articles of every site.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse

from tts_service import __version__
from tts_service.access.sessions import person_of
from tts_service.access.staff import Person
from tts_service.db.tables import JobRow
from tts_service.errors import NotFound
from tts_service.parts import Parts
from tts_service.web.given import GivenParts
from tts_service.web.languages import language_accepted, moment
from tts_service.web.pages.clip import player_values
from tts_service.web.pages.templating import page
from tts_service.web.reading import present
from tts_service.web.staff.session import cookie_name

router = APIRouter(include_in_schema=False)

_NEWEST = 10
_JOBS_LOOKED_AT = 100
"""An article that is saved again and again has many."""


def _somebody(request: Request, parts: GivenParts) -> Person | None:
    return person_of(parts.database, request.cookies.get(cookie_name(parts.settings), ""))


Somebody = Annotated[Person | None, Depends(_somebody)]
"""Who is signed in, if anybody is."""


@router.get("/")
def first_page(request: Request, person: Somebody, parts: GivenParts) -> Response:
    """What this service is, and the newest clips."""
    if person is not None:
        return RedirectResponse("/staff", 303)
    language = language_accepted(request)
    listed = not parts.settings.public_url
    with parts.database.reading() as session:
        clips = _newest(parts, session, language) if listed else []
    values = {"version": __version__, "listed": listed, "clips": clips}
    return page(request, "index.html", values, language=language)


def _newest(parts: Parts, session: Session, language: str) -> list[dict[str, Any]]:
    """The public clips of the newest jobs, each once."""
    found: dict[str, dict[str, Any]] = {}
    query = select(JobRow).order_by(JobRow.id.desc()).limit(_JOBS_LOOKED_AT)  # ids sort by time
    for job in session.scalars(query):
        if job.clip_id in found:
            continue
        try:
            shown = present(parts, session, job.clip_id)
        except NotFound:  # withdrawn, or not out yet
            continue
        if not shown.public:
            continue
        found[job.clip_id] = player_values(shown, language) | {
            "title": shown.title or job.clip_id,
            "site": job.site,
            "at": moment(job.created_ms, language),
        }
        if len(found) == _NEWEST:
            break
    return list(found.values())
