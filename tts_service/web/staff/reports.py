"""Listeners' reports, newest first: sentence, sound, state, note."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from tts_service.access.audit import Deed, record
from tts_service.access.sites import within
from tts_service.access.staff import Person
from tts_service.access.tokens import form_token
from tts_service.db.tables import ClipRevisionRow, ReportRow
from tts_service.errors import InputRefused
from tts_service.listeners.reports import MAX_COMMENT, STATES, change_report, find_report
from tts_service.parts import Parts
from tts_service.web.given import GivenParts
from tts_service.web.languages import language_accepted
from tts_service.web.pages.templating import page
from tts_service.web.staff.session import OwnForm, SignedIn

router = APIRouter(prefix="/staff", include_in_schema=False)

BEFORE_MS = 3000
"""Playing begins so long before the reported place."""
_PER_PAGE = 50


@router.get("/reports")
def reports(
    request: Request, person: SignedIn, parts: GivenParts, skip: Annotated[int, Query(ge=0, le=10**6)] = 0
) -> Response:
    """Reports of the person's sites, newest first."""
    query = (
        select(ReportRow)
        .where(within(person.sites, ReportRow.site))
        .order_by(ReportRow.created_ms.desc(), ReportRow.id.desc())
    )
    with parts.database.reading() as session:
        rows = session.scalars(query.offset(skip).limit(_PER_PAGE + 1)).all()
        shown = [_shown(row, session.get(ClipRevisionRow, (row.clip_id, row.revision))) for row in rows[:_PER_PAGE]]
    values = {
        "reports": shown,
        "states": STATES,
        "max_note": MAX_COMMENT,
        "skip": skip,
        "person": person,
        "form_token": form_token(person.token),
        "older": skip + _PER_PAGE if len(rows) > _PER_PAGE else None,
        "newer": max(0, skip - _PER_PAGE) if skip else None,
    }
    return page(request, "staff_reports.html", values, language=language_accepted(request))


@router.post("/reports/{reference}")
async def settle(reference: str, person: SignedIn, form: OwnForm, parts: GivenParts) -> Response:
    """Keep a report's state and note from the page's form. Raises NotFound, NotAllowed."""
    await run_in_threadpool(_require_own, parts, person, reference)
    named = form.get("corrected_revision", "").strip()
    if named and not (named.isascii() and named.isdigit() and len(named) < 10):
        raise InputRefused("Enter the revision as a number.")
    wanted = int(named) if named else None
    row = await run_in_threadpool(change_report, parts, reference, form.get("state"), form.get("note", ""), wanted)
    deed = Deed(who=person.who, what="report.changed", subject=row.id, site=row.site, details={"state": row.state})
    await run_in_threadpool(record, parts.database, deed)
    skip = form.get("skip", "")
    back = f"?skip={skip}" if skip.isascii() and skip.isdigit() and skip != "0" else ""
    return RedirectResponse(f"/staff/reports{back}#{row.id}", 303)


def _require_own(parts: Parts, person: Person, reference: str) -> None:
    with parts.database.reading() as session:
        person.require_site(find_report(session, reference).site)


def _shown(row: ReportRow, revision: ClipRevisionRow | None) -> dict[str, object]:
    """A report for the template."""
    ready = revision is not None and revision.state == "ready"
    name = f"r/{row.revision}/audio.mp3" if ready else f"live.mp3?r={row.revision}"
    start_s = max(0, row.position_ms - BEFORE_MS) / 1000
    return {
        "id": row.id,
        "state": row.state,
        "category": row.category,
        "site": row.site,
        "voice": row.voice,
        "title": revision.title if revision else "",
        "clip": row.clip_id,
        "revision": row.revision,
        "position_ms": row.position_ms,
        "sentence": row.sentence,
        "lang": revision.language if revision else "en",
        "comment": row.comment,
        "email": row.email,
        "note": row.note,
        "player": row.player,
        "corrected_revision": row.corrected_revision,
        "created": row.created_ms,
        # Media Fragments URI 1.0, 4.2.1: the player begins there by itself.
        "audio": f"/v1/clips/{row.clip_id}/{name}#t={start_s:g}",
    }
