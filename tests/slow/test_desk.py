"""The desk in a real Chromium: from a report to the corrected clip by keyboard, without scripts, small, dark."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.parts import browser as chromium
from tests.parts.barriers import barriers
from tests.parts.desk_case import from_queue_to_correction, publish, report, reported_case, workplace
from tests.parts.service import Running, until

pytestmark = [pytest.mark.slow, chromium.NEEDED]

MOST_KEYS = 8
"""Beside the respelling itself, from opening a case to the corrected clip."""


def revision(service: Running, clip: str) -> int:
    with service.client() as client:
        return int(client.get(f"/v1/clips/{clip}").json()["revision"])


def test_a_case_is_corrected_with_few_keys(browser: Browser, service: Running) -> None:
    clip = publish(service, "desk-keys", "keys", "The road to Elmsworth is open. Nobody met a heron there.")
    other = publish(service, "desk-keys", "other", "Buses to Elmsworth run again.")
    report(service, clip, "Elmsworth", "it is ELMZ-wuth")
    with workplace(browser, service) as seat:
        seat.open("/staff?site=desk-keys")
        seat.row("Elmsworth").get_by_role("link", name="Elmsworth", exact=True).click()
        seat.page.wait_for_url("**/staff/cases/*")
        seat.pressed = 0
        seat.press("a")
        expect(seat.page.locator("#alias")).to_be_focused()
        seat.page.keyboard.type("Elms wuth")
        seat.press("Enter")
        expect(seat.page.locator("#after")).to_be_visible()
        expect(seat.page.locator(".compare mark").last).to_have_text("Elms wuth")
        seat.press("Enter")
        expect(seat.page.locator("#impact")).to_contain_text("Changes 2 sentences in 2 articles")
        seat.press("Enter")
        expect(seat.page.locator("#correction .state")).to_have_text("done", timeout=20_000)
        assert seat.pressed <= MOST_KEYS
        assert (revision(service, clip), revision(service, other)) == (2, 2)
        expect(seat.page.locator("#head .state")).to_have_text("corrected")

        seat.press("u")
        until(lambda: revision(service, clip) == 3, 20, "the clip as before")
        seat.page.reload()
        expect(seat.page.locator("#head .state")).not_to_have_text("corrected")


def test_the_queue_is_worked_by_keyboard(browser: Browser, service: Running) -> None:
    clip = publish(service, "desk-queue", "queue", "Lowestoft is far. Mousehole is near. Happisburgh is flat.")
    for word in ("Lowestoft", "Mousehole", "Happisburgh"):
        report(service, clip, word)
    with workplace(browser, service) as seat:
        page = seat.page
        seat.open("/staff?site=desk-queue")
        words = page.locator("#queue .open").all_inner_texts()
        assert set(words) == {"Lowestoft", "Mousehole", "Happisburgh"}
        seat.press("j", "j", "k")
        expect(seat.row(words[0])).to_have_attribute("aria-current", "true")
        seat.press(" ")
        expect(seat.row(words[0]).locator(".play.playing")).to_be_visible()
        seat.press("Escape")
        expect(page.locator(".play.playing")).to_have_count(0)

        seat.press("c")
        expect(page.locator("#told")).to_contain_text("1 case confirmed.")
        expect(seat.row(words[0]).locator(".state")).to_have_text("confirmed")
        seat.press("u")
        expect(seat.row(words[0]).locator(".state")).to_have_text("new")

        seat.press("j", "s", "j", "s", "x")
        page.keyboard.type("jcx: that is how it is said")  # keys that are typed do nothing else
        seat.press("Enter")
        expect(page.locator("#told")).to_contain_text("2 cases rejected.")
        expect(page.locator("#queue tbody tr")).to_have_count(1)

        seat.press("?")
        expect(page.get_by_role("dialog")).to_be_visible()
        page.get_by_label("Use single keys").uncheck()
        seat.press("Escape", "c")
        page.reload()
        seat.press("j", "c")
        expect(page.locator("#queue .state")).to_have_text("new")
        page.evaluate("() => localStorage.clear()")
        seat.press("j", "Enter")
        page.wait_for_url("**/staff/cases/*")
        seat.press("Escape")
        page.wait_for_url("**/staff**")


def test_a_rejection_without_a_reason_is_refused_and_rejects_no_other_case_later(
    browser: Browser, service: Running
) -> None:
    clip = publish(service, "desk-refused", "refused", "Frome is far. Towcester is near. Alnwick is flat.")
    for word in ("Frome", "Towcester", "Alnwick"):
        report(service, clip, word)
    with workplace(browser, service) as seat:
        page = seat.page
        seat.expected = "409"
        seat.open("/staff?site=desk-refused")
        words = page.locator("#queue .open").all_inner_texts()
        seat.press("j", "j", "s", "j", "x", "Enter")
        expect(page.locator("#complaint")).to_contain_text("Give the reason")
        expect(page.locator("#reason")).to_be_focused()
        expect(seat.row(words[1]).get_by_role("checkbox")).to_be_checked()
        expect(page.locator("#queue input:checked")).to_have_count(1)
        page.keyboard.type("that is how it is said")
        seat.press("Enter")
        expect(page.locator("#told")).to_contain_text("1 case rejected.")
        expect(seat.row(words[0])).to_be_visible()
        expect(seat.row(words[2])).to_be_visible()

        # What x has selected itself isn't selected any more once somebody goes elsewhere.
        seat.press("k", "k", "x", "Escape", "j", "x")
        page.keyboard.type("that one, too")
        seat.press("Enter")
        expect(page.locator("#told")).to_contain_text("1 case rejected.")
        expect(seat.row(words[0])).to_be_visible()
        expect(seat.row(words[2])).to_have_count(0)


def test_a_case_says_what_was_done_and_keeps_the_focus(browser: Browser, service: Running) -> None:
    clip = publish(service, "desk-told", "told", "The road to Belvoir is open.")
    report(service, clip, "Belvoir")
    with workplace(browser, service) as seat:
        page = seat.page
        told, body = page.locator("#told"), page.locator("body")
        seat.expected = "400"
        seat.open("/staff?site=desk-told")
        expect(told).to_have_text("Found: 1")
        seat.press("j", "s")
        expect(told).to_have_text("1 selected")
        seat.press("s")
        expect(told).to_have_text("0 selected")
        seat.press("u")
        expect(told).to_have_text("There is nothing to undo.")
        seat.press("Enter")
        page.wait_for_url("**/staff/cases/*")
        seat.press("u")
        expect(told).to_have_text("There is nothing to undo.")
        seat.press("c")
        expect(told).to_have_text("Case confirmed.")
        expect(told).to_be_focused()
        page.get_by_text("It belongs to another case").click()
        page.locator("#other").fill("case_unknown")
        seat.press("Enter")
        expect(page.locator("#other-wrong")).to_be_visible()
        expect(page.locator("#other")).to_be_focused()

        page.locator("input[name=way][value=ipa]").check()
        page.locator("#ipa").fill("ˈbiːvəǃ")
        seat.press("Enter")
        expect(page.locator("#outcome .complaint")).to_be_visible()
        expect(page.locator("#ipa")).to_have_attribute("aria-invalid", "true")
        page.locator("input[name=way][value=alias]").check()
        expect(page.locator("#outcome .complaint, #ipa-check p, #ipa[aria-invalid]")).to_have_count(0)
        page.locator("#alias").fill("Beever")
        seat.press("Enter")
        page.get_by_role("button", name="See what it changes").click()
        expect(page.locator("#impact")).to_be_focused()
        expect(told).to_contain_text("Changes 1 sentence in 1 article")
        page.get_by_role("button", name="Count again").click()
        expect(page.locator("#outcome[aria-busy]")).to_have_count(0)
        expect(page.locator("#count-again")).to_be_focused()
        seat.press("Shift+Tab")
        page.locator("#accept").click()
        expect(page.locator("#next-case")).to_be_focused()
        expect(page.locator("#touching")).to_contain_text("Beever")
        expect(body).not_to_be_focused()


def test_new_reports_are_announced_and_move_nothing(browser: Browser, service: Running) -> None:
    clip = publish(service, "desk-news", "news", "Wymondham has an abbey. Costessey has none.")
    report(service, clip, "Wymondham")
    with workplace(browser, service) as seat:
        with seat.page.expect_response("**/staff/v1/cases/events"):
            seat.open("/staff?site=desk-news")
        expect(seat.page.locator("#queue tbody tr")).to_have_count(1)
        seat.page.wait_for_timeout(100)
        report(service, clip, "Costessey")
        news = seat.page.locator("#news a")
        expect(news).to_contain_text("new report", timeout=15_000)
        expect(seat.page.locator("#queue tbody tr")).to_have_count(1)
        news.click()
        expect(seat.page.locator("#queue tbody tr")).to_have_count(2)


def test_a_queue_that_missed_changes_says_so(browser: Browser, service: Running) -> None:
    report(service, publish(service, "desk-missed", "missed", "Wymondham has an abbey."), "Wymondham")
    opened = ["b-0", "a-7", "a-7"]  # before the last one, the service has started again
    with workplace(browser, service) as seat:
        link = seat.page.locator("#news a")
        hidden: list[bool] = []

        def stream(route: Route) -> None:
            hidden.append(not hidden or link.is_hidden())
            body = f"retry: 50\nid: {opened.pop()}\nevent: open\ndata: {{}}\n\n" if opened else ""
            route.fulfill(status=200 if body else 204, body=body, content_type="text/event-stream")

        seat.page.route("**/staff/v1/cases/events", stream)
        seat.open("/staff?site=desk-missed")
        expect(link).to_have_text("Cases may have changed: load them again")
        assert hidden[:3] == [True] * 3


def test_a_queue_whose_stream_was_refused_asks_again(browser: Browser, service: Running) -> None:
    report(service, publish(service, "desk-refused", "refused", "Wymondham has an abbey."), "Wymondham")
    answers = ["b-0", "", "a-7"]  # after the first one, too many streams are open
    with workplace(browser, service) as seat:
        seat.expected = "503"
        link = seat.page.locator("#news a")

        def stream(route: Route) -> None:
            event_id = answers.pop() if answers else ""
            body = f"retry: 50\nid: {event_id}\nevent: open\ndata: {{}}\n\n"
            route.fulfill(status=200 if event_id else 503, body=body, content_type="text/event-stream")

        seat.page.route("**/staff/v1/cases/events", stream)
        seat.page.clock.install()
        with seat.page.expect_response(lambda answer: answer.status == 503):
            seat.open("/staff?site=desk-refused")
        expect(link).to_be_hidden()
        with seat.page.expect_response("**/staff/v1/cases/events"):
            seat.page.clock.fast_forward(60_000)
        expect(link).to_have_text("Cases may have changed: load them again")


def test_everything_works_without_scripts(browser: Browser, service: Running) -> None:
    clip = publish(service, "desk-plain", "plain", "Godmanchester has a bridge.")
    report(service, clip, "Godmanchester")
    with workplace(browser, service, java_script_enabled=False) as seat:
        page = seat.page
        seat.open("/staff?site=desk-plain")
        page.get_by_role("checkbox").check()
        page.get_by_role("button", name="Confirm").click()
        expect(page.locator("#told")).to_contain_text("1 case confirmed.")
        page.get_by_role("link", name="Godmanchester", exact=True).click()
        page.get_by_label("Respelling", exact=True).fill("Gumster")
        page.get_by_role("button", name="Hear it").click()
        expect(page.locator(".compare mark").last).to_have_text("Gumster")
        page.get_by_role("button", name="See what it changes").click()
        page.get_by_role("button", name="Accept: correct 1 clip").click()
        expect(page.locator("#correction")).to_contain_text("Godmanchester → Gumster")
        until(lambda: revision(service, clip) == 2, 20, "the corrected clip")


def test_no_state_of_a_case_has_a_barrier_and_all_fit(browser: Browser, service: Running) -> None:
    """Every second state each: `make desk` looks at all of them in every light, width and two languages."""
    looks: list[tuple[Literal["light", "dark"], int]] = [("light", 1280), ("dark", 390)]
    reported_case(service, "desk-barriers")
    with workplace(browser, service, locale="de") as seat:
        for number, state in enumerate(from_queue_to_correction(seat, "desk-barriers")):
            scheme, width = looks[number % 2]
            seat.page.emulate_media(color_scheme=scheme)
            seat.page.set_viewport_size({"width": width, "height": 800})
            assert barriers(seat.page) == [], state
            assert seat.page.evaluate("() => document.documentElement.scrollWidth") <= width, state
