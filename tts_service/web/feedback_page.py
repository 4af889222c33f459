"""The feedback form and the page that shows what became of a report."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from fastapi import APIRouter, Request, Response
from starlette.responses import HTMLResponse

from tts_service.errors import GrantNeeded, NotFound
from tts_service.feedback import CATEGORIES, MAX_COMMENT, MAX_EMAIL, find
from tts_service.parts import Parts
from tts_service.web.doors.clip_token import tokens_of
from tts_service.web.doors.grant import PARAMETER, Reader, grants_of
from tts_service.web.given import GivenParts
from tts_service.web.reading import iso, show
from tts_service.web.templating import page

router = APIRouter(include_in_schema=False)
_SHOWN = 200
"""Characters of a field's value that go back into the form's short fields."""


@router.get("/feedback")
@router.head("/feedback")
def ask(request: Request, parts: GivenParts, clip: str = "", r: str = "", t: str = "") -> Response:
    """The form; the player's place comes along as ?t=…&r=…"""
    return feedback_form(request, parts, {"clip": clip, "revision": r if _number(r) else "", "position": t})


@router.get("/feedback/{reference}")
@router.head("/feedback/{reference}")
def state(request: Request, reference: str, parts: GivenParts) -> Response:
    """A report's public state."""
    with parts.database.reading() as session:
        row = find(session, reference)
        try:
            language = show(parts, session, row.clip_id).language
        except (NotFound, GrantNeeded):
            language = "en"  # withdrawn since, or not public: the report's state stays readable
    values = {"reference": row.id, "state": row.state, "category": row.category, "clip": row.clip_id,
              "created": iso(row.created_ms)[:10]}  # fmt: skip
    return page(request, "feedback_state.html", values, language=language)


def feedback_form(
    request: Request, parts: Parts, fields: Mapping[str, str], complaint: tuple[str, str] | None = None
) -> HTMLResponse:
    """The form with what was entered and a fresh token; `complaint`: (field, what is wrong).

    Raises as `show`."""
    reader = Reader(grants_of(request), request.query_params.get(PARAMETER, ""))
    with parts.database.reading() as session:
        shown = show(parts, session, fields.get("clip", ""), reader)
    values = {
        "clip": shown.clip.id, "title": shown.title, "categories": CATEGORIES, "complaint": complaint,
        "token": tokens_of(request).issue(shown.clip.id),
        "sent_key": fields.get("sent_key", "")[:_SHOWN] or secrets.token_hex(16),
        "max_comment": MAX_COMMENT, "max_email": MAX_EMAIL,
        "revision": fields.get("revision", "")[:_SHOWN] or str(shown.number),
        "position": fields.get("position", "")[:_SHOWN], "category": fields.get("category", ""),
        "comment": fields.get("comment", "")[: 2 * MAX_COMMENT], "email": fields.get("email", "")[:_SHOWN],
    }  # fmt: skip
    return page(request, "feedback.html", values, language=shown.language, status=422 if complaint else 200)


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 10
