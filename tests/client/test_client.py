"""The client against the whole app: three lines make a clip, what may be repeated is, and errors say what to do."""

from __future__ import annotations

import asyncio
import inspect
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from tests.measure.openapi_document import document
from tests.parts.quick_render import Workers
from tests.parts.web_rows import ready_clip
from tts_service import client
from tts_service.access.keys import SCOPES, create_key
from tts_service.callbacks.signing import new_secret, signed
from tts_service.client import (
    Article,
    AsyncClient,
    AudioError,
    CallbackRefused,
    Client,
    Conflict,
    NotAllowed,
    NotFound,
    NotMade,
    NotReached,
    Patience,
    Refused,
    StillWaiting,
    TryLater,
    Unintelligible,
    verify,
)
from tts_service.db.tables import JobRow
from tts_service.parts import Parts
from tts_service.web.app import create_app

URL = "https://audio.example.org"
ARTICLE = Article(site="gazette", id="42", title="New bridge opens", text="Three hundred people came.", language="en")
Handler = Callable[[httpx.Request], httpx.Response]


def to_app(parts: Parts) -> Handler:
    """Hands requests to the app."""
    asked = TestClient(create_app(parts), raise_server_exceptions=False, follow_redirects=False)

    def handle(request: httpx.Request) -> httpx.Response:
        answer = asked.request(request.method, str(request.url), content=request.content, headers=dict(request.headers))
        return httpx.Response(answer.status_code, content=answer.content, headers=dict(answer.headers))

    return handle


def client_of(handle: Handler, key: str | None = None, **more: Any) -> Client:
    return Client(URL, key, transport=httpx.MockTransport(handle), **more)


@pytest.fixture
def key(parts: Parts) -> str:
    return create_key(parts.database, "cms", SCOPES)


