"""Rate limiting before anything is done: by key, else by address, by webhook."""

from __future__ import annotations

import asyncio
import logging
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tts_service.access.daily import DailyKeys
from tts_service.errors import DatabaseUnavailable
from tts_service.web.doors.client import Network, client_address
from tts_service.web.doors.rates import LimitVerdict, Rates, exceeded
from tts_service.web.problems import answered, problem_of

UNCOUNTED = ("/healthz", "/readyz", "/metrics", "/static/")
"""What operators' tools and every page ask for."""
_WAIT_S = 0.5
"""Seconds to wait for the day's key, which is read once a day: a webhook's answer can't wait longer."""

log = logging.getLogger(__name__)


class Visitors:
    """Who comes from where, by a name that says nothing after its day."""

    def __init__(self, keys: DailyKeys, trusted: tuple[Network, ...]) -> None:
        self._keys = keys
        self._trusted = trusted

    async def of(self, scope: Scope) -> str:
        """The keyed hash of a request's address."""
        address = client_address(scope, self._trusted)
        if self._keys.at_hand():
            return self._keys.hashed(address)
        try:
            return await asyncio.wait_for(asyncio.to_thread(self._keys.hashed, address), _WAIT_S)
        except (DatabaseUnavailable, TimeoutError) as error:
            log.warning("addresses count as one while the day's key can't be read: %r", error)
            return "nobody knows"


class RateLimit:
    """ASGI middleware: 429 for who comes too often, and the limit's headers on every other answer."""

    def __init__(self, app: ASGIApp, rates: Rates, visitors: Visitors) -> None:
        self.app = app
        self.rates = rates
        self.visitors = visitors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(UNCOUNTED):
            await self.app(scope, receive, send)
            return
        visitor = await self.visitors.of(scope)
        key = Headers(scope=scope).get("authorization")
        name, verdict = await self._verdict(scope, key, visitor)
        if verdict is not None and not verdict.allowed:
            await _refuse(name, verdict, scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                if verdict is not None:
                    MutableHeaders(scope=message).update(verdict.headers(name))
                if key is not None and message["status"] == HTTPStatus.UNAUTHORIZED:
                    await self.rates.hit("public", visitor)
            await send(message)

        await self.app(scope, receive, sending)

    async def _verdict(self, scope: Scope, key: str | None, visitor: str) -> tuple[str, LimitVerdict | None]:
        """(limit's name, what it says). A key counts by itself; keys that fit nothing count against their address."""
        if scope["path"].startswith("/v1/webhooks/"):
            return "webhooks", await self.rates.hit("webhooks", visitor, scope["path"])
        if key is None:
            return "public", await self.rates.hit("public", visitor)
        guessed_too_often = await self.rates.used_up("public", visitor)
        if guessed_too_often is not None:
            return "public", guessed_too_often
        return "key", await self.rates.hit("key", key)


async def _refuse(name: str, verdict: LimitVerdict, scope: Scope, receive: Receive, send: Send) -> None:
    answer = problem_of(exceeded(verdict))
    answer.headers.update(verdict.headers(name))
    answer = answered(Request(scope), answer)
    await answer(scope, receive, send)
