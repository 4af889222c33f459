"""Callback deliveries, their attempts, and replay. For admins."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from tts_service.access.staff import Person
from tts_service.access.tokens import form_token
from tts_service.callbacks.endpoints import TYPES, host_of
from tts_service.callbacks.log import STATES, TEST, Filter, attempts, deliveries, find_delivery, replay
from tts_service.db.tables import CallbackEndpointRow, DeliveryAttemptRow, DeliveryRow
from tts_service.errors import Conflict
from tts_service.parts import Parts
from tts_service.web.given import GivenParts
from tts_service.web.languages import language_accepted
from tts_service.web.pages.templating import page
from tts_service.web.staff.again import Announcement, RowFilter
from tts_service.web.staff.session import AdminSignedIn, OwnForm

router = APIRouter(prefix="/staff/callbacks", include_in_schema=False)
_PER_PAGE = 50


class DeliveriesWanted(RowFilter):
    """Which deliveries; empty: any."""

    type: str = Field("", max_length=40)


_DeliveryId = Annotated[str, Path(max_length=64)]


@router.get("")
def show_deliveries(
    request: Request, person: AdminSignedIn, parts: GivenParts, wanted: Annotated[DeliveriesWanted, Query()]
) -> Response:
    """Deliveries, newest first."""
    chosen = Filter(
        about=wanted.site.strip() or None,
        state=wanted.state if wanted.state in STATES else None,
        type=wanted.type or None,
        before=wanted.below or None,
        limit=_PER_PAGE + 1,
    )
    with parts.database.reading() as session:
        rows = deliveries(session, chosen)
        endpoint = CallbackEndpointRow
        wanted_ids = {row.endpoint_id for row in rows}
        endpoints = {one.id: one for one in session.scalars(select(endpoint).where(endpoint.id.in_(wanted_ids)))}
        lines = [_line(row, endpoints.get(row.endpoint_id)) for row in rows[:_PER_PAGE]]
    values = {
        "person": person,
        "form_token": form_token(person.token),
        "deliveries": lines,
        "wanted": wanted,
        "states": STATES,
        "types": (*TYPES, TEST),
        "older": lines[-1]["id"] if len(rows) > _PER_PAGE else None,
    }
    return page(request, "staff_callbacks.html", values, language=language_accepted(request))


@router.get("/{delivery}")
def show_delivery(
    request: Request, delivery: _DeliveryId, person: AdminSignedIn, parts: GivenParts, taken: bool = False
) -> Response:
    """One delivery: what was sent, and every try. Raises NotFound."""
    return _page(request, parts, person, delivery, Announcement(taken=taken))


@router.post("/{delivery}/replay")
async def send_again(
    request: Request, delivery: _DeliveryId, person: AdminSignedIn, _form: OwnForm, parts: GivenParts
) -> Response:
    """Send it again now; the page says why not, where that can't be. Raises NotFound."""
    return await run_in_threadpool(_send_again, request, parts, person, delivery)


def _send_again(request: Request, parts: Parts, person: Person, delivery: str) -> Response:
    try:
        row = replay(parts, delivery, who=person.who)
    except Conflict as error:
        return _page(request, parts, person, delivery, Announcement(complaint=error.message, status=error.status))
    return RedirectResponse(f"/staff/callbacks/{row.id}?taken=true", 303)


def _page(request: Request, parts: Parts, person: Person, delivery: str, told: Announcement) -> Response:
    with parts.database.reading() as session:
        row = find_delivery(session, delivery)
        line = _line(row, session.get(CallbackEndpointRow, row.endpoint_id))
        tries = [_try(one) for one in attempts(session, delivery)]
    values = {
        "person": person,
        "form_token": form_token(person.token),
        "delivery": line,
        "tries": tries,
        "told": told,
        "body": json.dumps(json.loads(row.body), ensure_ascii=False, indent=2),
    }
    return page(request, "staff_callback.html", values, language=language_accepted(request), status=told.status)


def _line(row: DeliveryRow, endpoint: CallbackEndpointRow | None) -> dict[str, Any]:
    """A delivery for the templates. Of its address only the host: the rest may be as good as a key."""
    return {
        "id": row.id,
        "at": row.created_ms,
        "type": row.type,
        "site": row.site,
        "state": row.state,
        "reason": row.reason,
        "attempts": row.attempts,
        "host": host_of(row.url or (endpoint.url if endpoint else "")),
        "next": row.due_ms if row.state == "pending" else None,
    }


def _try(row: DeliveryAttemptRow) -> dict[str, Any]:
    return {
        "number": row.number,
        "at": row.started_ms,
        "took_ms": row.took_ms,
        "status": row.status,
        "reason": row.reason,
        "answer": row.answer,
    }
