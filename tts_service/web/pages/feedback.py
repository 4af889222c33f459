"""The feedback form and the page that shows what became of a report."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from gettext import NullTranslations

from fastapi import APIRouter, Request, Response
from starlette.responses import HTMLResponse

from tts_service.errors import NotFound
from tts_service.listeners.outcome import ReportOutcome, outcome_of
from tts_service.listeners.reports import CATEGORIES, MAX_COMMENT, MAX_EMAIL, find_report
from tts_service.parts import Parts
from tts_service.web.doors.clip_token import tokens_of
from tts_service.web.doors.grant import PARAMETER, Reader, grants_of
from tts_service.web.given import GivenParts
from tts_service.web.languages import catalogue, gettext_noop, language_for, language_wanted, moment
from tts_service.web.pages.names import code_name
from tts_service.web.pages.templating import page
from tts_service.web.reading import present, show

router = APIRouter(include_in_schema=False)
_SHOWN = 200
"""Characters of a field's value that go back into the form's short fields."""
COMPLAINTS = {
    "category": gettext_noop("Please choose what you heard."),
    "position": gettext_noop("Enter the position as minutes:seconds, such as 1:23."),
    "comment": gettext_noop("Your comment may have at most {most} characters."),
    "email": gettext_noop("Enter the full e-mail address, such as name@example.org."),
    "form": gettext_noop("The form could not be verified. Please open it again and resend it."),
    "token": gettext_noop("The form was open for too long. Send it again: what you wrote is still there."),
    "time": gettext_noop("That was very quick. Send it again: what you wrote is still there."),
}
"""By the field that is wrong."""


@router.get("/feedback")
def ask(request: Request, parts: GivenParts, clip: str = "", r: str = "", t: str = "") -> Response:
    """The form; the player's place comes along as ?t=…&r=…"""
    return feedback_form(request, parts, {"clip": clip, "revision": r if _number(r) else "", "position": t})


@router.get("/feedback/{reference}")
def state(request: Request, reference: str, parts: GivenParts) -> Response:
    """What became of a report."""
    with parts.database.reading() as session:
        row = find_report(session, reference)
        try:
            shown = present(parts, session, row.clip_id)
        except NotFound:
            shown = None  # withdrawn since: the report's state stays readable
        outcome = outcome_of(session, row, heard=shown is not None and shown.public)
    language = shown.language if shown else language_wanted(request)
    values = {
        "reference": row.id,
        "category": row.category,
        "created": moment(row.created_ms, language_for(language)),
        "state": _state(row.state, outcome, language_for(language)),
        "site": row.site,
        "obsolete": row.obsolete_ms is not None and row.settled_ms is None,
        "clip": row.clip_id if shown and shown.public else None,
        # Of a clip for few, what it says is for them, too.
        "sentence": row.sentence if shown and shown.public else "",
        "sentence_lang": language,
        "sounds": [(name, sound) for name in ("before", "after") if (sound := getattr(outcome, name))],
    }
    return page(request, "feedback_state.html", values, language=language)


def _state(state: str, outcome: ReportOutcome, language: str) -> str:
    words = catalogue(language)
    if outcome.revision is not None:
        when = moment(outcome.at_ms or 0, language)
        return words.gettext("Corrected in revision {revision}, {moment}").format(
            revision=outcome.revision, moment=when
        )
    if outcome.reason:
        return words.gettext("Not changed. Reason: {reason}").format(reason=outcome.reason)
    return code_name(words, "state of a report, to its sender", state)


def feedback_form(request: Request, parts: Parts, fields: Mapping[str, str], complaint: str = "") -> HTMLResponse:
    """The form with what was entered and a fresh token; `complaint`: the field that is wrong, or `token`, or `time`.

    Raises as `show`."""
    reader = Reader(grants_of(request), request.query_params.get(PARAMETER, ""))
    with parts.database.reading() as session:
        shown = show(parts, session, fields.get("clip", ""), reader)
    values = {
        "clip": shown.clip.id,
        "title": shown.title,
        "categories": CATEGORIES,
        "complaint": complaint,
        "complaint_text": _complaint_text(catalogue(language_for(shown.language)), complaint),
        "token": tokens_of(request).issue(shown.clip.id),
        "sent_key": fields.get("sent_key", "")[:_SHOWN] or secrets.token_hex(16),
        "max_comment": MAX_COMMENT,
        "max_email": MAX_EMAIL,
        "revision": fields.get("revision", "")[:_SHOWN] or str(shown.number),
        "position": fields.get("position", "")[:_SHOWN],
        "category": fields.get("category", ""),
        "comment": fields.get("comment", "")[: 2 * MAX_COMMENT],
        "email": fields.get("email", "")[:_SHOWN],
    }
    return page(request, "feedback.html", values, language=shown.language, status=422 if complaint else 200)


def _complaint_text(words: NullTranslations, field: str) -> str:
    """What is wrong, in the page's language: what checks fields speaks English, and to programs."""
    return words.gettext(COMPLAINTS.get(field, COMPLAINTS["form"])).format(most=MAX_COMMENT)


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 10
