"""A publisher's receiver that keeps what it is sent."""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(slots=True)
class Sink:
    """Received webhooks."""

    port: int = 0
    ids: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    """Webhook ids by (job, event type)."""
    received: int = 0

    def told_of(self, job: str) -> bool:
        """Whether an event of the job has arrived."""
        return any((job, kind) in self.ids for kind in ("clip.ready", "clip.failed"))


@contextmanager
def receiving() -> Iterator[Sink]:
    """A sink at a free port of this machine."""
    sink, lock = Sink(), threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with lock:
                sink.received += 1
                if "job" in body["data"]:
                    sink.ids[body["data"]["job"], body["type"]].add(self.headers["webhook-id"])
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    sink.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield sink
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
