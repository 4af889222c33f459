"""The client at the desk, against the whole app: figures, recordings sent piece by piece, the stream of changes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from tests.client.test_client import URL, client_of, to_app
from tests.corrections.reporting import gathered
from tests.measure.openapi_document import document
from tests.parts.recordings import save, spoken
from tests.parts.web_rows import ready_clip
from tts_service import client
from tts_service.access.keys import SCOPES, create_key
from tts_service.client import AsyncClient, Client, NotAllowed, NotReached, Patience, Refused
from tts_service.db.tables import JobRow
from tts_service.parts import Parts
from tts_service.web.api import case_events
from tts_service.web.app import create_app

TEXTS = ("The parliament at Holyrood voted on Monday.", "The bandage was wound twice.")


@pytest.fixture
def key(parts: Parts) -> str:
    ready_clip(parts, sentences=TEXTS)
    return create_key(parts.database, "desk", SCOPES)


@pytest.fixture
def desk(parts: Parts, key: str) -> Iterator[Client]:
    with client_of(to_app(parts), key, pause=lambda _: None) as audio:
        yield audio


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    return save(tmp_path / "sent.wav", spoken(5))


class Piecewise(httpx.BaseTransport):
    """Hands requests to the app, and keeps the longest piece in which a body came."""

    def __init__(self, parts: Parts) -> None:
        self.app, self.longest = to_app(parts), 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        pieces = list(request.stream)  # type: ignore[arg-type]
        self.longest = max(map(len, pieces), default=0)
        return self.app(httpx.Request(request.method, request.url, headers=request.headers, content=b"".join(pieces)))


def test_the_figures_of_a_period(parts: Parts, desk: Client) -> None:
    gathered(parts, word=3)
    found = desk.overview(site="gazette", days=7)
    assert (found.reports, found.open, len(found.spans), found.words[0].word) == (1, 1, 7, "Holyrood")
    assert desk.overview().raw["days"] == 28


def test_a_recording_is_sent_piece_by_piece(parts: Parts, key: str, recording: Path, tmp_path: Path) -> None:
    transport = Piecewise(parts)
    with Client(URL, key, transport=transport) as audio:
        with pytest.raises(Refused, match="can't be decoded"):
            (tmp_path / "text.mp3").write_text("no sound")
            audio.send_recording("gazette", "1", tmp_path / "text.mp3")
        job_id = audio.send_recording("gazette", "1", recording)
        assert 0 < transport.longest < recording.stat().st_size / 1.5
        with pytest.raises(client.Conflict):
            audio.take_recording_back("gazette", "1")
    with parts.database.reading() as session:
        job = session.get_one(JobRow, job_id)
    assert (job.basis or {})["cause"] == "recording"


def test_a_recording_is_sent_by_asyncio_too(parts: Parts, key: str, recording: Path) -> None:
    app = create_app(parts)

    async def send() -> str:
        async with app.router.lifespan_context(app), AsyncClient(URL, key, transport=httpx.ASGITransport(app)) as audio:
            return await audio.send_recording("gazette", "1", str(recording), any_length=True)

    job_id = asyncio.run(send())
    with parts.database.reading() as session:
        assert session.scalars(select(JobRow.id).where(JobRow.revision == 2)).one() == job_id


def test_the_stream_of_changes_is_resumed_where_it_was_lost(
    parts: Parts, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_events, "EVENT_POLL_S", 0.01)
    app, cases, paused = to_app(parts), list[str](), list[float]()

    def handle(request: httpx.Request) -> httpx.Response:
        if len(paused) == 1:
            raise httpx.ReadError("cut", request=request)
        return app(request)

    def pause(seconds: float) -> None:
        paused.append(seconds)
        if len(paused) == 2:
            cases.append(gathered(parts, word=3).id)

    with client_of(handle, key, pause=pause) as audio:
        events = audio.case_events(for_s=0)
        opened, case, reports = next(events), next(events), next(events)
        assert (opened.kind, case.kind, case.data["id"], reports.data) == ("open", "case", cases[0], {"new": 1})
        assert paused[0] == case_events.RECONNECT_MS / 1000
        again = next(audio.case_events(last_event_id=opened.id, for_s=0))
        assert (again.kind, again.id) == ("case", case.id)


def test_a_stream_that_cannot_be_had_says_why(parts: Parts, key: str) -> None:
    def cut(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("nobody there", request=request)

    with client_of(to_app(parts), "wrong") as audio, pytest.raises(NotAllowed):
        next(audio.case_events())
    paused: list[float] = []

    def pause(seconds: float) -> None:
        paused.append(seconds)
        assert len(paused) < 9

    with client_of(cut, key, pause=pause, patience=Patience(tries=3)) as audio, pytest.raises(NotReached):
        next(audio.case_events())
    assert len(paused) == 2


def test_the_stream_of_changes_by_asyncio(parts: Parts, key: str) -> None:
    app = create_app(parts)

    async def first() -> client.QueueEvent:
        async with app.router.lifespan_context(app), AsyncClient(URL, key, transport=httpx.ASGITransport(app)) as audio:
            async for event in audio.case_events(for_s=0):
                return event
        raise AssertionError

    assert asyncio.run(first()).kind == "open"


@pytest.mark.parametrize(
    ("ours", "schema"),
    [(client.Overview, "OverviewOut"), (client.Span, "SpanOut"), (client.ReportedWord, "ReportedWordOut")],
)
def test_its_values_are_the_documents(ours: Any, schema: str) -> None:
    assert {one.name for one in fields(ours)} - {"raw"} == set(
        document()["components"]["schemas"][schema]["properties"]
    )
