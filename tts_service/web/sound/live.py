"""live.mp3: a stream that ends with the rendering, or a range of what exists."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tts_service.errors import NotFound, ServiceError, StoreUnavailable
from tts_service.parts import Parts
from tts_service.storage.base import ClipStore
from tts_service.web.sound.following import Follower, Growth, Hub, LiveRevision

WAIT_S = 15.0
"""Seconds a listener at the end of what exists waits for more."""
HEAD_WAIT_S = 30.0
"""Seconds the first listener waits for a worker to begin."""
MEDIA_TYPE = "audio/mpeg"

log = logging.getLogger(__name__)

_ONE_RANGE = re.compile(r"bytes\s*=\s*(\d{1,18})-(\d{0,18})", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedRange:
    """Bytes of the stream that a client asks for."""

    first: int
    last: int | None
    """None: to the end of what exists."""


class LiveStream(Response):
    """An answer that grows. Cut short, without the chunk that would end it properly, when the rendering failed:
    the client must notice that this is not the whole (RFC 9112, 8)."""

    def __init__(self, parts: Parts, hub: Hub, key: LiveRevision, asked: AskedRange | None) -> None:
        super().__init__(media_type=MEDIA_TYPE)
        self._parts = parts
        self._hub = hub
        self._key = key
        self._asked = asked

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answering = asyncio.create_task(self._answer(scope, receive, send))
        leaving = asyncio.create_task(client_gone(receive))
        try:
            await asyncio.wait({answering, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if answering.done():
                answering.result()
        finally:
            for task in (answering, leaving):
                task.cancel()
            await asyncio.gather(answering, leaving, return_exceptions=True)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._hub.following(self._key) as follower:
            refused = await self._wait(follower)
            if refused is not None:
                await refused(scope, receive, send)
                return
            start, end = self._span(follower.growth)
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            whole = scope["method"] == "HEAD" or await self._send(follower, start, end, send)
            if whole:
                await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _send(self, follower: Follower, start: int, end: int | None, send: Send) -> bool:
        """Send the bytes from `start` up to `end` (None: as far as it goes). False: not all of them came."""
        try:
            async for data in _bytes(self._parts.store, follower, start, end):
                await send({"type": "http.response.body", "body": data, "more_body": True})
        except ServiceError as error:
            log.warning("live %s is cut: %s", self._key, error)
            return False
        return end is not None or not follower.growth.failed

    async def _wait(self, follower: Follower) -> Response | None:
        """Wait until there is something to send; what to answer instead when there isn't."""
        first = self._asked.first if self._asked else 0
        timeout = HEAD_WAIT_S if first == 0 else WAIT_S
        try:
            await asyncio.wait_for(follower.wait_past(first), timeout)
        except TimeoutError:
            if first == 0:
                raise StoreUnavailable("The audio has not been started yet: try again later.") from None
        growth = follower.growth
        if growth.size > first:
            return None
        if growth.failed:
            raise NotFound("The job failed: there is no more audio.")
        known = {"Content-Range": f"bytes */{growth.size}"} if growth.complete else {}
        return Response(status_code=416, headers={"Cache-Control": "no-store"} | known)

    def _span(self, growth: Growth) -> tuple[int, int | None]:
        """First byte and one past the last to send (None: to the end of the rendering); sets the headers."""
        self.headers["Cache-Control"] = "no-store"
        self.headers["Content-Location"] = f"/v1/clips/{self._key.clip_id}/live.mp3?r={self._key.revision}"
        self.headers["Accept-Ranges"] = "bytes"
        self.headers["X-Accel-Buffering"] = "no"  # nginx hands each piece on as it comes
        del self.headers["content-length"]
        if self._asked is None:
            if growth.complete:
                self.headers["Content-Length"] = str(growth.size)
            return 0, None
        first, last = self._asked.first, self._asked.last
        end = growth.size if last is None else min(growth.size, last + 1)
        self.status_code = 206
        self.headers["Content-Range"] = f"bytes {first}-{end - 1}/{growth.size if growth.complete else '*'}"
        self.headers["Content-Length"] = str(end - first)
        return first, end


def asked_range(header: str | None) -> AskedRange | None:
    """The single range of a Range header; None for a stream: none, from the first byte on, or to be ignored."""
    match = _ONE_RANGE.fullmatch((header or "").strip())
    if match is None:
        return None
    first, last = int(match.group(1)), int(match.group(2)) if match.group(2) else None
    if last is not None and last < first:
        return None
    return None if first == 0 and last is None else AskedRange(first=first, last=last)


async def _bytes(store: ClipStore, follower: Follower, start: int, end: int | None) -> AsyncIterator[bytes]:
    """Bytes from `start` on, at most one object's piece in memory; follows the rendering when `end` is None."""
    at = start
    while end is None or at < end:
        await follower.wait_past(at)
        growth = follower.growth
        if growth.size <= at:
            return
        name, first, behind = growth.at(at)
        until = behind if end is None else min(behind, end)
        pieces = store.read_range(name, at - first, until - first)
        while data := await asyncio.to_thread(next, pieces, b""):
            yield data
            at += len(data)
        if at < until:
            raise StoreUnavailable(f"{name} has fewer bytes than its row says.")


async def client_gone(receive: Receive) -> None:
    """Returns when the client has left."""
    while (await receive())["type"] != "http.disconnect":
        pass
