"""Below a path, behind a real nginx with TLS and buffering, in a real browser: what readers and staff do."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.parts import browser as chromium
from tests.parts.held_worker import held
from tests.parts.nginx_proxy import Front, find_nginx, free_port, proxied
from tests.parts.player_pages import Seat, clip_of, elsewhere, seated, started
from tests.parts.prefix_crawl import Crawl
from tests.parts.service import Running, running
from tests.slow.test_journey import long_text

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_nginx() is None, reason="no nginx on this machine: apt-get install nginx-light"),
    chromium.NEEDED,
]
VOICE = "pyttsx3:en-us"
ARTICLE = {
    "site": "gazette",
    "id": "p1",
    "title": "New bridge opens",
    "language": "en",
    "url": "https://gazette.example/bridge",
    "text": "The harbour town of Elmsworth opened its new bridge on Monday. Dr. Ines Weir cut a blue ribbon.\n\n"
    "Three hundred people came to see it. Cyclists may use the northern lane.",
}
PLAYS = "player.sound.audio.currentTime > 0.2 && !player.sound.audio.paused"


def _grown(client: httpx.Client, address: str) -> int:
    """Bytes that come of something that stands still: until none has come for a second."""
    count = 0
    with suppress(httpx.ReadTimeout), client.stream("GET", address, timeout=httpx.Timeout(20, read=1)) as answer:
        for piece in answer.iter_raw():
            count += len(piece)
    return count


class Site:
    """A service, the nginx before it, and a publisher's page of another origin."""

    def __init__(self, front: Front, outside: Running, inside: Running, publisher: str) -> None:
        self.front, self.outside, self.inside, self.publisher = front, outside, inside, publisher
        headers = {"Authorization": f"Bearer {inside.key}"}
        self.client = httpx.Client(headers=headers, verify=front.authority.trust(), trust_env=False, timeout=20)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("prefix")
    inside, keeps, strips = free_port(), free_port(), free_port()
    with proxied(folder, inside, (keeps, strips)) as front:
        settings = {"port": inside, "public_url": front.url, "trusted_proxies": "127.0.0.1/32", "warm_voices": ""}
        tags = f'<script type="module" src="{front.url}/player.js"></script><article-audio url="{ARTICLE["url"]}">'
        page = f"<!doctype html><html lang=en><title>Bridge</title><body>{tags}</article-audio>"
        with running(folder / "d", **settings) as outside, elsewhere(page) as publisher:
            site = Site(front, outside, replace(outside, url=f"http://127.0.0.1:{inside}"), publisher)
            origins = {"origins": [publisher.rstrip("/")]}
            assert site.client.put(f"{front.url}/v1/sites/gazette/origins", json=origins).is_success
            yield site
            site.client.close()


@pytest.fixture(scope="module")
def clip(site: Site) -> str:
    return clip_of(site.inside, ARTICLE, VOICE)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as browser:
        yield browser


@pytest.fixture
def seat(browser: Browser, site: Site) -> Iterator[Seat]:
    with seated(browser, site.outside, ignore_https_errors=True) as seat:
        yield seat
        assert seat.errors == []
        assert [url for url in seat.calls if url.startswith("http") and not url.startswith(f"{site.front.url}/")] == []


@pytest.mark.parametrize("proxy", ["keeps", "strips"])
def test_every_address_is_below_the_path(site: Site, clip: str, proxy: str) -> None:
    front = site.front

    def ask(method: str, address: str, headers: Any = None, content: Any = None) -> httpx.Response:
        if proxy == "strips":
            address = front.stripped + address.removeprefix(front.url)
        return site.client.request(method, address, headers=headers, content=content)

    found = Crawl(front.url, ask, inside=(site.inside.url, front.stripped.removesuffix("/audio")))
    found.pages(["/", f"/listen/{clip}", f"/feedback?clip={clip}", "/feeds.opml", "/feeds/gazette.rss", "/staff"])
    found.send("POST", f"{front.url}/v1/jobs/", body={"article": ARTICLE, "voice": VOICE})
    found.send("GET", f"{front.url}/v1/clips?url={ARTICLE['url']}")
    found.send("GET", f"{front.url}/oembed?url={front.url}/listen/{clip}")
    found.send("GET", f"{front.url}/openapi.json")
    found.send("HEAD", f"{front.url}/v1/clips/{clip}/audio.mp3")
    assert found.faults == []
    assert found.found > 50
    assert {status for name, status in found.statuses.items() if "/staff" not in name} <= {200, 302}


