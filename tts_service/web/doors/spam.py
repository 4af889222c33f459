"""Spam checks for reports: clip token, honeypot, minimum time, limits."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from tts_service.errors import FeedbackRefused
from tts_service.parts import Parts
from tts_service.web.doors.clip_token import ClipTokens
from tts_service.web.doors.counting import Visitors
from tts_service.web.doors.rates import Rates


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What there is to judge a report by."""

    clip_id: str
    token: str
    trap: str
    """The field that people don't see."""


async def admit(request: Request, parts: Parts, sent: Sent) -> str:
    """The sender as their reports name them. Raises FeedbackRefused (`reason`: token, trap, time), RateExceeded."""
    tokens: ClipTokens = request.app.state.clip_tokens
    visitors: Visitors = request.app.state.visitors
    rates: Rates = request.app.state.rates
    age_s = tokens.age_s(sent.clip_id, sent.token)
    if sent.trap:
        raise FeedbackRefused("Leave the field `website` empty: only bots fill it in.", reason="trap")
    if age_s < parts.settings.feedback_min_s:
        raise FeedbackRefused("That was too fast for a person: send it again in a moment.", reason="time")
    sender = await visitors.of(request.scope)
    await rates.require("feedback_token", sent.token)
    await rates.require("feedback_address", sender)
    await rates.require("feedback_clip", sent.clip_id)
    return sender
