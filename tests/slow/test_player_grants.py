"""A clip for members in a real browser: heard over the end of its grant, which is renewed, at the place where it was.

The grants' clock stands still until a test moves it, and the line breaks where a test says: nothing here waits for time
to pass.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, Route
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.parts import browser as chromium
from tests.parts.factories import make_article, make_parts
from tts_service.access.grants import Grants, Subject
from tts_service.db.tables import JobRow
from tts_service.engines.child.speak import EngineChild
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.lease import claim
from tts_service.jobs.slices import run_slice
from tts_service.jobs.submit import submit
from tts_service.parts import Parts
from tts_service.web.app import create_app

pytestmark = [
    pytest.mark.slow,
    chromium.NEEDED,
]

SENTENCE = "Three hundred people came to see the new bridge across the river, and nobody was hurt. "
CUT = 40_000
"""Bytes of the sound that come before the line breaks: about 5 seconds."""
PAGE = """<!doctype html><html lang="en"><title>An article</title><link rel="icon" href="data:,">
<script type="module" src="/player.js"></script>
<article-audio site="gazette" article="1" {attributes}></article-audio>"""


@dataclass(slots=True)
class Line:
    """The way to the browser: sound comes up to CUT and then waits for `broken`, after which the line breaks once."""

    app: ASGIApp
    cuts: bool = False
    broken: threading.Event = field(default_factory=threading.Event)
    sounds: list[tuple[int, str | None]] = field(default_factory=list)
    """(status, Range) of each answer below audio.mp3."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].endswith("/audio.mp3"):
            await self.app(scope, receive, send)
            return
        asked = Headers(scope=scope).get("range")
        sent = 0
        cut = self.cuts and asked in (None, "bytes=0-")

        async def sending(message: Message) -> None:
            nonlocal sent
            if message["type"] == "http.response.start":
                self.sounds.append((message["status"], asked))
            body = message.get("body", b"")
            if cut and sent + len(body) > CUT:
                await send({"type": "http.response.body", "body": body[: CUT - sent], "more_body": True})
                await asyncio.to_thread(self.broken.wait)
                raise ConnectionError("the line breaks")
            sent += len(body)
            await send(message)

        await self.app(scope, receive, sending)


@dataclass  # without slots: Playwright notes its handlers here
class Publisher:
    """A service with a clip for members, and the grants' clock."""

    url: str
    line: Line
    grants: Grants
    clip: str
    now_s: float = field(default_factory=time.time)
    asked: int = 0
    """How often the page's own server was asked for a grant."""

    def give(self, life_s: int = 60, renew_s: int = 0) -> str:
        return self.grants.give(Subject(clip_id=self.clip, visibility="members"), life_s, renew_s).token

    @contextmanager
    def article(self, browser: Browser, attributes: str) -> Iterator[Page]:
        """A reader's page; `/grant` is its server, which knows that they are a member."""
        page = browser.new_page()
        page.route(
            "**/article.html",
            lambda route: route.fulfill(body=PAGE.format(attributes=attributes), content_type="text/html"),
        )
        page.route("**/grant", self._renewing)
        page.goto(f"{self.url}/article.html")
        yield page
        page.close()

    def _renewing(self, route: Route) -> None:
        assert route.request.method == "POST"
        self.asked += 1
        route.fulfill(body=json.dumps({"grant": self.give()}), content_type="application/json")


