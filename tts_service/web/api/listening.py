"""Listening statistics: players send anonymous messages, staff and tools read the figures."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import Field, ValidationError
from starlette.concurrency import run_in_threadpool

from tts_service.access.sites import Sites
from tts_service.errors import FeedbackRefused, InputRefused, InvalidJson, InvalidRequest, NotFound
from tts_service.listeners.listening.counting import check, count, kinds_of
from tts_service.listeners.listening.figures import figures_of, figures_of_sites, since_days
from tts_service.newsroom.sites import options_for
from tts_service.parts import Parts
from tts_service.web.auth import MayReport
from tts_service.web.doors.clip_token import ClipTokens
from tts_service.web.doors.counting import Visitors
from tts_service.web.doors.rates import Rates
from tts_service.web.given import ClipId, GivenParts, SiteInQuery
from tts_service.web.responses import ANY_BODY, KEYED, PUBLIC, body, by_name, problems
from tts_service.web.schemas.fields import OrUsual, PageSize
from tts_service.web.schemas.listening import ClipListeningOut, ListeningIn, ListeningList, clip_out

router = APIRouter(prefix="/v1", tags=["listening"])

Days = Annotated[int, Field(ge=1, le=3660), OrUsual(30), Query(description="Number of days, up to and including today")]


@router.post(
    "/listening",
    status_code=204,
    response_class=Response,
    responses=problems(*PUBLIC, *ANY_BODY, FeedbackRefused, InputRefused, InvalidJson, InvalidRequest, NotFound),
    openapi_extra=body(by_name("ListeningIn", "text/plain", "application/json")),
)
async def record_listening(request: Request, parts: GivenParts) -> Response:
    """Record a player's message for the statistics. 204 also if listener or site opted out, and nothing is counted."""
    if wants_no_counting(request):
        return Response(status_code=204)
    sent = _sent(await request.body())
    heard = sent.heard()
    tokens: ClipTokens = request.app.state.clip_tokens
    visitors: Visitors = request.app.state.visitors
    rates: Rates = request.app.state.rates
    await run_in_threadpool(tokens.age_s, sent.clip, sent.clip_token)
    await rates.require("listening", await visitors.of(request.scope), sent.clip)
    site = await run_in_threadpool(check, parts.database, heard)
    if (await run_in_threadpool(options_for, parts.database, site)).listening:
        # Each kind counts once per opened page: a second message is from the same listener.
        keys = [key for kind, key in kinds_of(heard).items() if await rates.first(sent.clip_token, kind)]
        await run_in_threadpool(count, parts.database, heard, keys)
    return Response(status_code=204)


@router.get("/clips/{clip_id}/listening", responses=problems(*KEYED, InvalidRequest, NotFound))
def show_clip_listening(clip_id: ClipId, caller: MayReport, parts: GivenParts, days: Days = 30) -> ClipListeningOut:
    """Show a clip's listening statistics, with the sentences at which listeners stopped."""
    with parts.database.reading() as session:
        found = figures_of(session, clip_id, since_days(parts.database, session, days))
    if not caller.may_touch(found.site):
        raise NotFound(f"There is no clip {clip_id[:64]}.")
    return clip_out(found)


@router.get("/listening", responses=problems(*KEYED, InvalidRequest))
def show_listening(
    caller: MayReport,
    parts: GivenParts,
    site: SiteInQuery = None,
    days: Days = 30,
    limit: Annotated[PageSize, Query(description="Maximum number of clips")] = 50,
) -> ListeningList:
    """List the clips with the most starts. A key for one site sees only that site's."""
    if site:
        caller.require_site(site)
    return _most_heard(parts, (site,) if site else caller.sites, days, limit)


def wants_no_counting(request: Request) -> bool:
    """Whether the request has Do Not Track or Global Privacy Control."""
    return "1" in (request.headers.get("dnt"), request.headers.get("sec-gpc"))


def _most_heard(parts: Parts, sites: Sites, days: int, most: int) -> ListeningList:
    with parts.database.reading() as session:
        found = figures_of_sites(session, sites, since_days(parts.database, session, days), most, sentences=True)
    return ListeningList(days=days, clips=[clip_out(one) for one in found])


def _sent(body: bytes) -> ListeningIn:
    """Raises InputRefused, RequestValidationError."""
    try:
        return ListeningIn.model_validate(json.loads(body))
    except ValidationError as error:
        raise RequestValidationError([{**item, "loc": ("body", *item["loc"])} for item in error.errors()]) from error
    except (ValueError, RecursionError) as error:  # not JSON, or not UTF-8
        raise InputRefused("The body can't be read: send JSON in UTF-8.") from error
