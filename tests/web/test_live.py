"""live.mp3: append-only, the same bytes for everybody, resumable while it grows."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.parts.factories import make_parts
from tests.parts.web_rows import HEAD, Made, ready_clip, rendering_clip
from tts_service.parts import Parts
from tts_service.web.app import create_app
from tts_service.web.sound import following, live

LIVE = "/v1/clips/clip_1/live.mp3"


class Listener:
    """One client on the bare ASGI interface: sees each chunk when it comes, can leave in the middle."""

    def __init__(self, app: FastAPI, headers: dict[str, str] | None = None, path: str = LIVE) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = b""
        self.whole = False
        self._news = asyncio.Event()
        self._gone = asyncio.Event()
        self._asked = False
        path, _, query = path.partition("?")
        raw = [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()]
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "GET",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "scheme": "http",
            "headers": raw,
            "client": ("127.0.0.1", 1),
            "server": ("test", 80),
        }
        self.task = asyncio.create_task(app(scope, self._receive, self._send))

    async def until(self, length: int) -> bytes:
        """The body once it has so many bytes."""
        while len(self.body) < length:
            self._news.clear()
            await asyncio.wait_for(self._news.wait(), 10)
        return self.body

    async def end(self) -> bytes:
        """The body once the answer has ended, whole or cut."""
        await asyncio.wait_for(self.task, 10)
        return self.body

    async def leave(self) -> None:
        """The client closes the connection."""
        self._gone.set()
        await asyncio.wait_for(self.task, 10)

    async def _receive(self) -> dict[str, Any]:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            self.body += message.get("body", b"")
            self.whole = not message.get("more_body", False)
        self._news.set()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "HURRIED_POLL_S", 0.002)
    monkeypatch.setattr(following, "FIRST_POLL_S", 0.002)
    monkeypatch.setattr(following, "POLL_S", 0.002)


def run(story: Coroutine[Any, Any, None]) -> None:
    asyncio.run(story)


def test_three_listeners_hear_the_same_bytes_from_one_poller(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    made = rendering_clip(parts)
    app = create_app(parts)
    polling: list[following.Follower] = []
    real = following.Follower.poll

    async def counted(self: following.Follower) -> None:
        polling.append(self)
        await real(self)

    monkeypatch.setattr(following.Follower, "poll", counted)

    async def story() -> None:
        first, second = Listener(app), Listener(app)
        await first.until(len(HEAD))
        assert first.body == HEAD
        made.speak(0)
        await first.until(len(made.live))
        third = Listener(app)  # comes late, starts at the beginning
        made.speak(1)
        await third.until(len(made.live))
        made.speak(2)
        made.end()
        made.finish()
        got = [await listener.end() for listener in (first, second, third)]
        assert got == [made.live] * 3
        assert [listener.whole for listener in (first, second, third)] == [True] * 3
        assert (first.status, first.headers["cache-control"]) == (200, "no-store")
        assert "content-length" not in first.headers

    run(story())
    assert len(polling) == 1
    assert app.state.hub.following_now == 0


def test_a_cut_listener_resumes_by_range_with_the_same_bytes(parts: Parts) -> None:
    made = rendering_clip(parts)
    app = create_app(parts)

    async def story() -> None:
        first = Listener(app)
        made.speak(0)
        heard = await first.until(len(made.live))
        await first.leave()
        made.speak(1)
        again = Listener(app, {"Range": f"bytes={len(heard)}-"})
        rest = await again.end()
        assert again.status == 206
        assert heard + rest == made.live
        last = len(made.live) - 1
        assert again.headers["content-range"] == f"bytes {len(heard)}-{last}/*"
        part = Listener(app, {"Range": "bytes=3-10"})
        assert await part.end() == made.live[3:11]
        assert part.headers["content-range"] == "bytes 3-10/*"

    run(story())


def test_a_range_at_the_growing_end_waits_for_more(parts: Parts) -> None:
    made = rendering_clip(parts)
    app = create_app(parts)

    async def story() -> None:
        waiting = Listener(app, {"Range": f"bytes={len(HEAD)}-"})
        other = Listener(app)
        await other.until(len(HEAD))
        assert waiting.status == 0
        made.speak(0)
        assert await waiting.end() == made.live[len(HEAD) :]
        await other.leave()

    run(story())


def test_a_range_where_nothing_comes_is_a_416(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "WAIT_S", 0.02)
    made = rendering_clip(parts)
    app = create_app(parts)

    async def story() -> None:
        beyond = Listener(app, {"Range": "bytes=100000-"})
        await beyond.end()
        assert (beyond.status, "content-range" in beyond.headers) == (416, False)
        monkeypatch.setattr(live, "WAIT_S", 60)  # what is there is answered at once, however slowly it is read
        made.speak(0)
        made.end()
        made.finish()
        after = Listener(app, {"Range": f"bytes={len(made.live)}-"})
        await after.end()
        assert (after.status, after.headers["content-range"]) == (416, f"bytes */{len(made.live)}")

    run(story())


def test_a_failed_rendering_cuts_the_connection(parts: Parts) -> None:
    made = rendering_clip(parts)
    app = create_app(parts)

    async def story() -> None:
        listener = Listener(app)
        made.speak(0)
        await listener.until(len(made.live))
        made.fail()
        await listener.end()
        assert (listener.body, listener.whole) == (made.live, False)

    run(story())


@pytest.mark.parametrize("state", ["cancelled", "superseded"])
def test_a_cancelled_or_superseded_job_lets_its_listeners_go(parts: Parts, state: str) -> None:
    from sqlalchemy import update

    from tts_service.db.tables import JobRow

    made = rendering_clip(parts)
    app = create_app(parts)

    async def story() -> None:
        listener = Listener(app)
        await listener.until(len(HEAD))
        with parts.database.writing() as session:
            session.execute(update(JobRow).where(JobRow.id == made.job).values(state=state))
        await listener.end()
        assert not listener.whole

    run(story())


def test_a_listener_who_leaves_stops_the_poller_at_once(parts: Parts) -> None:
    rendering_clip(parts)
    app = create_app(parts)

    async def story() -> None:
        listener = Listener(app)
        await listener.until(len(HEAD))
        follower = app.state.hub._followers["clip_1", 1]
        await listener.leave()
        assert app.state.hub.following_now == 0
        await asyncio.wait([follower.task], timeout=10)
        assert follower.task.cancelled()

    run(story())


def test_after_the_end_live_still_gives_the_same_bytes(parts: Parts) -> None:
    made = ready_clip(parts)
    with TestClient(create_app(parts)) as client:
        whole = client.get(LIVE)
        assert (whole.status_code, whole.content) == (200, made.live)
        assert whole.headers["content-length"] == str(len(made.live))
        tail = client.get(f"{LIVE}?r=1", headers={"Range": "bytes=10-"})
        assert (tail.status_code, tail.content) == (206, made.live[10:])
        assert tail.headers["content-range"] == f"bytes 10-{len(made.live) - 1}/{len(made.live)}"
        assert client.get(LIVE, headers={"Range": "bytes=0-"}).status_code == 200
        assert client.get(LIVE, headers={"Range": "bytes=9-2"}).content == made.live
        head = client.head(LIVE)
        assert (head.status_code, head.content) == (200, b"")
        assert client.get(f"{LIVE}?r=2").status_code == 404


def test_a_piece_that_is_not_where_it_must_be_is_never_sent(parts: Parts) -> None:
    from sqlalchemy import update

    from tts_service.db.tables import UtteranceRow

    made = rendering_clip(parts)
    made.speak(0)
    good = made.live
    made.speak(1)
    with parts.database.writing() as session:
        session.execute(update(UtteranceRow).filter_by(position=1).values(live_start=len(good) + 1))
    growth = following.Growth()
    following.look(parts, following.LiveRevision(made.id, 1), growth)
    assert growth.size == len(good)


def test_live_outlives_a_database_that_comes_back(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    from tts_service.errors import DatabaseUnavailable

    made = rendering_clip(parts)
    app = create_app(parts)
    real, failures = following.look, iter(range(3))

    def shaky(*args: Any) -> None:
        if next(failures, None) is not None:
            raise DatabaseUnavailable("gone for a moment")
        real(*args)

    monkeypatch.setattr(following, "look", shaky)

    async def story() -> None:
        listener = Listener(app)
        for position in range(3):
            made.speak(position)
        made.end()
        assert await listener.end() == made.live

    run(story())


def test_audio_mp3_leads_to_live_and_then_to_the_finished_file(parts: Parts) -> None:
    made = rendering_clip(parts)
    with TestClient(create_app(parts), follow_redirects=False) as client:
        got = client.get("/v1/clips/clip_1/audio.mp3")
        assert (got.status_code, got.headers["location"]) == (302, f"{LIVE}?r=1")
        assert got.headers["cache-control"] == "no-store"
        assert client.get("/v1/clips/clip_1/audio.m4a").status_code == 409
        made.speak(0)
        sentences = client.get("/v1/clips/clip_1/marks.json").json()["sentences"]
        assert [sentence["text"] for sentence in sentences] == ["The bridge opened on Monday."]
        assert sentences[0]["words"][0] == {
            "start": 0,
            "end": 3,
            "text": "The",
            "spoken": "The",
            "token": 0,
            "start_ms": 1000,
            "end_ms": 1150,
        }
        made.end()
        made.finish()
        got = client.get("/v1/clips/clip_1/audio.mp3")
        assert (got.status_code, got.headers["location"]) == (302, "/v1/clips/clip_1/r/1/audio.mp3")
        assert client.get("/v1/clips/clip_1/audio.m4a").status_code == 404


def test_a_rendering_nobody_begins_is_a_503(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sqlalchemy import delete, update

    from tts_service.db.tables import ClipRevisionRow, JobRow

    monkeypatch.setattr(live, "HEAD_WAIT_S", 0.02)
    parts = make_parts(tmp_path)
    made: Made = rendering_clip(parts)
    with parts.database.writing() as session:
        session.execute(delete(ClipRevisionRow))
        session.execute(update(JobRow).where(JobRow.id == made.job).values(state="queued"))
    with TestClient(create_app(parts)) as client:
        got = client.get(LIVE)
    assert (got.status_code, got.headers["retry-after"]) == (503, "5")