def test_the_path_itself_and_the_counts(site: Site) -> None:
    bare = site.client.get(site.front.url)
    assert (bare.status_code, bare.headers["location"]) == (308, f"{site.front.url}/")
    assert site.client.get(f"{site.front.url}/metrics").status_code == 404


def test_a_reader_listens_and_reads_along(seat: Seat, clip: str) -> None:
    seat.open(f"/listen/{clip}")
    seat.press()
    seat.wait(PLAYS)
    seat.wait("CSS.highlights.has('article-audio-word') && player.readAlong.places.length > 2")
    seat.page.get_by_role("link", name="More information").click()
    expect(seat.page.get_by_role("heading", name="About this audio version")).to_be_visible()


def test_a_report_is_sent_and_staff_decide_on_it(seat: Seat, site: Site, clip: str) -> None:
    seat.open(f"/listen/{clip}")
    seat.page.get_by_role("link", name="Send feedback").click()
    seat.page.get_by_label("A word is pronounced wrongly").check()
    seat.page.get_by_role("button", name="Send", exact=True).click()
    state = seat.page.get_by_role("link", name="See what happens to it")
    address = str(state.get_attribute("href"))
    assert address.startswith(f"{site.front.url}/feedback/R-")

    page = seat.page
    page.goto(site.outside.staff)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{site.front.url}/staff")
    cookies = page.context.cookies()
    assert [(one["name"], one["path"], one["secure"]) for one in cookies] == [("__Secure-tts_staff", "/audio", True)]
    page.goto(f"{site.front.url}/staff/reports/{address.rsplit('/', 1)[1]}")
    page.wait_for_url(f"{site.front.url}/staff/cases/*")
    page.get_by_label("Reject, because").fill("It is said as its people say it.")
    page.get_by_role("button", name="Reject").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("rejected")
    page.goto(address)
    expect(page.get_by_text("It is said as its people say it.")).to_be_visible()
    page.goto(f"{site.front.url}/staff/account")
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url(f"{site.front.url}/staff/sign-in")


def test_what_is_being_made_is_heard_and_told_through_the_buffers(seat: Seat, site: Site) -> None:
    article = {"site": "g", "id": "live", "title": "The ferry", "language": "en", "text": long_text(400, "live")}
    job = site.inside.post(article, voice=VOICE)
    clip, front = job["clip"]["id"], site.front.url
    with held(site.inside, job["id"], 8) as go_on:
        # Nothing more is made: what doesn't come now is stuck in a buffer.
        began = time.monotonic()
        with site.client.stream("GET", f"{front}/v1/jobs/{job['id']}/events") as events:
            line = next(line for line in events.iter_lines() if line.startswith("data:"))
        assert json.loads(line.removeprefix("data:"))["state"] == "running"
        there, came = (_grown(site.client, f"{base}/v1/clips/{clip}/live.mp3") for base in (site.inside.url, front))
        assert came == there > 10_000
        assert time.monotonic() - began < 20
        seat.open(f"/listen/{clip}", state="rendering")
        seat.press()
        seat.wait(f"{PLAYS} && player.sound.live && player.sound.reach > 4")
        assert site.client.delete(f"{front}/v1/jobs/{job['id']}").is_success
        go_on()


def test_a_publishers_page_finds_its_clip(browser: Browser, site: Site, clip: str) -> None:
    with seated(browser, site.outside, ignore_https_errors=True) as seat:
        seat.page.goto(site.publisher)
        seat.page.locator("article-audio[state=ready]").wait_for(state="attached", timeout=20_000)
        assert seat.ask("player.known.id") == clip
        seat.press()
        seat.wait(PLAYS)
        assert [url for url in seat.calls if not url.startswith((f"{site.front.url}/", site.publisher))] == []
