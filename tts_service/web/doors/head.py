"""HEAD wherever GET is (RFC 9110, 9.3.2): the same answer without a body."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_EMPTY: Message = {"type": "http.response.body", "body": b"", "more_body": False}


class HeadAsGet:
    """ASGI middleware, the innermost: the doors before it see the HEAD that was sent."""

    def __init__(self, app: ASGIApp, routes: Sequence[BaseRoute]) -> None:
        self.app = app
        self.routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD" or self._answers_head(scope):
            await self.app(scope, receive, send)
            return
        begun = asyncio.Event()

        async def sending(message: Message) -> None:
            if message["type"] != "http.response.body":
                await send(message)
            else:
                await send(_EMPTY)
                if message.get("more_body"):
                    begun.set()
                    await asyncio.get_running_loop().create_future()  # until it is cancelled

        # A stream of events would go on for minutes: its beginning is the answer.
        work = asyncio.ensure_future(self.app({**scope, "method": "GET"}, receive, sending))
        waiting = asyncio.ensure_future(begun.wait())
        try:
            await asyncio.wait({work, waiting}, return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                work.result()
        finally:
            for task in (work, waiting):
                task.cancel()
            await asyncio.gather(work, waiting, return_exceptions=True)

    def _answers_head(self, scope: Scope) -> bool:
        return any(route.matches(scope)[0] is Match.FULL for route in iter_route_contexts(self.routes))
