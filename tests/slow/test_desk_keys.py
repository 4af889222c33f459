"""The desk by keyboard alone, in a real Chromium: where the focus is after each key."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.parts import browser as chromium
from tests.parts.desk_case import Workplace, publish, report, workplace
from tests.parts.service import Running

pytestmark = [pytest.mark.slow, chromium.NEEDED]


def open_case(seat: Workplace, site: str, word: str) -> None:
    """From the queue by Enter, until the case's keys work."""
    seat.open(f"/staff?site={site}")
    expect(seat.page.get_by_role("button", name="Keyboard shortcuts")).to_be_visible()
    while seat.row(word).get_attribute("aria-current") != "true":
        seat.press("j")
    seat.press("Enter")
    seat.page.wait_for_url("**/staff/cases/*")
    expect(seat.page.get_by_role("button", name="Keyboard shortcuts")).to_be_visible()


def test_the_palette_is_one_tab_stop_that_arrows_move_in(browser: Browser, service: Running) -> None:
    report(service, publish(service, "desk-palette", "palette", "The road to Elmsworth is open."), "Elmsworth")
    with workplace(browser, service) as seat:
        open_case(seat, "desk-palette", "Elmsworth")
        field, sounds = seat.page.locator("#ipa"), seat.page.get_by_role("toolbar").get_by_role("button")
        seat.press("a", "Shift+Tab", "ArrowRight")
        expect(seat.page.locator("input[name=way][value=ipa]")).to_be_focused()
        seat.press("Tab")
        expect(field).to_be_focused()
        seat.press("Tab")
        expect(sounds.first).to_be_focused()
        seat.press("ArrowLeft")
        expect(sounds.last).to_be_focused()
        seat.press("ArrowRight", "ArrowRight")
        expect(sounds.nth(1)).to_be_focused()
        top = "() => document.activeElement.getBoundingClientRect().top"
        first_line = seat.page.evaluate(top)
        seat.press("ArrowDown")
        assert seat.page.evaluate(top) > first_line + 10
        seat.press("ArrowUp")
        assert abs(seat.page.evaluate(top) - first_line) < 10
        seat.press("End")
        expect(sounds.last).to_be_focused()
        seat.press("Home", "Enter", "ArrowRight", " ")
        expect(sounds.nth(1)).to_be_focused()
        expect(field).to_have_value("".join(sounds.nth(n).inner_text() for n in (0, 1)))
        seat.press("Escape")
        expect(field).to_be_focused()
        seat.press("Tab")
        expect(sounds.nth(1)).to_be_focused()
        seat.press("Tab")
        assert seat.page.evaluate("() => document.activeElement.closest('.palette')") is None


def test_the_way_back_to_the_queue_leads_to_the_row(browser: Browser, service: Running) -> None:
    clip = publish(service, "desk-back", "back", "Lowestoft is far. Mousehole is near. Happisburgh is flat.")
    for word in ("Lowestoft", "Mousehole", "Happisburgh"):
        report(service, clip, word)
    with workplace(browser, service) as seat:
        seat.open("/staff?site=desk-back")
        words = seat.page.locator("#queue .open").all_inner_texts()

        def at(word: str) -> None:
            expect(seat.row(word)).to_have_attribute("aria-current", "true")
            expect(seat.row(word).locator(".open")).to_be_focused()

        open_case(seat, "desk-back", words[1])
        seat.press("Escape")
        seat.page.wait_for_url("**/staff?**")
        at(words[1])
        seat.press("x")
        expect(seat.page.locator("#reason")).to_be_focused()
        seat.press("Escape")
        at(words[1])
        expect(seat.page.locator("#queue input:checked")).to_have_count(0)
        seat.press("j")
        at(words[2])
        seat.press("Enter")
        seat.page.wait_for_url("**/staff/cases/*")
        expect(seat.page.get_by_role("button", name="Keyboard shortcuts")).to_be_visible()
        seat.press("x", "Escape", "Escape")
        seat.page.wait_for_url("**/staff?**")
        at(words[2])
        seat.press("k")
        at(words[1])


def test_enter_goes_on_from_a_suggestion_and_what_it_replaced_is_not_complained_about(
    browser: Browser, service: Running
) -> None:
    report(service, publish(service, "desk-suggested", "suggested", "The BVG is open."), "BVG")
    with workplace(browser, service) as seat:
        page = seat.page
        seat.expected = "400"
        open_case(seat, "desk-suggested", "BVG")
        suggestion = page.locator("#suggestions button[data-way=ipa]").first
        page.locator("input[name=way][value=ipa]").check()
        page.locator("#ipa").fill("ˈbiːvəǃ")
        seat.press("Enter")
        expect(page.locator("#ipa-check p")).to_be_visible()
        expect(page.locator("#outcome .complaint")).to_be_visible()
        suggestion.focus()
        seat.press("Enter")
        expect(page.locator("#outcome[data-step=heard]")).to_be_visible()
        expect(page.locator("#outcome .complaint, #ipa-check p, #ipa[aria-invalid]")).to_have_count(0)
        expect(suggestion).not_to_be_focused()
        seat.press("Enter")
        expect(page.locator("#impact")).to_be_focused()
