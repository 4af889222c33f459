"""Translates between public paths and the application's, for a service below a path prefix.

The public URL may have a path of its own (`https://news.example/audio`). A proxy hands requests on with it or without:
both mean the same here. A slash too many at the end means nothing either, so no request is sent to another address for
it: what is sent by POST would get lost on the way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from fastapi.routing import RouteContext, iter_route_contexts
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_TOLD = (b"location", b"content-location")
"""Headers with an address in them."""


class PublicPaths:
    """ASGI middleware, the outermost: what stands within it sees the application's own paths only."""

    def __init__(self, app: ASGIApp, prefix: str, routes: Sequence[BaseRoute]) -> None:
        self.app = app
        self.prefix = prefix
        """As path_prefix gives it."""
        self.routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start" and self.prefix:
                message["headers"] = [self._outer(*header) for header in message.get("headers", ())]
            await send(message)

        await self.app(self._inner(scope), receive, sending)

    def _inner(self, scope: Scope) -> Scope:
        """The request without the prefix and without a slash too many, where there is something at that path."""
        found: Scope = {**scope, "root_path": ""}
        cut = self._cut(found)
        if cut is not None:
            found = {**found, "path": cut, "raw_path": self._cut_raw(found)}
        path = found["path"]
        bare = path.rstrip("/")
        if path != bare and bare and not self._known(found) and self._known({**found, "path": bare}):
            found["path"] = bare  # not of raw_path: some senders sign what they called
        return found

    def _cut(self, scope: Scope) -> str | None:
        """The path below the prefix; None: it has none."""
        prefix, path = unquote(self.prefix), scope["path"]
        if not prefix or not (path == prefix or path.startswith(f"{prefix}/")):
            return None
        cut = path[len(prefix) :] or "/"
        # A public URL that ends in /listen: the proxy may have taken that off already.
        own = any(one.path and one.path.startswith(f"/{prefix.split('/')[1]}/") for one in self._all())
        return cut if not own or self._known({**scope, "path": cut}) else None

    def _cut_raw(self, scope: Scope) -> bytes:
        raw: bytes = scope.get("raw_path") or scope["path"].encode()
        parts = raw.split(b"/")[1 + self.prefix.count("/") :]
        return b"/" + b"/".join(parts)

    def _known(self, scope: Scope) -> bool:
        return any(route.matches(scope)[0] is not Match.NONE for route in self._all())

    def _all(self) -> Iterator[RouteContext]:
        return iter_route_contexts(self.routes)

    def _outer(self, name: bytes, value: bytes) -> tuple[bytes, bytes]:
        if name.lower() in _TOLD and value.startswith(b"/") and not value.startswith(b"//"):
            return name, self.prefix.encode("ascii") + value
        return name, value
