"""An installation for `tts-service doctor` to look at, and a proxy before it that says and does what a test wants."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from tests.parts.factories import make_parts
from tts_service.parts import Parts
from tts_service.web.app import create_app


@contextmanager
def installation(folder: Path, **values: Any) -> Iterator[Parts]:
    """The API at a free port of this machine, which its settings name."""
    usual = {"default_voice_en": "tone:beep"}
    listening = socket.create_server(("127.0.0.1", 0))
    parts = make_parts(folder, **(usual | {"port": listening.getsockname()[1]} | values))
    server = uvicorn.Server(uvicorn.Config(create_app(parts), log_level="error", proxy_headers=False))
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.02)
    try:
        yield parts
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()


@contextmanager
def proxy(
    port: int,
    headers: Mapping[str, str],
    *,
    strip: str = "",
    answers: Mapping[str, bytes] | None = None,
    status: int = 200,
) -> Iterator[str]:
    """A proxy before 127.0.0.1:port; its address. `strip`: prefix that it takes away; `answers`: its own, by ending of
    the path, with `status`."""
    of_its_own = status

    class Passing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            own = next((body for ending, body in (answers or {}).items() if self.path.endswith(ending)), None)
            if own is None:
                path = self.path.removeprefix(strip)
                got = httpx.get(f"http://127.0.0.1:{port}{path}", headers=dict(headers), trust_env=False)
                status, own = got.status_code, got.content
            else:
                status = of_its_own
            self.send_response(status)
            self.send_header("Content-Length", str(len(own)))
            self.end_headers()
            self.wfile.write(own)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Passing)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
