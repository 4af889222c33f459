"""Articles that want to be more than they are: deep, wide, packed, endless; through the routes, as far as they get.

`python -m tests.measure.doors.bombs` sends each to a process of its own, which takes it as a CMS's article, a page
fetched, a lexicon or a feed, and prepares what was taken as a worker does. What it answers, how long that takes, and
the most memory it ever had are the rows.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.measure.figures import Figure, exact
from tests.parts.factories import make_parts
from tests.parts.quick_render import Workers
from tests.parts.small_internet import net, reply
from tts_service.access.keys import SCOPES, create_key
from tts_service.article.fetch import fetch_article
from tts_service.cms.feeds.parse import read_feed
from tts_service.errors import ServiceError
from tts_service.parts import Parts
from tts_service.web.app import create_app

MEMORY_MIB = 1024
"""What a process may have at most."""
LONGEST_S = 60.0
"""What one of these may take, on a machine that does other things too."""
GIVEN_UP_S = 120.0
MB = 1_000_000
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghij", "bcdefghijk", strict=True))
    + "]>"
)
"""A document type whose last entity stands for twenty billion characters."""


def articles() -> dict[str, Callable[[], tuple[str, str]]]:
    """Articles by name: (format, source), made when they are needed."""
    return {
        "100 000 elements deep": lambda: ("html", "<div>" * 100_000 + "Deep down."),
        "100 000 lists deep": lambda: ("html", "<ul><li>" * 100_000 + "Deep down."),
        "1 000 000 attributes": lambda: ("html", "<p " + "a " * 1_000_000 + ">A sentence.</p>"),
        "1 000 000 different attributes": lambda: (
            "html",
            "<p " + " ".join(f"a{n:x}" for n in range(600_000)) + ">A sentence.</p>",
        ),
        "a colspan of nine quadrillion": lambda: (
            "html",
            "<table><tr><td colspan=9007199254740991 rowspan=9007199254740991>a</table><p>A sentence.</p>",
        ),
        "a million empty elements": lambda: ("html", "<b></b>" * 700_000 + "A sentence."),
        "a million entities": lambda: ("html", "&#65;" * 990_000),
        "billion laughs as HTML": lambda: ("html", f"{LAUGHS}<p>&k;</p><p>A sentence.</p>"),
        "billion laughs as SSML": lambda: ("ssml", f"{LAUGHS}<speak>&k;</speak>"),
        "100 MB of HTML": lambda: ("html", "<p>A sentence.</p>" * (100 * MB // 18)),
        "100 MB of text": lambda: ("text", "A sentence. " * (100 * MB // 12)),
        "a word of 200 000 letters": lambda: ("text", "a" * 200_000),
        "100 000 brackets deep": lambda: ("markdown", "[" * 100_000 + "a"),
        "100 000 quotes deep": lambda: ("markdown", "> " * 90_000 + "a"),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Went:
    """What became of one."""

    answer: str
    """Status and code, and what a worker made of it."""
    fine: bool
    """Refused by 4xx, or read in part or whole: no 5xx, no fault of ours."""
    seconds: float
    peak_mib: float


def one(name: str) -> Went:
    """Try one in this process. Raises KeyError for a name that isn't there."""
    logging.disable()
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        parts = make_parts(Path(folder), rate_key="")
        answer, fine = _sent(parts, name) if name in articles() else OTHERS[name](parts)
        parts.close()
    return Went(answer=answer, fine=fine, seconds=time.perf_counter() - began, peak_mib=_peak_mib())


def _sent(parts: Parts, name: str) -> tuple[str, bool]:
    kind, source = articles()[name]()
    wanted = {
        "article": {"site": "gazette", "id": "1", "title": "T", "language": "en", kind: source},
        "voice": "tone:beep",
    }
    headers = {"Authorization": f"Bearer {create_key(parts.database, 'k', SCOPES)}"}
    with TestClient(create_app(parts), headers=headers, raise_server_exceptions=False) as client:
        answer = client.post("/v1/jobs", json=wanted)
    said = answer.json()
    if answer.status_code != 202:
        return f"{answer.status_code} {said.get('code', '')}", answer.status_code in (400, 413, 422)
    with pytest.MonkeyPatch.context() as patch:
        try:
            Workers(parts, patch).begin(said["id"])
        except ServiceError as error:
            return f"202, then {error.code}", error.permanent
    return "202, read", True


