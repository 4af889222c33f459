"""The staff's pages of articles, sites and pronunciations in a real Chromium: no barriers, small, dark, by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.measure.doors.jobs import served
from tests.parts import browser as chromium
from tests.parts.barriers import barriers
from tests.parts.desk_pages import fill
from tests.parts.factories import make_parts
from tests.parts.recordings import save, spoken
from tests.parts.staff import signed
from tests.parts.web_rows import ready_clip, rendering_clip
from tests.slow.test_staff_pages import Desk

pytestmark = [pytest.mark.slow, chromium.NEEDED]
SHOWN = """() => {
  window.shown = [];
  const line = document.querySelector("form[data-upload] .sending");
  new MutationObserver(() => line.textContent && shown.push(line.textContent)).observe(line, { childList: true });
}"""
"""Keeps what the upload's status says."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    parts = make_parts(tmp_path_factory.mktemp("articles"))
    pages = fill(parts)
    with served(parts) as url:
        yield Desk(url, signed(parts).headers["Cookie"], pages)


@pytest.mark.parametrize(("scheme", "width", "first"), [("light", 1280, 0), ("dark", 390, 1)])
def test_the_pages_have_no_barrier_and_fit(browser: Browser, desk: Desk, scheme: str, width: int, first: int) -> None:
    """Every second page each: `make desk` looks at all of them in every light, width and two languages."""
    page = desk.open(browser, scheme, width, "en")
    for path in list(desk.pages.values())[first::2]:
        page.goto(desk.url + path)
        page.evaluate("() => document.querySelectorAll('details').forEach((one) => (one.open = true))")
        assert barriers(page) == [], path
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width, path
    page.context.close()


def test_a_held_version_is_found_and_released_by_keyboard_alone(browser: Browser, desk: Desk) -> None:
    page = desk.open(browser, "light", 1280, "en")
    page.goto(desk.url + "/staff/articles?state=held")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/articles/art_held")
    release = page.get_by_role("button", name="Release")
    release.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#held")).to_have_count(0)
    page.context.close()


def test_a_page_at_work_shows_one_state_until_its_end_and_then_another(browser: Browser, tmp_path: Path) -> None:
    parts = make_parts(tmp_path)
    clip = rendering_clip(parts, name="making")
    with served(parts) as url:
        page = Desk(url, signed(parts).headers["Cookie"], {}).open(browser, "light", 1280, "en")
        page.goto(f"{url}/staff/articles/art_making")
        expect(page.locator("#now")).to_have_text("being made")
        for position in range(3):
            clip.speak(position)
        clip.end()
        clip.finish()
        expect(page.locator("#now")).to_have_text("ready")
        expect(page.locator("#told")).to_have_text("ready")
        expect(page.get_by_text("heard now")).to_have_count(1)
        expect(page.locator("#change details").first).to_be_visible()
        expect(page.locator("main").get_by_text("being made")).to_have_count(0)
        page.context.close()


def test_the_actions_of_an_article_come_before_its_text_which_is_one_tab_stop(browser: Browser, tmp_path: Path) -> None:
    parts = make_parts(tmp_path)
    ready_clip(parts, name="made")
    with served(parts) as url:
        page = Desk(url, signed(parts).headers["Cookie"], {}).open(browser, "light", 1280, "en")
        page.goto(f"{url}/staff/articles/art_made")
        expect(page.locator("#blocks-keys")).to_be_visible()
        links = page.locator(".blocks a")
        page.locator("#here a", has_text="Change").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="Render again").first).to_be_focused()
        assert page.locator(".blocks a:not([tabindex='-1'])").count() == 1 < links.count()
        first, second = (page.locator(".blocks li").nth(n).locator("a") for n in (0, 1))
        first.first.focus()
        page.keyboard.press("ArrowDown")
        expect(second.first).to_be_focused()
        page.keyboard.press("ArrowRight")
        expect(second.nth(1)).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.press("Shift+Tab")
        expect(second.nth(1)).to_be_focused()
        page.keyboard.press("ArrowUp")
        expect(first.first).to_be_focused()
        page.keyboard.press("End")
        expect(links.last).to_be_focused()
        page.keyboard.press("Home")
        expect(links.first).to_be_focused()
        page.locator(".blocks a.sentence").first.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/sentences/0")
        expect(page.locator("#alias")).to_be_focused()
        page.context.close()


def test_a_search_says_how_much_it_found(browser: Browser, desk: Desk) -> None:
    page = desk.open(browser, "light", 1280, "en")
    for words, found in (("flood", "Found: 1"), ("zebra", "No article fits.")):
        page.goto(f"{desk.url}/staff/articles?q={words}")
        expect(page.get_by_role("status")).to_have_text(found)
    page.context.close()


def test_keys_do_nothing_while_somebody_types(browser: Browser, desk: Desk) -> None:
    page = desk.open(browser, "light", 1280, "en")
    page.goto(desk.url + "/staff/articles")
    page.keyboard.press("/")
    page.keyboard.type("jk/")
    expect(page.locator("#q")).to_have_value("jk/")
    page.context.close()


def test_a_recording_is_sent_with_its_progress_and_a_refused_one_stays_chosen(browser: Browser, tmp_path: Path) -> None:
    parts = make_parts(tmp_path)
    ready_clip(parts, name="made")
    sound = save(tmp_path / "sent.wav", spoken(20))  # the clip lasts 7 s
    with served(parts) as url:
        page = Desk(url, signed(parts).headers["Cookie"], {}).open(browser, "light", 1280, "en")
        page.goto(f"{url}/staff/articles/art_made")
        form, complaint = page.locator("form[data-upload]"), page.locator("#complaint")
        page.locator("summary", has_text="Send a recording").click()
        page.evaluate(SHOWN)
        page.locator("#recording-file").set_input_files(sound)
        page.get_by_role("button", name="Publish the recording").click()
        expect(complaint).to_contain_text("The recording lasts 0:")
        expect(complaint).to_be_focused()
        assert page.evaluate("() => shown") == ["The recording is being sent.", "The recording is being checked."]

        form.evaluate("(form) => (form.dataset.most = '1000')")
        page.get_by_role("button", name="Publish the recording").click()
        expect(complaint).to_contain_text("The file is larger than 300 MB.")
        form.evaluate("(form) => (form.dataset.most = '300000000')")

        page.locator("#any-length").check()
        page.get_by_role("button", name="Publish the recording").click()
        page.wait_for_url("**/staff/articles/art_made?done=recording.sent#told")
        expect(page.locator("#told p, p#told").first).to_contain_text("Recording sent")
        expect(page.locator("#told")).to_be_focused()
        expect(page.locator("#state")).to_have_text("The recording is being made ready.")
        page.context.close()
