"""POST /v1/feedback: as JSON from a player, as a form from the page that works without JavaScript."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, RedirectResponse

from tts_service.corrections.cases.gathering import gather
from tts_service.errors import (
    FeedbackRefused,
    InputRefused,
    InvalidJson,
    InvalidRequest,
    NotFound,
    ReportKeyReused,
    ServiceError,
)
from tts_service.listeners.outcome import outcome_of
from tts_service.listeners.reports import ReportDraft, find_report, receive, received_before
from tts_service.parts import Parts
from tts_service.public_addresses import public_url
from tts_service.web.doors.spam import Sent, admit
from tts_service.web.forms import MEDIA_TYPE as FORM
from tts_service.web.forms import form_fields
from tts_service.web.given import GivenParts, Reference
from tts_service.web.languages import language_accepted
from tts_service.web.pages.feedback import feedback_form
from tts_service.web.problems import JSON, field_errors, is_json, wrong_media_type
from tts_service.web.reading import iso, present
from tts_service.web.responses import (
    ANY_BODY,
    MEDIA_TYPE_REFUSED,
    PUBLIC,
    READER,
    Responses,
    body,
    by_name,
    problems,
    reply,
    text,
)
from tts_service.web.schemas.reports import FeedbackIn, FeedbackReceived, FeedbackState

log = logging.getLogger(__name__)
router = APIRouter(prefix="/v1/feedback", tags=["feedback"])

_CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,4}):([0-5]?\d)(?:[.,](\d{1,3}))?|(\d{1,6})(?:[.,](\d{1,3}))?", re.ASCII)
_REFUSED = problems(
    *(*READER, *ANY_BODY, MEDIA_TYPE_REFUSED, InvalidJson, InvalidRequest),
    *(FeedbackRefused, InputRefused, NotFound, ReportKeyReused),
)
_REFUSED[422]["description"] += " For a form: the form again, with the errors."
_REFUSED[422]["content"] |= text("text/html", "<!doctype html><title>Feedback</title>")
_KEPT: Responses = {
    200: {"model": FeedbackReceived, "description": "A report with this `sent_key` was stored before."},
    303: reply("The report from a form was stored.", Location="The page that shows its state"),
}


@router.post(
    "",
    status_code=201,
    response_model=FeedbackReceived,
    responses=_KEPT | _REFUSED,
    openapi_extra=body(by_name("FeedbackIn", JSON) | by_name("FeedbackForm", FORM)),
)
async def send_feedback(request: Request, parts: GivenParts) -> Response:
    """Send a listener's report about the sentence that was heard.

    After a form, the response redirects to a page (303). Errors are pages too if the request has `Accept: text/html`.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await request.body()
    if kind == FORM:
        return await _from_form(request, parts, body)
    if not is_json(kind):
        return wrong_media_type(request, JSON, FORM)
    return await _from_json(request, parts, body)


@router.get("/{reference}", responses=problems(*PUBLIC, NotFound))
def show_report_state(reference: Reference, parts: GivenParts) -> FeedbackState:
    """Show the state of a report. The reference is enough, no key is needed."""
    with parts.database.reading() as session:
        row = find_report(session, reference)
        outcome = outcome_of(session, row)
    return FeedbackState(
        reference=row.id,
        state=row.state,
        category=row.category,
        clip=row.clip_id,
        created_at=iso(row.created_ms),
        updated_at=iso(row.updated_ms),
        corrected_revision=outcome.revision,
        corrected_at=iso(outcome.at_ms) if outcome.at_ms else None,
        reason=outcome.reason,
    )


async def _from_json(request: Request, parts: Parts, body: bytes) -> Response:
    try:
        sent = FeedbackIn.model_validate(json.loads(body))
    except ValidationError as error:
        raise RequestValidationError([{**item, "loc": ("body", *item["loc"])} for item in error.errors()]) from error
    except (ValueError, RecursionError) as error:  # not JSON, or not UTF-8
        raise InputRefused("The body can't be read: send JSON in UTF-8.") from error
    before = await run_in_threadpool(received_before, parts, _heard(sent))
    reference = before or await _receive(request, parts, sent)
    address = f"/v1/feedback/{reference}"
    received = FeedbackReceived(reference=reference, state="new", url=public_url(parts.settings, address))
    return JSONResponse(received.model_dump(), 200 if before else 201, headers={"Location": address})


async def _from_form(request: Request, parts: Parts, body: bytes) -> Response:
    fields = form_fields(body)
    try:
        sent = _sent(fields)
        before = await run_in_threadpool(received_before, parts, _heard(sent))
        reference = before or await _receive(request, parts, sent)
    except ValidationError as error:
        complaint = field_errors(error.errors(), skip=0)[0]["field"]
    except FeedbackRefused as error:
        complaint = str(error.details["reason"])
    except ServiceError as error:
        if error.status != InputRefused.status:
            raise
        complaint = "position"
    else:
        return RedirectResponse(f"/feedback/{reference}", 303)
    return await run_in_threadpool(feedback_form, request, parts, fields, complaint)


def _sent(fields: Mapping[str, str]) -> FeedbackIn:
    """Raises ValidationError, InputRefused."""
    values: dict[str, Any] = {name: value for name, value in fields.items() if name != "position" and value.strip()}
    return FeedbackIn.model_validate(values | {"position_ms": milliseconds(fields.get("position", ""))})


async def _receive(request: Request, parts: Parts, sent: FeedbackIn) -> str:
    """Keep a report that may be one. Raises NotFound, InputRefused, FeedbackRefused, RateExceeded."""
    await run_in_threadpool(_require_clip, parts, sent.clip)
    sender = await admit(request, parts, Sent(clip_id=sent.clip, token=sent.clip_token, trap=sent.website))
    return await run_in_threadpool(_keep, parts, _heard(sent, sender, sent.language or language_accepted(request)))


def _keep(parts: Parts, heard: ReportDraft) -> str:
    """Keep a report and gather it into its case. Raises NotFound, InputRefused, ReportKeyReused."""
    reference = receive(parts, heard)
    try:
        gather(parts, reference)
    except Exception:  # the report is kept, and the next tick gathers it
        log.exception("report %s waits to be gathered into a case", reference)
    return reference


def _heard(sent: FeedbackIn, sender: str | None = None, locale: str | None = None) -> ReportDraft:
    return ReportDraft(
        locale=locale,
        clip_id=sent.clip,
        category=sent.category,
        position_ms=sent.position_ms,
        revision=sent.revision,
        token=sent.token,
        comment=sent.comment,
        email=sent.email,
        sender=sender,
        player=sent.player,
        sent_key=sent.sent_key,
    )


def _require_clip(parts: Parts, clip_id: str) -> None:
    """Raises NotFound for a clip that isn't there. Of one for few, its token proves that the sender was one of them."""
    with parts.database.reading() as session:
        present(parts, session, clip_id)


def milliseconds(clock: str) -> int:
    """A place as people write it (1:23, 0:05.5, 83) in milliseconds; 0 for none. Raises InputRefused."""
    if not clock.strip():
        return 0
    match = _CLOCK.fullmatch(clock.strip())
    if match is None:
        raise InputRefused("Enter the position as minutes:seconds, such as 1:23.")
    hours, minutes, seconds, part, bare, bare_part = match.groups()
    whole = int(bare) if bare else int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    return whole * 1000 + int((part or bare_part or "0").ljust(3, "0"))
