"""Received webhooks: filter, inspect, replay. For admins: they show what CMSs send."""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from tts_service.access.staff import Person
from tts_service.access.tokens import form_token
from tts_service.cms.inbox.staff import (
    EventFacts,
    StoredRequest,
    event_facts,
    list_events,
    replay_webhook,
    stored_request,
)
from tts_service.cms.sources.registry import SOURCES
from tts_service.errors import ServiceError
from tts_service.parts import Parts
from tts_service.web.given import GivenParts
from tts_service.web.languages import catalogue, language_accepted
from tts_service.web.pages.templating import page
from tts_service.web.staff.again import Announcement, RowFilter
from tts_service.web.staff.session import AdminSignedIn, OwnForm

router = APIRouter(prefix="/staff/events", include_in_schema=False)

STATES = ("received", "done", "ignored", "failed", "refused")
SHOWN_BYTES = 50_000
"""Bytes of a body that are shown."""
_PER_PAGE = 50
_KEYS = re.compile(r"secret|token|password|auth|api-?key", re.IGNORECASE)
"""Headers that may hold what opens something: some CMSs send the secret itself."""


class EventsWanted(RowFilter):
    """Which events; empty: any."""

    source: str = Field("", max_length=40)


_EventId = Annotated[str, Path(max_length=64)]


@router.get("")
def show_events(
    request: Request, person: AdminSignedIn, parts: GivenParts, wanted: Annotated[EventsWanted, Query()]
) -> Response:
    """Events, newest first."""
    found = list_events(
        parts.database,
        state=wanted.state or None,
        site=wanted.site.strip() or None,
        source=wanted.source or None,
        below=wanted.below or None,
        limit=_PER_PAGE + 1,
    )
    values = {
        "person": person,
        "form_token": form_token(person.token),
        "events": [_line(one) for one in found[:_PER_PAGE]],
        "wanted": wanted,
        "states": STATES,
        "sources": sorted(SOURCES),
        "older": found[_PER_PAGE - 1].id if len(found) > _PER_PAGE else None,
    }
    return page(request, "staff_events.html", values, language=language_accepted(request))


@router.get("/{event_id}")
def show_event(
    request: Request, event_id: _EventId, person: AdminSignedIn, parts: GivenParts, taken: bool = False
) -> Response:
    """One event: what came, and what became of it. Raises NotFound."""
    return _page(request, parts, person, event_id, Announcement(taken=taken))


@router.post("/{event_id}/replay")
async def do_again(
    request: Request, event_id: _EventId, person: AdminSignedIn, _form: OwnForm, parts: GivenParts
) -> Response:
    """Have it done again; the page says why not, where that can't be. Raises NotFound."""
    return await run_in_threadpool(_do_again, request, parts, person, event_id)


def _do_again(request: Request, parts: Parts, person: Person, event_id: str) -> Response:
    try:
        replay_webhook(parts.database, event_id, who=person.who)
    except ServiceError as error:
        return _page(request, parts, person, event_id, Announcement(complaint=error.message, status=error.status))
    return RedirectResponse(f"/staff/events/{event_id}?taken=true", 303)


def _page(request: Request, parts: Parts, person: Person, event_id: str, told: Announcement) -> Response:
    event, stored = event_facts(parts.database, event_id), stored_request(parts.database, event_id)
    language = language_accepted(request)
    values = {
        "person": person,
        "form_token": form_token(person.token),
        "event": _line(event),
        "told": told,
        "outcomes": event.outcome or [],
        "stored": _stored(stored, catalogue(language).gettext("hidden")),
        "may_replay": stored.body is not None,
    }
    return page(request, "staff_event.html", values, language=language, status=told.status)


def _line(event: EventFacts) -> dict[str, Any]:
    """An event for the templates."""
    return {
        "id": event.id,
        "at": event.received_ms,
        "source": event.source,
        "site": event.site or "",
        "hook": event.hook_id or "",
        "state": event.state,
        "reason": event.reason,
        "kind": event.kind or "",
        "about": event.external_id or "",
    }


def _stored(stored: StoredRequest, hidden: str) -> dict[str, Any]:
    """A request for the template: its body as text, what opens something hidden."""
    headers = {name: hidden if _KEYS.search(name) else value for name, value in stored.headers.items()}
    path = re.sub(r"(?<==)[^&]*", hidden, stored.path)
    body = None if stored.body is None else stored.body[:SHOWN_BYTES].decode("utf-8", "replace")
    return {"path": path, "headers": headers, "body": body, "bytes": len(stored.body or b""), "shown": SHOWN_BYTES}
