"""How far clips are heard: players report it anonymously, staff and tools read the sums."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import Field, ValidationError
from starlette.concurrency import run_in_threadpool

from tts_service.errors import FeedbackRefused, InputRefused, NotAllowed, NotFound, RateExceeded
from tts_service.listeners.listening.counting import check, count, kinds_of
from tts_service.listeners.listening.figures import figures_of, figures_of_site, since_days
from tts_service.newsroom.sites import options_for
from tts_service.parts import Parts
from tts_service.web.auth import MayReport
from tts_service.web.document.declare import answers_problem, raises, takes
from tts_service.web.doors.clip_token import ClipTokens
from tts_service.web.doors.counting import Visitors
from tts_service.web.doors.rates import Rates
from tts_service.web.given import GivenParts
from tts_service.web.schemas.fields import OrUsual, PageSize
from tts_service.web.schemas.listening import ClipListeningOut, ListeningIn, ListeningList, clip_out

router = APIRouter(prefix="/v1", tags=["listening"])

Days = Annotated[int, Field(ge=1, le=3660), OrUsual(30), Query(description="The last so many days, today included")]


@router.post("/listening", status_code=204, response_class=Response)
@raises(FeedbackRefused, InputRefused, NotFound, RateExceeded)
@answers_problem(422, "invalid_request", "The request is not valid")
@takes({"text/plain": ListeningIn, "application/json": ListeningIn})
async def tell(request: Request, parts: GivenParts) -> Response:
    """What a player tells by `navigator.sendBeacon`: counted, or not where listener or site ask for that (204 too)."""
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
        # Of one opened page each kind counts once: sent again, it is the same listener.
        keys = [key for kind, key in kinds_of(heard).items() if await rates.first(sent.clip_token, kind)]
        await run_in_threadpool(count, parts.database, heard, keys)
    return Response(status_code=204)


@router.get("/clips/{clip_id}/listening")
@raises(NotFound)
def listening_of_clip(clip_id: str, caller: MayReport, parts: GivenParts, days: Days = 30) -> ClipListeningOut:
    """How far a clip was listened to, and at which sentences listeners went."""
    with parts.database.reading() as session:
        found = figures_of(session, clip_id, since_days(parts.database, session, days))
    if not caller.may_touch(found.site):
        raise NotFound(f"There is no clip {clip_id[:64]}.")
    return clip_out(found)


@router.get("/listening")
@raises(NotAllowed)
def listening(
    caller: MayReport,
    parts: GivenParts,
    site: Annotated[str | None, Query(max_length=64)] = None,
    days: Days = 30,
    limit: PageSize = 50,
) -> ListeningList:
    """The clips that were started most often; those of the key's site."""
    if site:
        caller.require_site(site)
    return _most_heard(parts, site or caller.site, days, limit)


def wants_no_counting(request: Request) -> bool:
    """Do Not Track, or Global Privacy Control."""
    return "1" in (request.headers.get("dnt"), request.headers.get("sec-gpc"))


def _most_heard(parts: Parts, site: str | None, days: int, most: int) -> ListeningList:
    with parts.database.reading() as session:
        found = figures_of_site(session, site, since_days(parts.database, session, days), most)
    return ListeningList(days=days, clips=[clip_out(one) for one in found])


def _sent(body: bytes) -> ListeningIn:
    """Raises InputRefused, RequestValidationError."""
    try:
        return ListeningIn.model_validate(json.loads(body))
    except ValidationError as error:
        raise RequestValidationError([{**item, "loc": ("body", *item["loc"])} for item in error.errors()]) from error
    except (ValueError, RecursionError) as error:  # not JSON, or not UTF-8
        raise InputRefused("The body can't be read: send JSON in UTF-8.") from error
