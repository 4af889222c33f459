"""A site's audition in a real Chromium, by keyboard: a voice is spoken to its end, without a barrier."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.measure.doors.jobs import served
from tests.parts import browser as chromium
from tests.parts.barriers import barriers
from tests.parts.factories import make_parts
from tests.parts.staff import signed
from tests.parts.web_rows import ready_clip
from tests.slow.test_staff_pages import Desk
from tts_service.newsroom import audition

pytestmark = [pytest.mark.slow, chromium.NEEDED]

SAID = """() => {
  window.said = [];
  new MutationObserver((changes) => changes.forEach(({ addedNodes }) => addedNodes.forEach((one) => {
    if (one.textContent?.trim()) said.push(one.textContent.trim());
  }))).observe(document.getElementById("told"), { childList: true });
}"""
"""Keeps what the page's live region says."""


def test_a_voice_is_spoken_to_its_end_by_keyboard(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audition, "STEP_S", 0.0)
    parts = make_parts(tmp_path)
    with served(parts) as url:
        page = Desk(url, signed(parts).headers["Cookie"], {}).open(browser, "dark", 390, "en")
        page.goto(f"{url}/staff/sites/gazette/audition")
        page.get_by_label("Text").fill("Two herons stood at the weir. Nobody minded. A third one came.")
        page.get_by_label("Language", exact=True).select_option("en")
        row = page.locator("article", has_text="tone:beep")
        row.get_by_role("button", name="Speak").focus()
        page.evaluate(SAID)
        page.keyboard.press("Space")
        expect(row.locator("audio")).to_be_focused(timeout=30_000)
        expect(row.locator("audio")).to_have_js_property("paused", value=False)
        assert page.evaluate("() => said") == [
            "Being spoken.",
            "beep: 1 of 3 sentences spoken",
            "beep: 2 of 3 sentences spoken",
            "beep: ready",
        ]
        expect(row.get_by_text("LUFS")).to_be_visible()
        expect(page.locator("#voices audio")).to_have_count(1)
        assert barriers(page) == []
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
        page.context.close()


def test_the_first_paragraphs_of_an_article_are_where_the_focus_is(browser: Browser, tmp_path: Path) -> None:
    parts = make_parts(tmp_path)
    ready_clip(parts)
    with served(parts) as url:
        page = Desk(url, signed(parts).headers["Cookie"], {}).open(browser, "light", 1280, "en")
        page.goto(f"{url}/staff/sites/gazette/audition")
        page.get_by_role("button", name="Take its first paragraphs").focus()
        page.keyboard.press("Space")
        page.wait_for_url("**?article=art_1")
        expect(page.get_by_label("Text")).to_be_focused()
        expect(page.get_by_label("Text")).not_to_have_value("")
        page.context.close()
