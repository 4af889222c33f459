"""Sends sound while it is being spoken; ends when its client leaves."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Generator
from contextlib import suppress

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tts_service.errors import ServiceError
from tts_service.web.sound.live import client_gone

log = logging.getLogger(__name__)


class SpokenStream(Response):
    """An answer whose pieces are made one by one. Cut short, without the chunk that would end it properly, when a piece
    fails: the client must notice that this is not the whole (RFC 9112, 8)."""

    def __init__(self, first: bytes, rest: Generator[bytes], media_type: str, headers: dict[str, str]) -> None:
        """`first`: made already, so that what fails at once has an answer of its own."""
        super().__init__(media_type=media_type, headers=headers)
        self._first, self._rest = first, rest
        self._making = threading.Lock()
        """Held while a piece is made: a cancelled task leaves its thread at work, and the generator closes after it."""
        del self.headers["content-length"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        sending = asyncio.create_task(self._send(send))
        leaving = asyncio.create_task(client_gone(receive))
        try:
            await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if sending.done():
                sending.result()
        finally:
            for task in (sending, leaving):
                task.cancel()
            await asyncio.gather(sending, leaving, return_exceptions=True)
            await run_in_threadpool(self._close)

    def _next(self) -> bytes | None:
        with self._making:
            return next(self._rest, None)

    def _close(self) -> None:
        with self._making:
            self._rest.close()

    async def _send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        piece: bytes | None = self._first
        try:
            while piece is not None:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
                piece = await run_in_threadpool(self._next)
        except ServiceError as error:
            log.warning("speech is cut: %s", error)
            return
        with suppress(OSError):
            await send({"type": "http.response.body", "body": b"", "more_body": False})
