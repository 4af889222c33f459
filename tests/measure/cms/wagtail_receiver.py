"""Stands in for the audio service: takes deliveries and checks their signatures, answers look-ups as it is told."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET = "whsec_" + base64.b64encode(b"only for tests, 24 bytes and more").decode()
HOOK = "/v1/webhooks/wagtail/hook_1"


@dataclass
class Receiver:
    """What came in, and what is answered."""

    url: str = ""
    bodies: list[dict[str, Any]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    """Method, path and headers of all that is no delivery."""
    status: int = 202
    answer: dict[str, Any] = field(default_factory=lambda: {"state": "received", "site": "gazette"})
    clips: list[dict[str, Any]] = field(default_factory=list)
    allowed_origin: str = ""
    grant: str = ""
    grant_status: int = 404
    during: Any = None
    """Called while a delivery is being answered."""
    silent: threading.Event | None = None
    """Set by a test: requests are accepted and not answered before the event."""

    def reset(self) -> None:
        fresh = Receiver(url=self.url)
        self.__dict__.update(fresh.__dict__)

    def kinds(self) -> list[str]:
        """The types of all deliveries, without `article.`."""
        return [str(body["type"]).removeprefix("article.") for body in self.bodies]


def is_signed(headers: Any, body: bytes) -> bool:
    """By the definition of Standard Webhooks 1.0.0."""
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.digest(key, text, hashlib.sha256)).decode()
    return str(headers["webhook-signature"]) == f"v1,{expected}"


@contextmanager
def receiving(context: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver on a free port, over TLS where a context is given."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._wait()
            receiver.asked.append(("GET", self.path, dict(self.headers)))
            self._say(200, {"clips": receiver.clips})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            self._wait()
            if self.path.endswith("/grants"):
                receiver.asked.append(("POST", self.path, dict(self.headers)))
                self._say(receiver.grant_status, {"grant": receiver.grant} if receiver.grant else {})
                return
            if self.path != HOOK:
                self._say(404, {})
                return
            if not is_signed(self.headers, body):
                self._say(401, {})
                return
            receiver.bodies.append(json.loads(body))
            receiver.ids.append(self.headers["webhook-id"])
            if receiver.during:
                receiver.during()
            self._say(receiver.status, receiver.answer)

        def _wait(self) -> None:
            if receiver.silent:
                receiver.silent.wait(20)

        def _say(self, status: int, what: dict[str, Any]) -> None:
            body = json.dumps(what).encode()
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", receiver.url + "/elsewhere")
            if receiver.allowed_origin:
                self.send_header("Access-Control-Allow-Origin", receiver.allowed_origin)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

        def handle(self) -> None:
            with suppress(BrokenPipeError, ConnectionResetError):  # whoever asked has given up
                super().handle()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    receiver.url = f"{'https' if context else 'http'}://localhost:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        if receiver.silent:
            receiver.silent.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
