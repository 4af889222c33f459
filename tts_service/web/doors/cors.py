"""CORS: scripts of registered origins may read readers' routes, nothing else.

Cookies and keys are never allowed along. The job API has no such headers at all: a browser is no place for its keys.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tts_service.db.session import Database
from tts_service.errors import DatabaseUnavailable
from tts_service.newsroom.sites import all_origins

FRESH_S = 10.0
"""Seconds until an origin that was entered or removed counts in every process."""
_READERS = re.compile(r"/v1/(clips|feedback|listening)(/|\Z)")
_EXPOSED = "Accept-Ranges, Content-Length, Content-Range, ETag, Location, RateLimit, Retry-After"
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST",
    "Access-Control-Allow-Headers": "Content-Type, If-None-Match, If-Range, Range",
    "Access-Control-Max-Age": "600",
}

log = logging.getLogger(__name__)


class Origins:
    """The origins of every site, read again after a while."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: frozenset[str] = frozenset()
        self._until = 0.0

    async def known(self, origin: str) -> bool:
        """Whether pages of this origin are a registered site's; letter for letter."""
        if time.monotonic() >= self._until:
            try:
                self._known = await asyncio.to_thread(all_origins, self._database)
            except DatabaseUnavailable as error:
                log.warning("origins as they were: %s", error.message)
            self._until = time.monotonic() + FRESH_S
        return origin in self._known


class Cors:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, origins: Origins) -> None:
        self.app = app
        self.origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _READERS.match(scope["path"]):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin", "")
        allowed = bool(origin) and await self.origins.known(origin)
        if allowed and scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            answer = Response(status_code=204, headers={"Access-Control-Allow-Origin": origin, **_PREFLIGHT})
            answer.headers["Vary"] = "Origin"
            await answer(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                found = MutableHeaders(scope=message)
                found.add_vary_header("Origin")
                if allowed:
                    found["Access-Control-Allow-Origin"] = origin
                    found["Access-Control-Expose-Headers"] = _EXPOSED
            await send(message)

        await self.app(scope, receive, sending)