def _packed(coding: str) -> Callable[[Parts], tuple[str, bool]]:
    """A page of 1 GB that takes 1 MB on its way."""

    def fetched(_parts: Parts) -> tuple[str, bool]:
        piece = b"<p>A sentence.</p>" * 10_000
        if coding == "gzip":
            packer = zlib.compressobj(9, wbits=31)
            body = b"".join(packer.compress(piece) for _ in range(1_000_000_000 // len(piece))) + packer.flush()
        else:
            body = BROTLI_BOMB
        with net(lambda _: reply(body, "Content-Type: text/html", f"Content-Encoding: {coding}")) as web:
            try:
                found = fetch_article("http://bomb.example/", web.client())
            except ServiceError as error:
                return error.code, True
        return f"{len(found.source)} characters", len(found.source) < 10 * MB

    return fetched


BROTLI_BOMB = bytes.fromhex("1b") + bytes(1000)
"""Nothing here unpacks Brotli: whatever stands there is never looked into."""


def _body_packed(parts: Parts) -> tuple[str, bool]:
    packer = zlib.compressobj(9, wbits=31)
    body = packer.compress(b'{"article": "') + b"".join(packer.compress(b"a" * MB) for _ in range(500))
    body += packer.flush()
    headers = {
        "Authorization": f"Bearer {create_key(parts.database, 'k', SCOPES)}",
        "Content-Encoding": "gzip",
        "Content-Type": "application/json",
    }
    with TestClient(create_app(parts), headers=headers, raise_server_exceptions=False) as client:
        answer = client.post("/v1/jobs", content=body)
    return f"{answer.status_code} {answer.json().get('code', '')}", answer.status_code in (400, 413, 415, 422)


def _lexicon(parts: Parts) -> tuple[str, bool]:
    headers = {"Authorization": f"Bearer {create_key(parts.database, 'k', SCOPES)}"}
    with TestClient(create_app(parts), headers=headers, raise_server_exceptions=False) as client:
        answer = client.post("/v1/lexicon/import", content=f"{LAUGHS}<lexicon>&k;</lexicon>".encode())
    return f"{answer.status_code} {answer.json().get('code', '')}", answer.status_code == 422


def _feed(_parts: Parts) -> tuple[str, bool]:
    item = "<item><title>&k;</title><link>https://a.example/1</link></item>"
    text = f"{LAUGHS}<rss version='2.0'><channel><title>&k;</title>{item}</channel></rss>"
    try:
        found = read_feed(text.encode(), "https://a.example/feed")
    except ServiceError as error:
        return error.code, error.permanent
    return f"{len(found.entries)} entries", True


OTHERS: dict[str, Callable[[Parts], tuple[str, bool]]] = {
    "a page of 1 GB in 1 MB of gzip": _packed("gzip"),
    "a page packed by Brotli": _packed("br"),
    "a request of 500 MB packed by gzip": _body_packed,
    "billion laughs as a lexicon": _lexicon,
    "billion laughs as a feed": _feed,
}


def _peak_mib() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("this system doesn't tell how much memory a process had")


def tried(name: str) -> Went:
    """One, in a process of its own."""
    command = [sys.executable, "-m", "tests.measure.doors.bombs", name]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=GIVEN_UP_S)
    except subprocess.TimeoutExpired:
        return Went(answer="no end", fine=False, seconds=GIVEN_UP_S, peak_mib=0)
    if done.returncode != 0:
        return Went(
            answer=f"the process ended with {done.returncode}: {done.stderr[-300:]}", fine=False, seconds=0, peak_mib=0
        )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return Went(**found)


def figures() -> list[Figure]:
    """The rows of this part."""
    names = [*articles(), *OTHERS]
    went = []
    for name in names:
        went.append(one := tried(name))
        verdict = "" if one.fine else "  WRONG"
        print(f"  {name}: {one.answer}; {one.seconds:.1f} s, {one.peak_mib:.0f} MiB{verdict}", flush=True)
    wrong = sum(not one.fine for one in went)
    most, longest = max(one.peak_mib for one in went), max(one.seconds for one in went)
    return [
        exact(name="bombs neither refused nor read", value=wrong, target=0, sense="=", note=f"of {len(names)}"),
        exact(name="most memory with a bomb, the test's own included", value=most, unit="MiB", target=MEMORY_MIB),
        exact(name="longest time of a bomb", value=longest, unit="s", target=LONGEST_S),
    ]


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(asdict(one(sys.argv[1]))))
    else:
        for figure in figures():
            print(f"{figure.name}: {figure.value:g} {figure.unit} ({figure.note}) {figure.verdict}")
