"""Ways out of a folder, written in every place of an address or a body that could become part of a file's name.

`python -m tests.measure.doors.paths` prints how many let something out; a file beside the data folder is what they
look for.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.types import Message

from tests.measure.figures import Figure, exact
from tests.parts.factories import make_parts
from tests.parts.web_rows import ready_clip
from tts_service.access.keys import SCOPES, create_key
from tts_service.web.app import create_app

CANARY = "the canary sings"
UPWARDS = (
    "../",
    "..\\",
    "%2e%2e/",
    "..%2f",
    "%2e%2e%2f",
    "%252e%252e%252f",
    "..%5c",
    "%c0%ae%c0%ae/",
    "..%c0%af",
    "....//",
    "..;/",
    ".%2e/",
    "%2e./",
    "..%00/",
    "\u2024\u2024/",
    "\uff0e\uff0e/",
    "..\u2215",
    "..\u2044",
    "/",
    "//",
    "file:///",
    "./../",
    "a/../../",
    "~/",
    "C:\\",
)
TARGETS = ("canary.txt", "etc/passwd", "tts.sqlite3")
DEPTHS = (1, 4, 8)
ADDRESSES = (
    "/v1/clips/{}",
    "/v1/clips/{}/audio.mp3",
    "/v1/clips/{}/r/1/audio.mp3",
    "/v1/clips/clip_1/r/{}/audio.mp3",
    "/v1/clips/clip_1/r/1/audio.{}",
    "/v1/clips/clip_1/r/1/audio.{}.c2pa",
    "/v1/clips/clip_1/audio.{}",
    "/v1/clips/{}/live.mp3",
    "/v1/clips/{}/captions.vtt",
    "/static/{}",
    "/listen/{}",
    "/embed/{}",
    "/about/{}",
    "/feedback/{}",
    "/v1/feedback/{}",
    "/v1/jobs/{}",
    "/v1/lexicon/{}",
    "/v1/sites/{}/policy",
    "/{}",
    "/v1/webhooks/{}/hook",
    "/v1/callbacks/endpoints/{}",
    "/oembed?url={}",
    "/feedback?clip={}",
)
BODIES = ("site", "id", "voice", "formats")


def ways() -> list[str]:
    """Every way written out."""
    return [f"{up * depth}{target}" for up in UPWARDS for depth in DEPTHS for target in TARGETS]


def escapes(folder: Path, ways: list[str]) -> tuple[list[str], int]:
    """(what let something out or broke, how many were tried)."""
    inside = folder / "inside"
    inside.mkdir()
    for place in (folder, inside):
        (place / "canary.txt").write_text(CANARY)
    parts = make_parts(inside, rate_public="", rate_key="", rate_webhooks="")
    ready_clip(parts)
    key = create_key(parts.database, "all", SCOPES)
    before = set(_files(folder))
    wrong, tried = [], 0
    app, headers = create_app(parts), {"Authorization": f"Bearer {key}"}
    with TestClient(app, headers=headers, follow_redirects=False, raise_server_exceptions=False) as client:
        for name, status, found in [*_asked(app, ways), *_sent(client, ways)]:
            tried += 1
            if CANARY.encode() in found or b"root:" in found or b"SQLite format" in found or status >= 500:
                wrong.append(f"{name}: {status}")
    new = set(_files(folder)) - before
    wrong += [f"a new file: {path}" for path in new if not path.is_relative_to(inside / "data")]
    return wrong, tried


def _asked(app: FastAPI, ways: list[str]) -> list[tuple[str, int, bytes]]:
    """(address, status, body) of every way in every address, to the letter: clients would tidy them up first."""

    async def all_of_them() -> list[tuple[str, int, bytes]]:
        found = []
        for way in ways:
            for address in ADDRESSES:
                for written in dict.fromkeys((quote(way, safe="/%:;~."), quote(way, safe=""))):
                    path = address.format(written)
                    found.append((path, *await _get(app, path)))
        return found

    return asyncio.run(all_of_them())


async def _get(app: FastAPI, address: str) -> tuple[int, bytes]:
    """What a server hands the app for an address as it came over the wire."""
    raw, _, query = address.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": unquote(raw),
        "raw_path": raw.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", b"testserver")],
        "client": ("203.0.113.7", 7),
        "server": ("testserver", 80),
    }
    status, body = 0, bytearray()

    async def send(message: Message) -> None:
        nonlocal status
        status = message.get("status", status)
        body.extend(message.get("body", b""))

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    await app(scope, receive, send)
    return status, bytes(body)


def _sent(client: TestClient, ways: list[str]) -> Iterator[tuple[str, int, bytes]]:
    """(what, status, body) of every way in every name that an article brings along."""
    for way in ways:
        for name in BODIES:
            article: dict[str, Any] = {"site": "gazette", "id": "x", "text": "A sentence."}
            wish: dict[str, Any] = {}
            if name in article:
                article[name] = way
            else:
                wish[name] = [way] if name == "formats" else way
            answer = client.post("/v1/jobs", json={"article": article, **wish})
            yield f"{name}={way}", answer.status_code, answer.content


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def figures() -> list[Figure]:
    """The row of this part."""
    with tempfile.TemporaryDirectory() as folder:
        wrong, tried = escapes(Path(folder), ways())
    for line in wrong:
        print(line)
    note = f"of {tried} tries: {len(UPWARDS)} ways up, {len(ADDRESSES) + len(BODIES)} places"
    return [exact(name="ways out of a folder", value=len(wrong), target=0, sense="=", note=note)]


if __name__ == "__main__":
    for figure in figures():
        print(f"{figure.name}: {figure.value:g} ({figure.note}) {figure.verdict}")
