"""Bodies are counted while they arrive: what is too long is refused before it is read, chunked or not."""

from __future__ import annotations

from contextlib import suppress

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tts_service.settings import MAX_HTML_BYTES
from tts_service.speakable.pls import MAX_BYTES
from tts_service.web.problems import problem

ARTICLE_BYTES = 8_000_000
"""POST /v1/jobs: 5 MB of HTML, and room for JSON's escapes."""
LEXICON_BYTES = MAX_BYTES
"""POST /v1/lexicon/import: a PLS document."""
COUNTED_THERE = 1 << 62
"""Webhooks: the route counts for itself, since it also notes what it refuses."""
LISTENING_BYTES = 2048
"""POST /v1/listening: a beacon."""
OTHER_BYTES = 64 * 1024
"""Everything else, and articles without a key: nothing to be read at length."""


class _TooLongError(Exception):
    """Ends the reading of a body inside the app; the answer is already decided."""


class BodyLimit:
    """ASGI middleware: 413 for a body over the limit, 400 for an address with a NUL in it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if "\x00" in scope["path"] or b"%00" in scope.get("query_string", b""):
            # PostgreSQL takes no NUL in text, and none of our names has one.
            answer = problem(400, "nul_in_address", "NUL in the address", "No address here has a NUL.")
            await _refuse(answer, scope, send)
            return
        limit = _limit(scope)
        if _announced(scope) > limit:
            await _too_large(limit, scope, send)
            return
        await _Counted(self.app, limit).run(scope, receive, send)


class _Counted:
    """One request whose body is counted."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self.app = app
        self.limit = limit
        self.bytes = 0
        self.too_long = False
        self.started = False

    async def run(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def counting() -> Message:
            message = await receive()
            if message["type"] == "http.request":
                self.bytes += len(message.get("body", b""))
                if self.bytes > self.limit:
                    self.too_long = True
                    raise _TooLongError
            return message

        async def sending(message: Message) -> None:
            # The framework turns our exception into a 400 of its own: that answer is dropped.
            if self.too_long and not self.started:
                return
            self.started = True
            await send(message)

        with suppress(_TooLongError):
            await self.app(scope, counting, sending)
        if self.too_long and not self.started:
            await _too_large(self.limit, scope, send)


def _limit(scope: Scope) -> int:
    if scope["method"] == "POST" and scope["path"].startswith("/v1/webhooks/"):
        return COUNTED_THERE
    if scope["path"].rstrip("/") == "/v1/listening":
        return LISTENING_BYTES
    keyed = any(name in (b"authorization", b"cookie") for name, _ in scope["headers"])
    posted = scope["path"].rstrip("/").removeprefix("/staff") if scope["method"] == "POST" and keyed else ""
    return {"/v1/jobs": ARTICLE_BYTES, "/v1/lexicon/import": LEXICON_BYTES}.get(posted, OTHER_BYTES)


def _announced(scope: Scope) -> int:
    """Content-Length as announced; 0 when there is none or it is no number (the count decides then)."""
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() and len(value) < 20 else 0
    return 0


async def _too_large(limit: int, scope: Scope, send: Send) -> None:
    detail = f"The body is longer than {limit} bytes."
    if limit == ARTICLE_BYTES:
        detail += f" HTML may have {MAX_HTML_BYTES} bytes."
    await _refuse(problem(413, "too_large", "The body is too large", detail), scope, send)


async def _refuse(answer: Response, scope: Scope, send: Send) -> None:
    # The rest of the body is not read: this connection can't be used again (RFC 9112, 9.6).
    answer.headers["Connection"] = "close"

    async def nothing() -> Message:
        return {"type": "http.disconnect"}

    await answer(scope, nothing, send)
