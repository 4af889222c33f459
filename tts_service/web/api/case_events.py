"""The stream of changes in the queue, so that open desks stay up to date."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Security
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import Field

from tts_service.access.keys import Caller
from tts_service.corrections.changes import QueueChange, QueueWatch
from tts_service.errors import DatabaseUnavailable, InvalidRequest, NotAllowed, TooManyFollowers
from tts_service.parts import Parts
from tts_service.web.auth import needs
from tts_service.web.given import GivenParts
from tts_service.web.responses import STAFF, problems
from tts_service.web.schemas.cases import QueueEvent
from tts_service.web.schemas.fields import OrUsual
from tts_service.web.security import SESSION
from tts_service.web.shared_poll import GivenStreamPlace

router = APIRouter(prefix="/v1/cases", tags=["cases"], dependencies=[Security(SESSION)])

EVENT_POLL_S = 1.0
EVENTS_FOR_S = 900
"""A stream ends after so long; an EventSource connects again by itself."""
CALLER_AGAIN_S = 30.0
"""Seconds after which a stream asks again what its caller may see."""
RECONNECT_MS = 2000
_Seconds = Annotated[
    int,
    Field(ge=0, le=EVENTS_FOR_S),
    OrUsual(EVENTS_FOR_S),
    Query(description="Seconds after which the stream ends"),
]
_KEPT = 2000
"""Changes that are kept for streams that are read slowly."""
_may_report = needs("reports")


@dataclass(frozen=True, slots=True)
class _Numbered:
    number: int
    change: QueueChange


class QueueNews:
    """The changes of the queue, kept for all desks that are open in this process."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._watch: QueueWatch | None = None
        self._kept: tuple[_Numbered, ...] = ()
        self._run = secrets.token_hex(4)

    @property
    def last(self) -> int:
        """Number of the newest change."""
        return self._kept[-1].number if self._kept else 0

    def name(self, number: int) -> str:
        """The id of an event, by which a client that reconnects says what it has seen."""
        return f"{self._run}-{number}"

    def after(self, event_id: str | None) -> int:
        """The number behind which a client goes on; the newest if it has seen nothing of this process, or if what
        came next isn't kept any more."""
        run, _, number = (event_id or "").partition("-")
        known = run == self._run and number.isascii() and number.isdigit() and len(number) < 16
        kept = self._kept
        oldest, newest = (kept[0].number - 1, kept[-1].number) if kept else (0, 0)
        return int(number) if known and oldest <= int(number) <= newest else newest

    def since(self, number: int) -> list[_Numbered]:
        """Changes with higher numbers, oldest first."""
        return [one for one in self._kept if one.number > number]

    def look(self) -> int:
        """Look for changes, in one thread at a time; the number of the newest. Raises DatabaseUnavailable."""
        database = self._parts.database
        with database.reading() as session:
            if self._watch is None:
                self._watch = QueueWatch(database.now_ms(session))
            changes = self._watch.look(session)
        if changes:
            numbered = [_Numbered(self.last + offset, change) for offset, change in enumerate(changes, start=1)]
            self._kept = (*self._kept, *numbered)[-_KEPT:]
        return self.last


def news_of(request: Request, parts: GivenParts) -> QueueNews:
    """A dependency: the news of this process, made when the first desk opens."""
    state = request.app.state
    if not hasattr(state, "queue_news"):
        state.queue_news = QueueNews(parts)
    found: QueueNews = state.queue_news
    return found


@router.get(
    "/events",
    response_class=EventSourceResponse,
    responses={
        200: {"model": QueueEvent, "description": "Server-sent events."},
        **problems(*STAFF, InvalidRequest, TooManyFollowers),
    },
)
async def stream_queue(
    request: Request,
    caller: Annotated[Caller, Depends(_may_report)],
    parts: GivenParts,
    news: Annotated[QueueNews, Depends(news_of)],
    place: GivenStreamPlace,
    for_s: _Seconds = EVENTS_FOR_S,
    last_event_id: Annotated[str | None, Header(description="Id of the last event that was received")] = None,
) -> AsyncIterable[ServerSentEvent]:
    """Stream the changes of the queue.

    `case` is sent for each case that is new or has changed, `reports` when reports have arrived. A stream begins with
    `open`: unless it repeats the client's last id, the client should load the queue again. A client that reads too
    slowly gets another `open`.
    """
    clock = asyncio.get_running_loop().time
    until_s, ask_again_s = clock() + for_s, clock() + CALLER_AGAIN_S
    seen = news.after(last_event_id)
    yield ServerSentEvent(data={}, event="open", id=news.name(seen), retry=RECONNECT_MS)
    poll, told = place.follow("queue", news.look, EVENT_POLL_S), 0
    while True:
        await poll.wait_past(told, min(until_s, ask_again_s))
        told = poll.number
        if clock() >= ask_again_s:
            try:
                with suppress(DatabaseUnavailable):
                    caller = await asyncio.to_thread(_may_report, request, parts)
            except NotAllowed:
                return  # whoever connects again is told why
            ask_again_s = clock() + CALLER_AGAIN_S
        changes = news.since(seen)
        if changes and changes[0].number > seen + 1:  # read too slowly: what came next isn't kept any more
            yield ServerSentEvent(data={}, event="open", id=news.name(changes[-1].number))
        else:
            for event in _events(news, changes, caller):
                yield event
        seen = changes[-1].number if changes else seen
        if poll.broken or clock() >= until_s:
            return


def _events(news: QueueNews, changes: list[_Numbered], caller: Caller) -> list[ServerSentEvent]:
    own = [one for one in changes if caller.may_touch(one.change.site)]
    events = [
        ServerSentEvent(
            data={
                "id": one.change.id,
                "site": one.change.site,
                "state": one.change.state,
                "version": one.change.version,
                "reports": one.change.reports,
                "assigned_to": one.change.assigned_to,
            },
            event="case",
            id=news.name(one.number),
        )
        for one in own
    ]
    new = sum(one.change.new_reports for one in own)
    if new:
        events.append(ServerSentEvent(data={"new": new}, event="reports", id=news.name(own[-1].number)))
    return events
