"""A speech server that fails as it is told: what the engine `openai` has to be ready for."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np

KEY = "sk-never-tell-anybody"
RATE_HZ = 24_000


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What the server answers next."""

    status: int = 200
    body: bytes = b""
    kind: str = "audio/wav"
    headers: Mapping[str, str] = field(default_factory=dict)
    announced: int | None = None
    """Content-Length, if it is to be another than the body's."""


@dataclass(kw_only=True)
class SpeechStandIn:
    """The server: it speaks with tones unless the next reply is set."""

    url: str = ""
    replies: list[Reply | Callable[[], Reply]] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)

    def reply(self, asked: dict[str, Any], key: str | None) -> Reply:
        self.asked.append(asked)
        self.keys.append(key)
        planned = self.replies.pop(0) if self.replies else Reply(body=wav(speech(asked["input"])))
        return planned() if callable(planned) else planned


def speech(text: str, seconds_a_letter: float = 0.07) -> bytes:
    """A tone for each word, PCM."""
    gap = np.zeros(RATE_HZ // 20)
    parts = []
    for word in text.split():
        count = int(RATE_HZ * seconds_a_letter * max(sum(map(str.isalnum, word)), 1))
        parts += [gap, 9_000 * np.sin(np.arange(count) / 20)]
    return np.concatenate([*parts, gap]).astype(np.int16).tobytes()


def wav(pcm: bytes, rate_hz: int = RATE_HZ, size: int | None = None) -> bytes:
    """A WAV file; `size`: of the sound, as its header says."""
    form = b"".join(
        n.to_bytes(w, "little") for n, w in ((1, 2), (1, 2), (rate_hz, 4), (2 * rate_hz, 4), (2, 2), (16, 2))
    )
    length = len(pcm) if size is None else size
    return b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0" + form + b"data" + length.to_bytes(4, "little") + pcm


@contextmanager
def speech_stand_in() -> Iterator[SpeechStandIn]:
    """The server at a free port of this machine."""
    stand_in = SpeechStandIn()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            reply = stand_in.reply(asked, self.headers["Authorization"])
            self.send_response(reply.status)
            for name, value in {"Content-Type": reply.kind, **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body) if reply.announced is None else reply.announced))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    stand_in.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield stand_in
    finally:
        server.shutdown()
        server.server_close()


def with_settings(folder: Path, url: str, **changed: Any) -> Path:
    """The voices folder, with the engine's settings and key."""
    voices = [{"name": "anna", "language": "en", "sample_rate_hz": RATE_HZ}]
    settings = {"url": url, "model": "tts-1", "key_file": "openai.key", "voices": voices, **changed}
    folder.mkdir(exist_ok=True)
    (folder / "openai.json").write_text(json.dumps(settings), "utf-8")
    (folder / "openai.key").write_text(f"{KEY}\n", "utf-8")
    return folder
