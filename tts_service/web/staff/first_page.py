"""The first page: what this service is, and the newest clips. Staff are led on to their desk.

On this machine alone (no TTS_PUBLIC_URL) anybody sees the list of clips that are public; under a public address nobody
does, because it names the articles of every site.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer, load_only
from starlette.responses import RedirectResponse

from tts_service import __version__
from tts_service.access.sessions import person_of
from tts_service.access.staff import Person
from tts_service.db.tables import ArticleRow, ClipRevisionRow, ClipRow, JobRow
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
    newest = select(JobRow).order_by(JobRow.id.desc()).limit(_JOBS_LOOKED_AT)  # ids sort by time
    jobs = session.scalars(newest.options(load_only(JobRow.clip_id, JobRow.site, JobRow.created_ms))).all()
    _hold(session, {job.clip_id for job in jobs[: 2 * _NEWEST]})
    for job in jobs:
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


def _hold(session: Session, clips: Collection[str]) -> None:
    """Load with one statement what `present` would with three for each clip: while it is held, the session finds it."""
    shown = ClipRevisionRow.revision == func.coalesce(ClipRow.current_revision, ClipRow.last_revision)
    query = (
        select(ClipRow, ArticleRow, ClipRevisionRow)
        .join(ArticleRow, ArticleRow.id == ClipRow.article_id)
        .outerjoin(ClipRevisionRow, (ClipRevisionRow.clip_id == ClipRow.id) & shown)
        .options(defer(ClipRevisionRow.blocks), defer(ClipRevisionRow.account))
    )
    session.info["held"] = session.execute(query.where(ClipRow.id.in_(clips))).all()
