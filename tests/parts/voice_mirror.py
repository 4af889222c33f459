"""A mirror of voices on this machine, with the faults that mirrors have."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tts_service.engines.voices.catalogue import VoiceFile
from tts_service.http.client import Outbound, outbound_of
from tts_service.settings import Settings


def voice_file(name: str, content: bytes) -> VoiceFile:
    """A file as the catalogue has it."""
    digest = hashlib.sha256(content).hexdigest()
    url = f"https://voices.example/{name}"
    return VoiceFile(name=name, bytes=len(content), sha256=digest, revision="test", url=url)


@dataclass
class VoiceMirror:
    """What it serves, how, and what was asked of it."""

    files: dict[str, bytes]
    port: int = 0
    ranges: bool = True
    """False: it sends whole files only."""
    claims: int | None = None
    """The size that it says a file has; None: the true one."""
    breaks_after: list[int] = field(default_factory=list)
    """Bytes after which it closes the connection, for the next requests in turn."""
    asked: list[str] = field(default_factory=list)
    """Range of each request."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/voices"

    @property
    def outbound(self) -> Outbound:
        return outbound_of(Settings(allow_hosts=f"127.0.0.1:{self.port}"))


@contextmanager
def voice_mirror(**files: bytes) -> Iterator[VoiceMirror]:
    """Serves these files below /voices/, "." for "_dot_" in their names."""
    mirror = VoiceMirror({name.replace("_dot_", "."): content for name, content in files.items()})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers.get("Range", "")
            mirror.asked.append(wanted)
            content = mirror.files.get(self.path.removeprefix("/voices/"))
            if content is None:
                self.send_error(404)
                return
            said = len(content) if mirror.claims is None else mirror.claims
            part = re.fullmatch(r"bytes=(\d+)-(\d+)", wanted)
            if part and mirror.ranges:
                body = content[int(part[1]) : int(part[2]) + 1]
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {part[1]}-{int(part[1]) + len(body) - 1}/{said}")
                self.send_header("Content-Length", str(len(body)))
            else:
                body = content
                self.send_response(200)
                self.send_header("Content-Length", str(said))
            self.end_headers()
            self.wfile.write(body[: mirror.breaks_after.pop(0)] if mirror.breaks_after else body)

        def log_message(self, *_: object) -> None:
            """Nothing to the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    mirror.port = server.server_port
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield mirror
    finally:
        server.shutdown()
        server.server_close()
