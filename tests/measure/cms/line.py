"""The line between a CMS and the service: a proxy that passes, doubles, holds, drops or refuses webhooks.

What it forwards is what came, byte for byte, headers included. Only POSTs below /v1/webhooks/ are tampered with:
look-ups of the player go through.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from http.client import HTTPException, HTTPResponse
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import IO
from urllib.parse import urlsplit

WEBHOOKS = b"/v1/webhooks/"
_MOST_HEAD = 64 * 1024
_TIMEOUT_S = 30.0


class Mode(StrEnum):
    """What happens to webhooks."""

    PASS = "pass"
    TWICE = "twice"
    HOLD = "hold"
    """The CMS is told 202, the service gets them when they are released."""
    DROP = "drop"
    """The CMS is told 202, the service never gets them."""
    REFUSE = "refuse"
    """The CMS is told 503, as in an outage: it may come again."""


@dataclass(frozen=True, slots=True)
class Message:
    """A request as it came."""

    head: bytes
    body: bytes

    @property
    def path(self) -> bytes:
        return self.head.split(b" ", 2)[1]

    @property
    def is_webhook(self) -> bool:
        return self.head.startswith(b"POST ") and WEBHOOKS in self.path


@dataclass(slots=True)
class Line:
    """A running line."""

    service: str
    """Address of the service."""
    url: str = ""
    """Address for the CMS, in place of the service's."""
    mode: Mode = Mode.PASS
    held: list[Message] = field(default_factory=list)
    seen: list[Message] = field(default_factory=list)
    """Every webhook that came, whatever was done with it."""
    _busy: int = 0
    _last: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def release(self, *, backwards: bool = False) -> int:
        """Forward what was held, in the order in which it came or the other way round. Returns how many."""
        with self._lock:
            waiting, self.held = self.held, []
        for message in reversed(waiting) if backwards else waiting:
            forward(self.service, message)
        return len(waiting)

    def quiet(self, idle_s: float = 0.7, at_most_s: float = 20.0) -> bool:
        """Wait until no webhook came for `idle_s` seconds. False: there was no such time."""
        began, pause = time.monotonic(), threading.Event()
        while time.monotonic() < began + at_most_s:
            with self._lock:
                if not self._busy and time.monotonic() - max(self._last, began) >= idle_s:
                    return True
            pause.wait(0.05)
        return False

    def take(self, message: Message) -> bytes:
        """The whole answer to a request."""
        if not message.is_webhook:
            return forward(self.service, message)
        with self._lock:
            mode = self.mode
            self._busy += 1
            self.seen.append(message)
            if mode is Mode.HOLD:
                self.held.append(message)
        try:
            if mode is Mode.REFUSE:
                return _written(503, "Service Unavailable", b"")
            if mode in (Mode.HOLD, Mode.DROP):
                return _written(202, "Accepted", b'{"state":"received","event":null,"reason":""}')
            if mode is Mode.TWICE:
                forward(self.service, message)
            return forward(self.service, message)
        finally:
            with self._lock:
                self._busy -= 1
                self._last = time.monotonic()


@contextmanager
def line_to(service: str) -> Iterator[Line]:
    """A line to the service at this address, on a free port of 127.0.0.1."""
    line = Line(service)

    class Handler(StreamRequestHandler):
        timeout = _TIMEOUT_S

        def handle(self) -> None:
            message = _read(self.rfile, self.wfile)
            if message is not None:
                self.wfile.write(line.take(message))

    class Server(ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True
        request_queue_size = 64

    server = Server(("127.0.0.1", 0), Handler)
    line.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield line
    finally:
        server.shutdown()
        server.server_close()


def forward(service: str, message: Message) -> bytes:
    """Send the same bytes to the service; its answer, which ends the connection."""
    target = urlsplit(service)
    try:
        with socket.create_connection((target.hostname or "", target.port or 80), timeout=_TIMEOUT_S) as connection:
            connection.sendall(message.head + message.body)
            answer = HTTPResponse(connection, method=message.head.split(b" ", 1)[0].decode("latin-1"))
            answer.begin()
            body = answer.read()
    except (OSError, HTTPException) as error:
        return _written(502, "Bad Gateway", f"{type(error).__name__}: {error}".encode())
    kept = ("transfer-encoding", "connection", "content-length")
    headers = [f"{name}: {value}\r\n" for name, value in answer.getheaders() if name.lower() not in kept]
    head = f"HTTP/1.1 {answer.status} {answer.reason}\r\n{''.join(headers)}"
    return f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode("latin-1") + body


def _written(status: int, reason: str, body: bytes) -> bytes:
    head = f"HTTP/1.1 {status} {reason}\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body


def _read(source: IO[bytes], answer: IO[bytes]) -> Message | None:
    """One request, whole; None: the other side went away."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        found = source.readline(_MOST_HEAD)
        if not found or len(head) > _MOST_HEAD:
            return None
        head += found
    fields = {
        name.strip().lower(): value.strip()
        for name, _, value in (row.partition(b":") for row in head.split(b"\r\n")[1:] if row)
    }
    if fields.get(b"expect", b"").lower() == b"100-continue":
        answer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    if fields.get(b"transfer-encoding", b"").lower() == b"chunked":
        return Message(head, _chunks(source))
    length = int(fields.get(b"content-length", b"0") or 0)
    return Message(head, source.read(length) if length else b"")


def _chunks(source: IO[bytes]) -> bytes:
    """A chunked body as it came, sizes and ends included."""
    body = b""
    while True:
        size = source.readline(100)
        body += size
        count = int(size.split(b";")[0].strip() or b"0", 16)
        body += source.read(count + 2) if count else source.readline(100)
        if not count:
            return body
