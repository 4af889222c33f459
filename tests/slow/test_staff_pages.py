"""The staff's pages of webhooks and callbacks in a real Chromium: for everybody, by keyboard, small, dark, German."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.measure.doors.jobs import served
from tests.parts import browser as chromium
from tests.parts.barriers import barriers
from tests.parts.factories import make_parts
from tests.parts.staff import signed
from tests.parts.staff_rows import delivery, events, kept_event
from tts_service.cms.inbox.addresses import add_hook

pytestmark = [
    pytest.mark.slow,
    chromium.NEEDED,
]


class Desk:
    """A service with webhooks and callbacks in it, and the address of one of each."""

    def __init__(self, url: str, cookie: str, pages: dict[str, str]) -> None:
        self.url, self.cookie, self.pages = url, cookie, pages

    def open(self, browser: Browser, scheme: str, width: int, language: str) -> Page:
        dark = "dark" if scheme == "dark" else "light"
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=dark, locale=language)
        name, _, value = self.cookie.partition("=")
        context.add_cookies([{"name": name, "value": value, "url": self.url}])
        return context.new_page()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    parts = make_parts(tmp_path_factory.mktemp("staff"))
    refused, sent = events(parts), delivery(parts)
    hook = add_hook(parts.database, "ghost", "gazette").id
    again = kept_event(parts, "again", state="failed", reason="A fault", hook_id=hook)
    pages = {
        "events": "/staff/events",
        "event": f"/staff/events/{refused}",
        "again": f"/staff/events/{again}",
        "done": "/staff/events/evt_done1",
        "callbacks": "/staff/callbacks",
        "callback": f"/staff/callbacks/{sent}",
    }
    with served(parts) as url:
        yield Desk(url, signed(parts).headers["Cookie"], pages)


@pytest.mark.parametrize(("scheme", "width", "language"), [("light", 1280, "en"), ("dark", 320, "de")])
def test_the_pages_have_no_barrier_and_fit(
    browser: Browser, desk: Desk, scheme: str, width: int, language: str
) -> None:
    page = desk.open(browser, scheme, width, language)
    for path in desk.pages.values():
        page.goto(desk.url + path)
        assert page.locator("html").get_attribute("lang") == language
        assert barriers(page) == [], path
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width, path
    page.context.close()


def test_a_webhook_is_found_and_done_again_by_keyboard_alone(browser: Browser, desk: Desk) -> None:
    page = desk.open(browser, "light", 1280, "en")
    page.goto(desk.url + desk.pages["events"])
    tab_to(page, "#state")
    page.keyboard.press("f")  # failed
    tab_to(page, "form[role=search] button")
    page.keyboard.press("Enter")
    page.wait_for_url("**state=failed**")
    expect(page.locator("article.report")).to_have_count(2)
    tab_to(page, f"a[href='{desk.pages['again']}']")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{desk.pages['again']}")
    tab_to(page, "main form[action$='/replay'] button")
    page.keyboard.press("Enter")
    page.wait_for_url("**taken=true")
    expect(page.get_by_role("status")).to_have_text("It has been queued again.")
    page.context.close()


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there, as somebody without a mouse does."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"the keyboard never reaches {selector}")
