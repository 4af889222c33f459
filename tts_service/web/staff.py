"""The staff's plain page: reports, newest first, each with its sentence, its sound, a state and a note."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from tts_service.db.tables import ClipRevisionRow, ReportRow
from tts_service.errors import InputRefused, KeyMissing, NotAllowed
from tts_service.feedback import MAX_COMMENT, STATES, change
from tts_service.settings import Settings
from tts_service.web.given import GivenParts
from tts_service.web.reading import iso
from tts_service.web.sessions import LIFE_S, fits, form_token, sign, staff_secret, token_id
from tts_service.web.templating import page

router = APIRouter(prefix="/staff", include_in_schema=False)

COOKIE = "tts_staff"
BEFORE_MS = 3000
"""Playing begins so long before the reported place."""
_PER_PAGE = 50
_NOT_KEPT = {"Cache-Control": "no-store"}


def staff_link(settings: Settings, secret: str | None = None) -> str:
    """A sign-in address that works once, for a day."""
    return f"{settings.base_url}/staff/sign-in?token={sign(secret or staff_secret(settings), 'sign-in')}"


def signed_in(request: Request) -> str:
    """A dependency: the session's id. Raises KeyMissing."""
    session_id = token_id(request.app.state.staff_secret, "session", request.cookies.get(COOKIE, ""))
    if session_id is None:
        raise KeyMissing("Sign in with the link that `tts-service run` printed; it works once, for a day.")
    return session_id


SignedIn = Annotated[str, Depends(signed_in)]


@router.get("/sign-in")
def sign_in(request: Request, parts: GivenParts, token: str = "") -> Response:
    """Take the link's token and open a session."""
    secret = request.app.state.staff_secret
    link_id = token_id(secret, "sign-in", token)
    if link_id is None or not request.app.state.used_links.take(link_id):
        raise KeyMissing("This link was used already, is too old or isn't ours: `tts-service run` prints a new one.")
    answer = RedirectResponse("/staff/reports", 303, headers=_NOT_KEPT)
    answer.set_cookie(
        COOKIE, sign(secret, "session"), max_age=LIFE_S, path="/staff", httponly=True, samesite="lax",
        secure=parts.settings.base_url.startswith("https:"),
    )  # fmt: skip
    return answer


@router.get("/reports")
@router.head("/reports")
def reports(
    request: Request, session_id: SignedIn, parts: GivenParts, skip: Annotated[int, Query(ge=0, le=10**6)] = 0
) -> Response:
    """Reports, newest first."""
    query = select(ReportRow).order_by(ReportRow.created_ms.desc(), ReportRow.id.desc())
    with parts.database.reading() as session:
        rows = session.scalars(query.offset(skip).limit(_PER_PAGE + 1)).all()
        shown = [_shown(row, session.get(ClipRevisionRow, (row.clip_id, row.revision))) for row in rows[:_PER_PAGE]]
    values = {
        "reports": shown, "states": STATES, "max_note": MAX_COMMENT, "skip": skip,
        "form_token": form_token(request.app.state.staff_secret, session_id),
        "older": skip + _PER_PAGE if len(rows) > _PER_PAGE else None,
        "newer": max(0, skip - _PER_PAGE) if skip else None,
    }  # fmt: skip
    answer = page(request, "staff_reports.html", values)
    answer.headers.update(_NOT_KEPT)
    return answer


@router.post("/reports/{reference}")
async def settle(request: Request, reference: str, session_id: SignedIn, parts: GivenParts) -> Response:
    """Keep a report's state and note from the page's form."""
    try:
        fields = dict(parse_qsl((await request.body()).decode("utf-8"), keep_blank_values=True, max_num_fields=10))
    except ValueError as error:
        raise InputRefused("The form can't be read.") from error
    if not fits(request.app.state.staff_secret, session_id, fields.get("form_token", "")):
        raise NotAllowed("This form is not from this session: open the page again and send it from there.")
    note = fields.get("note", "").replace("\x00", "")
    row = await run_in_threadpool(change, parts, reference, fields.get("state"), note)
    skip = fields.get("skip", "")
    back = f"?skip={skip}" if skip.isascii() and skip.isdigit() and skip != "0" else ""
    return RedirectResponse(f"/staff/reports{back}#{row.id}", 303, headers=_NOT_KEPT)


def _shown(row: ReportRow, revision: ClipRevisionRow | None) -> dict[str, object]:
    """A report for the template."""
    ready = revision is not None and revision.state == "ready"
    name = f"r/{row.revision}/audio.mp3" if ready else f"live.mp3?r={row.revision}"
    start_s = max(0, row.position_ms - BEFORE_MS) / 1000
    return {
        "id": row.id, "state": row.state, "category": row.category, "site": row.site, "voice": row.voice,
        "title": revision.title if revision else "", "clip": row.clip_id, "revision": row.revision,
        "position_ms": row.position_ms, "sentence": row.sentence, "lang": revision.language if revision else "en",
        "comment": row.comment, "email": row.email, "note": row.note,
        "created": iso(row.created_ms)[:16].replace("T", " "),
        # Media Fragments URI 1.0, 4.2.1: the player begins there by itself.
        "audio": f"/v1/clips/{row.clip_id}/{name}#t={start_s:g}",
    }  # fmt: skip
