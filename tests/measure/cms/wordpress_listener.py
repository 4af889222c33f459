"""A stand-in for the service that keeps what the plugin sends: for checks that need no audio."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.measure.cms.driver import Address

HOOK_PATH = "/v1/webhooks/wordpress/hook_0abc"
CLIP = {
    "id": "c1",
    "state": "ready",
    "listen_url": "https://audio.example/listen/c1",
    "audio": {"mp3": "https://audio.example/v1/clips/c1/audio.mp3"},
}


@dataclass(slots=True)
class Listener:
    """What came in, and what is answered."""

    port: int = 0
    secret: str = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()
    site: str = "gazette"
    status: int = 202
    """For webhooks whose signature fits."""
    received: list[dict[str, Any]] = field(default_factory=list)
    """Bodies that were taken, in order."""
    refused: list[dict[str, Any]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    came: threading.Condition = field(default_factory=threading.Condition)

    def address(self, key: str = "") -> Address:
        url = f"http://127.0.0.1:{self.port}"
        return Address(url=url, hook_url=url + HOOK_PATH, secret=self.secret, site=self.site, key=key)

    def wait(self, count: int, seconds: float = 15) -> list[dict[str, Any]]:
        """The bodies about articles, once there are `count` or the time is over."""
        end = time.monotonic() + seconds
        with self.came:
            while len(self.articles()) < count and (left := end - time.monotonic()) > 0:
                self.came.wait(left)
        return self.articles()

    def last(self, post_id: str) -> dict[str, Any] | None:
        """The newest body about a post."""
        about = [body for body in self.articles() if str(body["data"]["id"]) == post_id]
        return about[-1] if about else None

    def until(self, post_id: str, kind: str, seconds: float = 15) -> dict[str, Any]:
        """The newest body about a post, once it is of this kind. Raises AssertionError after `seconds`."""
        end = time.monotonic() + seconds
        with self.came:
            while (body := self.last(post_id)) is None or body["type"] != f"post.{kind}":
                left = end - time.monotonic()
                assert left > 0, f"post {post_id}: {body and body['type']} instead of {kind}"
                self.came.wait(left)
            return body

    def articles(self) -> list[dict[str, Any]]:
        return [body for body in self.received if body["type"] != "ping"]

    def clear(self) -> None:
        self.received.clear()
        self.refused.clear()

    def take(self, path: str, headers: Any, raw: bytes) -> tuple[int, dict[str, Any]]:
        if path.endswith("/grants"):
            return 201, {"grant": "1.2.3.f", "clip": "c1"}
        message, stamp = headers["webhook-id"] or "", headers["webhook-timestamp"] or ""
        key = base64.b64decode(self.secret.removeprefix("whsec_"))
        mac = hmac.new(key, f"{message}.{stamp}.".encode() + raw, hashlib.sha256).digest()
        if path != HOOK_PATH:
            return 404, {"code": "not_found"}
        if headers["webhook-signature"] != f"v1,{base64.b64encode(mac).decode()}":
            return 401, {"code": "webhook_refused"}
        body = json.loads(raw)
        with self.came:
            status = 200 if body["type"] == "ping" else self.status
            self.ids.append(message)
            (self.received if status < 300 else self.refused).append(body)
            self.came.notify_all()
        return status, {"state": "ignored" if status == 200 else "received", "site": self.site, "reason": ""}


@contextmanager
def listening() -> Iterator[Listener]:
    """A listener on a free port."""
    listener = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"] or 0))
            self._answer(*listener.take(self.path, self.headers, raw))

        def do_GET(self) -> None:
            listener.asked.append(self.path)
            self._answer(200, {"clips": [CLIP]})

        def _answer(self, status: int, said: dict[str, Any]) -> None:
            raw = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    listener.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield listener
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
