"""Listening figures: the most heard clips, and each one's sentences."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import and_, select

from tts_service.access.staff import Person
from tts_service.access.tokens import form_token
from tts_service.db.tables import ClipRevisionRow, ClipRow
from tts_service.jobs.files import left_out
from tts_service.listeners.listening.figures import (
    FEW,
    Figures,
    figures_of,
    figures_of_sites,
    share_reached,
    since_days,
)
from tts_service.web.given import GivenParts
from tts_service.web.languages import language_accepted
from tts_service.web.pages.templating import page
from tts_service.web.staff.session import SignedIn

router = APIRouter(prefix="/staff", include_in_schema=False)

_MOST = 100
_NEWEST = and_(ClipRevisionRow.clip_id == ClipRow.id, ClipRevisionRow.revision == ClipRow.current_revision)
Days = Annotated[int, Query(ge=1, le=3660)]


@router.get("/listening")
def listening(
    request: Request,
    person: SignedIn,
    parts: GivenParts,
    days: Days = 30,
    site: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """The clips that were started most often, of the person's sites or of one. Raises NotAllowed for another's."""
    if site:
        person.require_site(site)
    sites = (site,) if site else person.sites
    with parts.database.reading() as session:
        found = figures_of_sites(session, sites, since_days(parts.database, session, days), _MOST)
    clips = [
        {"id": one.clip_id, "site": one.site, "title": one.title or one.clip_id} | _shown(one.all) for one in found
    ]
    return _page(request, person, "staff_listening.html", days, {"clips": clips})


@router.get("/listening/{clip_id}")
def listening_of_clip(request: Request, clip_id: str, person: SignedIn, parts: GivenParts, days: Days = 30) -> Response:
    """One clip: its revisions, its days, the sentences at which listeners went. Raises NotFound, NotAllowed."""
    with parts.database.reading() as session:
        found = figures_of(session, clip_id, since_days(parts.database, session, days))
        person.require_site(found.site)
        kept = session.scalars(select(ClipRevisionRow.files).join(ClipRow, _NEWEST).where(ClipRow.id == clip_id))
        lacking = left_out(kept.one_or_none())
    revisions = [{"number": number} | _shown(one) for number, one in sorted(found.revisions.items(), reverse=True)]
    shown = {"clip": found, "revisions": revisions, "lacking": lacking}
    return _page(request, person, "staff_listening_clip.html", days, shown)


def _page(request: Request, person: Person, template: str, days: int, values: dict[str, Any]) -> Response:
    language = language_accepted(request)
    values |= {"days": days, "few": FEW, "person": person, "form_token": form_token(person.token)}
    return page(request, template, values, language=language)


def _shown(found: Figures) -> dict[str, Any]:
    shares = {name: share_reached(found, name) for name in ("quarter", "half", "three_quarters", "end")}
    return {"starts": found.starts, "speed": found.speed, **shares}
