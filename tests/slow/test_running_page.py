"""The page Running in a real Chromium: it renews itself without losing one's place, and says when it can't."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.measure.doors.jobs import served
from tests.parts import browser as chromium
from tests.parts.barriers import barriers
from tests.parts.factories import make_parts
from tests.parts.running import ALL_PARTS, Service
from tests.parts.staff import signed
from tests.slow.test_staff_pages import Desk, tab_to

pytestmark = [pytest.mark.slow, chromium.NEEDED]
TEN_SECONDS = 10_100


def test_it_renews_itself_keeps_the_focus_and_says_when_the_service_is_gone(browser: Browser, tmp_path: Path) -> None:
    parts = make_parts(tmp_path)
    service = Service(parts=parts)
    service.begin(*ALL_PARTS)
    service.failed("1", 60)
    with served(parts) as url:
        page = Desk(url, signed(parts).headers["Cookie"], {}).open(browser, "dark", 390, "en")
        page.clock.install()
        page.goto(f"{url}/staff/running")
        assert barriers(page) == []
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
        expect(page.locator("#told")).to_contain_text("1 thing needs attention: broker")
        tab_to(page, "#retry-job_1")

        service.end("worker")
        service.failed("2", 30)
        page.clock.run_for(TEN_SECONDS)
        expect(page.locator("#told")).to_contain_text("2 things need attention: broker, workers")
        expect(page.locator("#failed tbody tr")).to_have_count(2)
        assert page.evaluate("() => document.activeElement.id") == "retry-job_1"

        page.get_by_label("Refresh every 10 seconds").uncheck()
        service.failed("3", 10)
        page.clock.run_for(TEN_SECONDS)
        expect(page.locator("#failed tbody tr")).to_have_count(2)
        page.get_by_label("Refresh every 10 seconds").check()
        expect(page.locator("#failed tbody tr")).to_have_count(3)

        page.route("**/staff/running", lambda route: route.abort())
        page.clock.run_for(TEN_SECONDS)
        expect(page.locator("#told")).to_have_text("The service can’t be reached. What you see is from before.")
        expect(page.locator("#failed tbody tr")).to_have_count(3)
        page.unroute("**/staff/running")
        page.clock.run_for(TEN_SECONDS)
        expect(page.locator("#told")).to_contain_text("2 things need attention")

        page.context.clear_cookies()
        page.clock.run_for(TEN_SECONDS)
        page.wait_for_url("**/staff/sign-in**")
        page.context.close()