def test_three_lines_make_a_clip(parts: Parts, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    workers = Workers(parts, monkeypatch)
    asked: list[str] = []
    jobs: list[str] = []
    with client_of(to_app(parts), key, pause=lambda _: asked.append(str(workers.render(jobs[0])))) as audio:
        job = audio.request(ARTICLE, voice="tone:beep")
        jobs.append(job.id)
        clip = audio.wait(job)

    assert asked == ["True"]
    assert (clip.id, clip.state, clip.title) == (job.clip_id, "ready", "New bridge opens")
    assert clip.audio["mp3"].endswith("/audio.mp3")
    assert "artificial" in clip.disclosure


def test_what_isnt_public_is_waited_for_found_and_embedded_with_a_grant(
    parts: Parts, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    workers = Workers(parts, monkeypatch)
    jobs: list[str] = []
    with client_of(to_app(parts), key, pause=lambda _: workers.render(jobs[0])) as audio:
        job = audio.request(replace(ARTICLE, visibility="members"), voice="tone:beep")
        jobs.append(job.id)
        clip = audio.wait(job)
        assert (clip.id, clip.state) == (job.clip_id, "ready")
        with pytest.raises(NotAllowed, match="grant_needed"):
            audio.clip(clip.id)
        assert audio.find(site="gazette", article_id="42") is None
        grant = audio.grant("gazette", "42", life_s=60, renew_s=0)
        assert grant.expires_at == grant.renewable_until
        assert audio.clip(clip.id, grant.token).title == clip.title
        found = audio.find(site="gazette", article_id="42", grant=grant.token)
        assert found is not None
        assert found.id == clip.id
        player = audio.player_code("gazette", "42", grant=grant, renew="/grant?post=42")
        assert f'article="42" grant="{grant.token}" renew="/grant?post=42"></article-audio>' in player
        assert f'src="{grant.embed_url}"' in audio.embed_code(clip, grant)
        assert grant.token not in repr(grant)


def test_three_lines_make_a_clip_with_asyncio_too(parts: Parts, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    workers = Workers(parts, monkeypatch)

    async def ask() -> client.Clip:
        async def pause(_: float) -> None:
            workers.render(job.id)

        transport = httpx.ASGITransport(create_app(parts))
        async with AsyncClient(URL, key, transport=transport, pause=pause) as audio:
            job = await audio.request(ARTICLE, voice="tone:beep")
            return await audio.wait(job)

    assert asyncio.run(ask()).state == "ready"


def test_an_answer_that_was_lost_makes_no_second_job(parts: Parts, key: str) -> None:
    app, lost = to_app(parts), [True]

    def handle(request: httpx.Request) -> httpx.Response:
        answer = app(request)
        if lost and lost.pop():
            raise httpx.ReadError("cut", request=request)
        answered.append((request.headers["idempotency-key"], answer.headers.get("idempotency-replayed")))
        return answer

    answered: list[tuple[str, str | None]] = []
    with client_of(handle, key, pause=lambda _: None) as audio:
        audio.request(ARTICLE, voice="tone:beep")
        audio.request(ARTICLE, voice="tone:beep")

    with parts.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(JobRow)) == 1
    (first, replayed), (second, fresh) = answered
    assert (replayed, fresh) == ("true", None)
    assert first != second


def test_it_waits_as_long_as_it_is_asked_to_and_a_little_longer(parts: Parts) -> None:
    answers = [
        httpx.Response(429, headers={"Retry-After": "8"}, json={"code": "rate_exceeded"}),
        httpx.Response(503, headers={"Retry-After": "5"}, json={"code": "database_unavailable"}),
    ]
    pauses: list[float] = []
    app = to_app(parts)
    with client_of(lambda request: answers.pop(0) if answers else app(request), pause=pauses.append) as audio:
        assert audio.find(site="gazette", article_id="none") is None

    assert 8 <= pauses[0] <= 10
    assert 5 <= pauses[1] <= 6.25


@pytest.mark.parametrize(
    ("answer", "tries"),
    [
        (httpx.Response(429, headers={"Retry-After": "3600"}, json={"code": "rate_exceeded"}), 1),
        (httpx.Response(503, json={"code": "not_marked"}), 1),
        (httpx.Response(500, json={"code": "internal"}), 1),
        (httpx.Response(503, headers={"Retry-After": "5"}, json={"code": "store_unavailable"}), 3),
        (httpx.Response(409, json={"code": "request_in_flight"}), 3),
        (httpx.Response(409, json={"code": "conflict"}), 1),
        (httpx.Response(422, json={"code": "unknown_voice"}), 1),
        (httpx.Response(200, text="<html>"), 1),
    ],
)
def test_what_is_tried_again_and_how_often(answer: httpx.Response, tries: int) -> None:
    seen: list[str] = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.path)
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    with client_of(handle, patience=Patience(tries=3), pause=lambda _: None) as audio, pytest.raises(AudioError):
        audio.job("job_1")
    assert len(seen) == tries


def test_an_answer_that_never_comes_is_waited_for_and_told(parts: Parts) -> None:
    pauses: list[float] = []

    def gone(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("nobody there", request=request)

    with client_of(gone, pause=pauses.append) as audio, pytest.raises(NotReached, match="nobody there") as raised:
        audio.clip("clip_1")
    assert not raised.value.permanent
    assert len(pauses) == Patience().tries - 1
    assert 0.25 <= pauses[0] <= 0.5 <= pauses[1] <= 1 <= pauses[2] <= 2


def test_asyncio_tries_again_and_gives_up_just_so() -> None:
    pauses: list[float] = []

    def gone(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("nobody there", request=request)

    async def ask() -> None:
        async def pause(wait_s: float) -> None:
            pauses.append(wait_s)

        async with AsyncClient(URL, transport=httpx.MockTransport(gone), pause=pause) as audio:
            await audio.clip("clip_1")

    with pytest.raises(NotReached, match="nobody there") as raised:
        asyncio.run(ask())
    assert isinstance(raised.value.__cause__, httpx.ConnectError)
    assert len(pauses) == Patience().tries - 1


def test_a_refusal_says_what_and_why(parts: Parts, key: str) -> None:
    with client_of(to_app(parts), key) as audio:
        with pytest.raises(Refused) as raised:
            audio.request(ARTICLE, formats=("tape",))
        with pytest.raises(NotFound, match="job_0"):
            audio.job("job_0")
    refused = raised.value
    assert (refused.code, refused.status, refused.permanent) == ("unknown_format", 422, True)
    assert "tape" in refused.detail
    assert "mp3" in refused.problem["known"]
    with client_of(to_app(parts)) as nobody, pytest.raises(NotAllowed):
        nobody.request(ARTICLE)


def test_what_is_no_answer_of_the_service_is_told(parts: Parts) -> None:
    with client_of(lambda _: httpx.Response(200, json={"hello": 1})) as audio, pytest.raises(Unintelligible):
        audio.clip("clip_1")
    with client_of(lambda _: httpx.Response(502, text="<html>bad gateway")) as audio, pytest.raises(TryLater) as raised:
        audio.clip("clip_1")
    assert raised.value.detail == "the service returned 502"


def test_a_job_that_ends_without_a_clip_is_told(parts: Parts, key: str) -> None:
    with client_of(to_app(parts), key, pause=lambda _: None) as audio:
        job = audio.request(ARTICLE, voice="tone:beep")
        with pytest.raises(StillWaiting):
            audio.wait(job, timeout_s=0)
        audio.cancel(job.id)
        with pytest.raises(Conflict):
            audio.cancel(job.id)
        with pytest.raises(NotMade) as raised:
            audio.wait(job)
    assert (raised.value.job.state, raised.value.code) == ("cancelled", "cancelled")


def test_a_withdrawn_article_is_found_no_more(parts: Parts, key: str) -> None:
    made = ready_clip(parts)
    with client_of(to_app(parts), key) as audio:
        assert (audio.find(url="https://example.org/1") or made).id == made.id
        audio.withdraw("gazette", "1")
        assert audio.find(site="gazette", article_id="1") is None
        with pytest.raises(NotFound):
            audio.clip(made.id)


def test_a_held_clip_is_released(parts: Parts, key: str) -> None:
    made = ready_clip(parts)
    made.hold()
    with client_of(to_app(parts), key) as audio:
        with pytest.raises(NotFound):
            audio.clip(made.id)
        with pytest.raises(Conflict):
            audio.release_clip(made.id, revision=2)
        assert audio.release_clip(made.id, revision=1) == 1
        assert audio.clip(made.id).state == "ready"
        with pytest.raises(Conflict):
            audio.release_clip(made.id)


def test_the_codes_for_a_page_are_markup_with_nothing_loose(parts: Parts, key: str) -> None:
    made = ready_clip(parts)
    with client_of(to_app(parts), key) as audio:
        frame = audio.embed_code(audio.clip(made.id))
        player = audio.player_code("gazette", '4"2')
    assert f'src="{URL}/embed/clip_1" title="New bridge opens"' in frame
    assert f'src="{URL}/player.js"' in player
    assert 'article="4&quot;2"' in player


def test_a_text_is_explained_word_by_word(parts: Parts, key: str) -> None:
    with client_of(to_app(parts), key) as audio:
        explained = audio.explain("It cost £3.5m.", language="en")
    (money,) = [word for word in explained.words if word.rule == "money"]
    assert (money.written, money.spoken) == ("£3.5m", "three point five million pounds")
    assert explained.text[money.start : money.end] == money.written


def test_a_report_is_sent_read_and_settled(parts: Parts, key: str) -> None:
    made = ready_clip(parts)
    with client_of(to_app(parts), key) as audio:
        clip = audio.clip(made.id)
        reference = audio.send_report(clip, "pronunciation", position_ms=2500, comment="said oddly")
        (report,) = audio.reports(state="new").reports
        assert (report.reference, report.comment, report.site) == (reference, "said oddly", "gazette")
        assert audio.settle(reference, state="rejected", note="as it should be").state == "rejected"
        assert audio.report_state(reference).state == "rejected"
        assert audio.reports(state="new").next is None


def test_a_callback_is_taken_only_as_it_was_signed() -> None:
    secret, body = new_secret(), '{"type":"clip.ready","timestamp":"2026-03-09T07:30:00Z","data":{"clip":"clip_1"}}'
    headers = {name.title(): value for name, value in signed([secret], "evt_1", now_ms(), body).items()}

    event = verify(secret, body.encode(), headers)

    assert (event.id, event.type, event.data["clip"]) == ("evt_1", "clip.ready", "clip_1")
    for wrong in ((new_secret(), body), (secret, body.replace("clip_1", "clip_2"))):
        with pytest.raises(CallbackRefused):
            verify(wrong[0], wrong[1].encode(), headers)
    with pytest.raises(CallbackRefused):
        verify(secret, body.encode(), {})


def test_it_loads_nothing_of_the_service() -> None:
    look = "import sys, tts_service.client; print(*sorted(name for name in sys.modules))"
    seen = subprocess.run([sys.executable, "-c", look], text=True, capture_output=True, check=True).stdout.split()
    ours = {name for name in seen if name.startswith("tts_service.")}
    assert {name for name in ours if not name.startswith("tts_service.client")} == set()
    heavy = {"fastapi", "starlette", "pydantic", "celery", "sqlalchemy", "redis", "numpy", "torch", "onnxruntime"}
    assert heavy & {name.partition(".")[0] for name in seen} == set()


def test_both_clients_can_the_same() -> None:
    def able(kind: type) -> dict[str, tuple[str, str | None]]:
        found = inspect.getmembers(kind, inspect.isfunction)
        return {
            name: (str(inspect.signature(one)).replace("AsyncIterator", "Iterator"), one.__doc__)
            for name, one in found
            if not name.startswith("_")
        }

    assert able(Client)["settle"][0] == (
        "(self, reference: 'str', *, state: 'str | None' = None, note: 'str | None' = None) -> 'Report'"
    )
    assert all(doc for _, doc in able(Client).values())
    assert {name for name, one in inspect.getmembers(AsyncClient, inspect.iscoroutinefunction)} >= {"job", "wait"}
    assert able(Client) == able(AsyncClient)


@pytest.mark.parametrize(
    ("ours", "schema", "besides"),
    [
        (client.Article, "ArticleIn", set()),
        (client.Clip, "ClipOut", {"raw"}),
        (client.Report, "ReportOut", {"raw"}),
        (client.ReportState, "FeedbackState", {"raw"}),
        (client.ExplainedWord, "ExplainedWord", set()),
        (client.NextRule, "NextRule", set()),
        (client.Explained, "ExplainOut", set()),
    ],
)
def test_its_values_are_the_documents(ours: Any, schema: str, besides: set[str]) -> None:
    properties = document()["components"]["schemas"][schema]["properties"]
    assert {one.name for one in fields(ours)} - besides <= set(properties)


def now_ms() -> int:
    return time.time_ns() // 1_000_000
