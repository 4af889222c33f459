"""HEAD wherever GET is: the same status and headers, no body, for the same callers, and no stream is waited for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from fastapi.responses import StreamingResponse
from fastapi.testclient import TestClient

from tests.measure.doors.authorisation import World, table, world
from tests.parts.staff import BASE
from tests.parts.web_rows import ready_clip
from tts_service.access.keys import SCOPES, create_key
from tts_service.parts import Parts
from tts_service.web.api import jobs as api_jobs
from tts_service.web.app import create_app

OF_EACH_ANSWER = ("content-length", "date", "ratelimit", "set-cookie")
"""Headers in which two answers may differ."""


@pytest.fixture(autouse=True)
def _nobody_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_jobs, "EVENTS_FOR_S", api_jobs.EVENT_POLL_S)


@pytest.fixture
def made(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        yield made


@pytest.mark.slow
def test_every_get_has_a_head(made: World) -> None:
    key = f"Bearer {create_key(made.parts.database, 'head', SCOPES)}"
    wrong = []
    for name, row in table().items():
        if not name.startswith("GET "):
            continue
        headers = made.admin.headers if "/staff" in name else {"Authorization": key}
        path = row.make(made).path
        got, head = (made.client.request(method, path, headers=headers) for method in ("GET", "HEAD"))
        if got.status_code != head.status_code or head.content:
            wrong.append(f"{name}: {got.status_code}, HEAD {head.status_code}, {len(head.content)} bytes")
        different = {
            one
            for one in {*got.headers, *head.headers} - {*OF_EACH_ANSWER}
            if got.headers.get(one) != head.headers.get(one)
        }
        wrong += [f"{name}: {one}: {got.headers.get(one)}, HEAD {head.headers.get(one)}" for one in different]
    assert wrong == []


def test_a_stream_without_an_end_is_answered_at_once(parts: Parts) -> None:
    app = create_app(parts)

    async def endless() -> StreamingResponse:
        async def pieces() -> AsyncIterator[bytes]:
            while True:
                yield b"more"

        return StreamingResponse(pieces(), media_type="text/plain")

    app.add_api_route("/endless", endless, methods=["GET"])
    with TestClient(app) as client:
        answer = client.head("/endless")
        assert (answer.status_code, answer.content) == (200, b"")


def test_a_fault_stays_a_fault(parts: Parts) -> None:
    app = create_app(parts)

    def broken() -> None:
        raise RuntimeError("broken")

    app.add_api_route("/broken", broken, methods=["GET"])
    with TestClient(app, raise_server_exceptions=False) as client:
        assert client.head("/broken").status_code == 500


def test_what_has_no_get_has_no_head(parts: Parts) -> None:
    with TestClient(create_app(parts), base_url=BASE) as client:
        ready_clip(parts)
        refused = client.head("/v1/feedback")
        assert (refused.status_code, refused.headers["allow"]) == (405, "POST")
        assert client.put("/v1/clips/clip_1").headers["allow"] == "GET, HEAD"
