"""The staff's pages of articles, sites and pronunciations in a real Chromium: no barriers, small, dark, by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.measure.doors.jobs import served
from tests.parts import browser as chromium
from tests.parts.desk_pages import fill
from tests.parts.factories import make_parts
from tests.parts.staff import signed
from tests.parts.web_rows import rendering_clip
from tests.slow.test_staff_pages import RULES, Desk

pytestmark = [pytest.mark.slow, chromium.NEEDED]


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
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
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
        expect(page.get_by_text("heard now")).to_have_count(1)
        expect(page.locator("#change details").first).to_be_visible()
        expect(page.locator("main").get_by_text("being made")).to_have_count(0)
        page.context.close()


def test_keys_do_nothing_while_somebody_types(browser: Browser, desk: Desk) -> None:
    page = desk.open(browser, "light", 1280, "en")
    page.goto(desk.url + "/staff/articles")
    page.keyboard.press("/")
    page.keyboard.type("jk/")
    expect(page.locator("#q")).to_have_value("jk/")
    page.context.close()
