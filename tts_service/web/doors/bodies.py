"""Checks bodies while they arrive: too long, compressed or not UTF-8 is refused before parsing."""

from __future__ import annotations

import re
from contextlib import suppress

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tts_service.errors import BodyCompressed, InvalidJson, NulInAddress, TooLarge
from tts_service.speakable.pls import MAX_BYTES
from tts_service.values.article import MAX_HTML_BYTES
from tts_service.web.problems import answered, problem_of

ARTICLE_BYTES = 8_000_000
"""POST /v1/jobs: 5 MB of HTML, and room for JSON's escapes."""
LEXICON_BYTES = MAX_BYTES
"""POST /v1/lexicon/import, /v1/lexicon/impact/import: a PLS document."""
RECORDING_BYTES = 300_000_000
"""A recording: two hours as M4A, half an hour as WAV. Streamed to disk."""
_RECORDING = re.compile(r"/v1/articles/.+/recording|/articles/[^/]+/recording")
WEBHOOKS = "/v1/webhooks/"
COUNTED_THERE = 1 << 62
"""Webhooks: the route counts for itself, since it also notes what it refuses."""
LISTENING_BYTES = 2048
"""POST /v1/listening: a beacon."""
OTHER_BYTES = 64 * 1024
"""Everything else, and articles without a key: nothing to be read at length."""
_LONGER = {
    "/v1/jobs": ARTICLE_BYTES,
    "/v1/lexicon/import": LEXICON_BYTES,
    "/v1/lexicon/impact/import": LEXICON_BYTES,
    "/articles/new": ARTICLE_BYTES,
    "/lexicon/import": LEXICON_BYTES + 100_000,
}
"""By path, without /staff: with a key or a session. A form has other fields beside its document."""
_WITHOUT_BODY = ("GET", "HEAD", "OPTIONS")
_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")
"""Of UTF-16 and UTF-32."""


class _RefusedError(Exception):
    """Ends the reading of a body inside the app; the answer is already decided."""


class BodyLimit:
    """ASGI middleware: 413 for a body over the limit, 415 for a packed one, 400 for JSON in UTF-16 or UTF-32 and for an
    address with a NUL in it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if "\x00" in scope["path"] or b"%00" in scope.get("query_string", b""):
            # PostgreSQL takes no NUL in text, and none of our names has one.
            await _refuse(problem_of(NulInAddress("URLs here never contain NUL: remove %00.")), scope, send)
            return
        limit = _limit(scope)
        if _announced(scope) > limit:
            await _refuse(_too_large(limit), scope, send)
            return
        coding = Headers(scope=scope).get("content-encoding", "identity").strip().lower()
        if coding not in ("", "identity") and limit != COUNTED_THERE and scope["method"] not in _WITHOUT_BODY:
            error = BodyCompressed(f"Send the body uncompressed: {coding[:40]} is not supported.")
            await _refuse(problem_of(error), scope, send)
            return
        await _Watched(self.app, limit).run(scope, receive, send)


class _Watched:
    """One request whose body is looked at."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self.app = app
        self.limit = limit
        self.bytes = 0
        self.head = b""
        self.refusal: Response | None = None
        self.started = False

    async def run(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Webhooks are noted when they are refused: their route reads them itself.
        is_json = "json" in Headers(scope=scope).get("content-type", "").lower() and self.limit != COUNTED_THERE

        async def watching() -> Message:
            message = await receive()
            if message["type"] == "http.request":
                self._look(message.get("body", b""), is_json)
            return message

        async def sending(message: Message) -> None:
            # The framework turns our exception into a 400 of its own: that answer is dropped.
            if self.refusal is not None and not self.started:
                return
            self.started = True
            await send(message)

        with suppress(_RefusedError):
            await self.app(scope, watching, sending)
        if self.refusal is not None and not self.started:
            await _refuse(self.refusal, scope, send)

    def _look(self, piece: bytes, is_json: bool) -> None:
        """Raises _RefusedError."""
        self.bytes += len(piece)
        self.head += piece[: 2 - len(self.head)]
        if self.bytes > self.limit:
            self.refusal = _too_large(self.limit)
        elif is_json and (b"\0" in self.head or self.head in _BYTE_ORDER_MARKS):
            # Python would read it; RFC 8259, 8.1, allows UTF-8 only.
            self.refusal = problem_of(InvalidJson("Send JSON in UTF-8."))
        if self.refusal is not None:
            raise _RefusedError


def _limit(scope: Scope) -> int:
    if scope["method"] == "POST" and scope["path"].startswith(WEBHOOKS):
        return COUNTED_THERE
    if scope["path"].rstrip("/") == "/v1/listening":
        return LISTENING_BYTES
    keyed = any(name in (b"authorization", b"cookie") for name, _ in scope["headers"])
    posted = scope["path"].rstrip("/").removeprefix("/staff") if scope["method"] == "POST" and keyed else ""
    return RECORDING_BYTES if _RECORDING.fullmatch(posted) else _LONGER.get(posted, OTHER_BYTES)


def _announced(scope: Scope) -> int:
    """Content-Length as announced; 0 when there is none or it is no number (the count decides then)."""
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() and len(value) < 20 else 0
    return 0


def _too_large(limit: int) -> Response:
    detail = f"The body is longer than {limit} bytes."
    if limit == ARTICLE_BYTES:
        detail += f" HTML can have at most {MAX_HTML_BYTES} bytes."
    return problem_of(TooLarge(detail))


async def _refuse(answer: Response, scope: Scope, send: Send) -> None:
    # The rest of the body is not read: this connection can't be used again (RFC 9112, 9.6).
    answer = answered(Request(scope), answer)
    answer.headers["Connection"] = "close"

    async def nothing() -> Message:
        return {"type": "http.disconnect"}

    await answer(scope, nothing, send)
