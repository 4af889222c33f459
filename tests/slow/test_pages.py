"""The pages in a real Chromium: a reader listens and reports, with and without JavaScript; staff sees the report."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.parts import browser as chromium
from tests.parts.service import Running

pytestmark = [
    pytest.mark.slow,
    chromium.NEEDED,
]
FLAGS = [*chromium.FLAGS, "--autoplay-policy=no-user-gesture-required"]
PLAY = """() => new Promise((heard) => {
  const { audio } = document.querySelector("article-audio").sound;
  audio.addEventListener("timeupdate", () => { if (audio.currentTime > 0.5) heard(audio.duration); });
})"""
"""Waits until half a second was heard; the clip's length. A function: the page's policy forbids evaluating text."""
DISCLOSURE = "This audio version is artificially generated."


@pytest.fixture(scope="module")
def clip(service: Running) -> str:
    text = "The bridge at Elmsworth is open. Cyclists use the northern lane.\n\nTraffic starts tomorrow."
    article = {"site": "pages", "id": "p1", "title": "New bridge opens", "language": "en", "text": text}
    job = service.ended(service.post(article, voice="pyttsx3:en-us")["id"])
    assert job["state"] == "succeeded", job
    return str(job["clip"]["id"])


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=request.param, viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


def test_a_reader_finds_audio_disclosure_and_links(page: Page, service: Running, clip: str) -> None:
    page.goto(f"{service.url}/listen/{clip}")

    assert page.locator("h1").inner_text() == "New bridge opens"
    player = page.locator("article-audio")
    # What stands there without scripts is hidden, not gone, once the player is there.
    expect(player.get_by_text("Listen to the article").filter(visible=True)).to_have_count(1)
    expect(player.get_by_text(DISCLOSURE, exact=True).filter(visible=True)).to_have_count(1)
    expect(player.locator("audio[controls], button[aria-label=Play]").filter(visible=True)).to_have_count(1)
    page.get_by_role("link", name="More information").click()
    assert "espeak" in page.locator("body").inner_text()


def test_the_audio_plays(browser: Browser, service: Running, clip: str) -> None:
    page = browser.new_page()
    page.goto(f"{service.url}/listen/{clip}")
    page.get_by_role("button", name="Play", exact=True).click()
    duration = page.evaluate(PLAY)
    with service.client() as client:
        planned = client.get(f"/v1/clips/{clip}").json()["duration_ms"]
    page.close()

    assert abs(duration * 1000 - planned) < 60


def test_a_reader_reports_and_staff_sees_it(page: Page, browser: Browser, service: Running, clip: str) -> None:
    page.goto(f"{service.url}/listen/{clip}")
    # The form's own page: with scripts the player asks by a dialog, which has tests of its own.
    page.goto(
        service.url
        + str(page.get_by_role("link", name="Send feedback").get_attribute("href")).removeprefix(service.url)
    )
    page.locator("input[name=category][value=pronunciation]").check()
    page.fill("[name=comment]", "Elmsworth sounds <b>odd</b>")
    page.locator("main form button").click()
    page.wait_for_url("**/feedback/R-*")
    reference = page.url.rsplit("/", 1)[1].split("?")[0]

    assert reference in page.locator("body").inner_text()
    with service.client() as client:
        reports = client.get("/v1/reports").json()
    found = str(reports)
    assert reference in found
    assert "Elmsworth sounds" in found


def test_pages_fit_a_phone(page: Page, service: Running, clip: str) -> None:
    for path in (f"/listen/{clip}", f"/about/{clip}", f"/feedback?clip={clip}"):
        page.goto(service.url + path)
        box = page.locator("main").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
