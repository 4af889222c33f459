"""A small S3 server in this process, for what real ones refuse: objects by name, in memory."""

from __future__ import annotations

import hashlib
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape, unescape


@dataclass(slots=True)
class Bucket:
    """What the server holds and how it answers."""

    url: str = ""
    objects: dict[str, bytes] = field(default_factory=dict)
    conditional: int = 501
    """Status of a PUT that must not replace; 0: the condition is obeyed."""
    refuses_puts: int = 0
    """Status of every PUT; 0: they are taken."""
    spoils: bool = False
    """Whether other bytes come back than were sent."""
    fails: float = 0.0
    """Share of the requests that are answered 500."""
    slow_s: float = 0.0
    """Seconds before each answer."""
    down: bool = False
    """Whether connections are closed without an answer."""
    puts: list[str] = field(default_factory=list)
    requests: Counter[str] = field(default_factory=Counter)
    """By method."""


@contextmanager
def s3_server(**manner: Any) -> Iterator[Bucket]:
    """A bucket at a free port."""
    bucket = Bucket(**manner)

    class Answers(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _is_troubled(self) -> bool:
            """Whether there is no answer, or an error's."""
            bucket.requests[self.command] += 1
            if bucket.slow_s:
                time.sleep(bucket.slow_s)
            if bucket.down:
                self.close_connection = True
            elif random.random() < bucket.fails:
                self._say(500, _error("InternalError"))
            else:
                return False
            return True

        def do_PUT(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"] or 0))
            if self._is_troubled():
                return None
            name = _name(self.path)
            bucket.puts.append(name)
            if bucket.refuses_puts:
                return self._say(bucket.refuses_puts, _error("AccessDenied"))
            if self.headers["If-None-Match"] == "*" and bucket.conditional:
                return self._say(bucket.conditional, _error("NotImplemented"))
            if self.headers["If-None-Match"] == "*" and name in bucket.objects:
                return self._say(412, _error("PreconditionFailed"))
            bucket.objects[name] = data[:-1] + b"?" if bucket.spoils and data else data
            return self._say(200, b"")

        def do_GET(self) -> None:
            if self._is_troubled():
                return None
            asked = urlsplit(self.path)
            if "list-type" in asked.query:
                return self._say(200, _listed(bucket, parse_qs(asked.query).get("prefix", [""])[0]))
            data = bucket.objects.get(_name(self.path))
            if data is None:
                return self._say(404, _error("NoSuchKey"))
            if given := self.headers["Range"]:
                start, _, end = given.removeprefix("bytes=").partition("-")
                piece = data[int(start) : int(end) + 1]
                return self._say(206, piece, {"Content-Range": f"bytes {start}-{end}/{len(data)}"})
            return self._say(200, data)

        def do_HEAD(self) -> None:
            self.do_GET()

        def do_POST(self) -> None:
            """Delete several at once."""
            asked = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
            if self._is_troubled():
                return
            names = re.findall(r"<Key>(.*?)</Key>", asked)
            for name in names:
                bucket.objects.pop(unescape(name), None)
            gone = "".join(f"<Deleted><Key>{name}</Key></Deleted>" for name in names)
            self._say(200, f"<DeleteResult>{gone}</DeleteResult>".encode())

        def _say(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("ETag", f'"{hashlib.md5(body).hexdigest()}"')
            self.send_header("Last-Modified", "Sat, 28 Nov 2026 21:00:00 GMT")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    bucket.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield bucket
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def settings_of(bucket: Bucket) -> dict[str, Any]:
    """Settings of a service that keeps its audio there."""
    return {
        "store_url": "s3://clips",
        "s3_endpoint": bucket.url,
        "s3_access_key_id": "key",
        "s3_secret_access_key": "secret",
    }


def _name(path: str) -> str:
    return urlsplit(path).path.removeprefix("/clips/")


def _error(code: str) -> bytes:
    return f"<Error><Code>{code}</Code><Message>planted</Message></Error>".encode()


def _listed(bucket: Bucket, prefix: str) -> bytes:
    entries = "".join(
        f"<Contents><Key>{escape(name)}</Key><Size>{len(data)}</Size><ETag>&quot;x&quot;</ETag>"
        "<LastModified>2026-11-28T21:00:00.000Z</LastModified></Contents>"
        for name, data in sorted(bucket.objects.items())
        if name.startswith(prefix)
    )
    return f"<ListBucketResult><IsTruncated>false</IsTruncated>{entries}</ListBucketResult>".encode()