def rendered(parts: Parts) -> str:
    """A clip of real sound, about 20 seconds; its id."""
    article = make_article(external_id="1", source=SENTENCE * 6, visibility="members")
    job_id = submit(parts, article, Wish(voice="tone:beep")).job_id
    lease = claim(parts, job_id, "a worker of this test")
    assert lease is not None
    with EngineChild(parts.settings) as engine:
        assert run_slice(parts, engine, lease)
    with parts.database.reading() as session:
        return str(session.get_one(JobRow, job_id).clip_id)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Publisher]:
    folder: Path = tmp_path_factory.mktemp("publisher")
    parts = make_parts(folder, rate_public="")
    clip, app = rendered(parts), create_app(parts)
    line = Line(app)
    server = uvicorn.Server(uvicorn.Config(line, port=0, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Publisher(f"http://127.0.0.1:{port}", line, app.state.grants, clip)
    line.broken.set()
    server.should_exit = True
    thread.join()
    parts.close()


@pytest.fixture
def publisher(built: Publisher) -> Publisher:
    built.asked, built.line.cuts = 0, False
    built.line.sounds.clear()
    built.grants.clock = lambda: built.now_s
    return built


def wait(page: Page, expression: str) -> None:
    """Until an expression of `player` is true."""
    page.wait_for_function(
        f"() => {{ const player = document.querySelector('article-audio'); return {expression}; }}",
        timeout=60_000,
        polling=20,
    )


def ask(page: Page, expression: str) -> Any:
    return page.evaluate(f"() => {{ const player = document.querySelector('article-audio'); return {expression}; }}")


def press(page: Page, name: str = "Play") -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_it_is_heard_over_the_end_of_its_grant_which_the_pages_server_renews(
    browser: Browser, publisher: Publisher
) -> None:
    publisher.line.cuts = True
    publisher.line.broken.clear()
    first = publisher.give()
    with publisher.article(browser, f'grant="{first}" renew="/grant"') as page:
        wait(page, "player.state === 'ready'")
        press(page)
        wait(page, "player.sound.time > 0.5")
        assert publisher.asked == 0
        publisher.now_s += 61  # while it plays
        publisher.line.broken.set()
        wait(page, "player.getAttribute('grant') !== '" + first + "'")
        before = ask(page, "player.sound.time")
        assert before > 0.5
        ask(page, "player.faster(2)")
        # On beyond what had come before the line broke: that was sent for the new grant only.
        wait(page, "player.sound.playing && !player.sound.audio.error && player.sound.audio.currentTime > 7")
        assert ask(page, "player.state") == "ready"
    assert publisher.asked >= 1
    refused = [asked for status, asked in publisher.line.sounds if status == 403]
    assert refused, publisher.line.sounds
    assert all(status in (200, 206, 403) for status, _ in publisher.line.sounds)


def test_without_a_server_to_ask_the_page_is_told_and_its_answer_opens_the_player(
    browser: Browser, publisher: Publisher
) -> None:
    old = publisher.give()
    publisher.now_s += 61
    with publisher.article(browser, f'clip="{publisher.clip}" grant="{old}"') as page:
        wait(page, "player.state === 'locked'")
        assert page.get_by_text("This audio is for subscribers.").is_visible()
        assert not page.get_by_role("button", name="Play", exact=True).is_visible()
        fresh = publisher.give()
        page.evaluate(
            """(grant) => { document.addEventListener('article-audio-grant', (event) => {
                 event.target.setAttribute('grant', grant); window.told = true; }); }""",
            fresh,
        )
        ask(page, "void player.refresh(0)")
        wait(page, "player.state === 'ready' && window.told")
        press(page)
        wait(page, "player.sound.time > 0.5")


def test_a_page_from_a_cache_has_no_grant_and_asks_for_one(browser: Browser, publisher: Publisher) -> None:
    with publisher.article(browser, 'renew="/grant"') as page:
        wait(page, "player.state === 'ready'")
        assert publisher.asked == 1
        for part in ("more", "feedback"):
            assert "grant=" in (page.locator(f"[part={part}]").get_attribute("href") or "")


def test_the_service_renews_a_grant_while_it_holds_and_the_page_notices_nothing(
    browser: Browser, publisher: Publisher
) -> None:
    with publisher.article(browser, f'grant="{publisher.give(60, 600)}"') as page:
        wait(page, "player.state === 'ready'")
        for _ in range(3):
            held = ask(page, "player.getAttribute('grant')")
            publisher.now_s += 40
            ask(page, "void player.refresh(0)")
            wait(page, f"player.getAttribute('grant') !== '{held}'")
        assert ask(page, "player.state") == "ready"
        press(page)
        wait(page, "player.sound.time > 0.5")


def test_strangers_see_no_player_and_the_frame_says_kindly_why(browser: Browser, publisher: Publisher) -> None:
    with publisher.article(browser, "") as page:
        wait(page, "player.state === 'none'")
        assert page.get_by_role("button").count() == 0
    page = browser.new_page()
    page.goto(f"{publisher.url}/embed/{publisher.clip}")
    assert page.get_by_role("heading", name="This audio is for subscribers").is_visible()
    page.goto(f"{publisher.url}/embed/{publisher.clip}?grant={publisher.give()}")
    wait(page, "player.state === 'ready'")
    press(page)
    wait(page, "player.sound.time > 0.5")
    page.close()
