"""Reports from the player: they land on the word that was chosen, they wait for a connection, they are sent once."""

from __future__ import annotations

import random
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.parts import browser as chromium
from tests.parts.player_pages import Seat, clip_of
from tests.parts.service import Running, until

pytestmark = [
    pytest.mark.slow,
    chromium.NEEDED,
]
TEXT = (
    "On 3 May, Dr. Ines Weir paid £3.5m for the “Elmsworth” bridge. It is 212 m long. Really? Yes.\n\n"
    "The soft\u00adhyphen in this sentence is not heard. Trains (two of them) cross it at 6:45 a.m. every day.\n\n"
    "Nobody fell in, said Anna-Maria O'Neill. She waited nine months for it, and so did I."
)
ARTICLE = {"site": "gazette", "id": "r1", "title": "New bridge opens", "language": "en", "text": TEXT}


@pytest.fixture(scope="module")
def clip(service: Running) -> str:
    return clip_of(service, ARTICLE)


def reports(service: Running) -> list[dict[str, Any]]:
    """Newest first."""
    with service.client() as client:
        found: list[dict[str, Any]] = client.get("/v1/reports").json()["reports"]
    return found


def chosen(seat: Seat, sentence: int, word: int) -> None:
    """Open the dialog somewhere in a sentence and choose a word of it."""
    seat.ask("player.goTo(player.marks.sentences[given].start_ms / 1000 + 0.15)", sentence)
    seat.page.get_by_role("link", name="Send feedback").click()
    seat.page.locator(f"dialog button[data-word='{word}']").click()
    seat.page.get_by_label("A word is pronounced wrongly").check()


def test_a_report_lands_on_the_chosen_word(seat: Seat, clip: str, service: Running) -> None:
    seat.open(f"/listen/{clip}")
    seat.ask("player.needMarks()")
    seat.wait("player.marks.sentences.length > 5")
    words = seat.ask(
        "player.marks.sentences.flatMap((said, s) => said.words.map((word, w) => [s, w, word.token, said.text]))"
    )
    for sentence, word, token, text in random.Random(5).sample(words, 4):
        chosen(seat, sentence, word)
        seat.press("Send")
        expect(seat.page.get_by_text("Reference: R-")).to_be_visible()
        kept = reports(service)[0]
        assert (kept["token"], kept["sentence"], kept["revision"]) == (token, text, 1)
        assert kept["utterance"] == sentence
        seat.press("Close")


def test_the_sentence_before_can_be_meant(seat: Seat, clip: str, service: Running) -> None:
    seat.open(f"/listen/{clip}")
    seat.ask("player.needMarks()")
    seat.wait("player.marks.sentences.length > 5")
    chosen(seat, 3, 0)
    seat.press("Sentence before")
    seat.press("Send")
    expect(seat.page.get_by_text("Reference: R-")).to_be_visible()
    assert (reports(service)[0]["utterance"], reports(service)[0]["token"]) == (2, None)


def test_a_long_comment_is_refused_kindly_and_nothing_is_lost(seat: Seat, clip: str, service: Running) -> None:
    before = len(reports(service))
    page = seat.open(f"/listen/{clip}")
    page.get_by_role("link", name="Send feedback").click()
    seat.press("Send")
    expect(page.get_by_text("Please choose what you heard.")).to_be_visible()
    page.get_by_label("Something else").check()
    page.get_by_label("What should it be?").fill("x" * 10_000)
    seat.press("Send")
    expect(page.get_by_text("Your comment is too long. Characters over the limit: 9000.")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Send feedback").click()
    assert len(page.get_by_label("What should it be?").input_value()) == 10_000
    assert len(reports(service)) == before


def test_a_report_without_a_connection_is_sent_later_and_once(seat: Seat, clip: str, service: Running) -> None:
    page = seat.open(f"/listen/{clip}")
    seat.ask("player.needMarks()")
    seat.wait("player.marks.sentences.length > 5")
    before = len(reports(service))
    with page.expect_event("requestfinished", lambda request: "/player-report.js" in request.url):
        seat.press()  # what is needed to report is here from the first press of play on
    page.context.set_offline(True)
    chosen(seat, 2, 1)
    seat.press("Send")
    expect(page.get_by_text("Your report is kept here and sent when it is back.")).to_be_visible()
    assert len(reports(service)) == before
    page.context.set_offline(False)
    until(lambda: len(reports(service)) == before + 1, 30, "the report arrived")
    page.reload()
    page.locator("article-audio[state=ready]").wait_for()
    assert seat.page.evaluate("() => JSON.parse(localStorage['article-audio:reports'])") == []
    assert len(reports(service)) == before + 1


def test_a_form_that_cannot_be_loaded_opens_as_a_page(seat: Seat, clip: str) -> None:
    seat.page.route("**/player-report.js*", lambda route: route.abort())
    page = seat.open(f"/listen/{clip}")
    seat.ask("player.goTo(5)")
    page.get_by_role("link", name="Send feedback").click()
    expect(page.get_by_text("The form could not be loaded. Press again to open it as a page.")).to_be_visible()
    page.get_by_role("link", name="Send feedback").click()
    expect(page.get_by_label("Where in the audio?")).to_have_value("5")
    assert f"/feedback?clip={clip}&r=1&t=5" in page.url


def test_nothing_of_the_report_is_loaded_before_it_can_be_needed(seat: Seat, clip: str) -> None:
    seat.open(f"/listen/{clip}")
    seat.ask("player.needMarks()")
    seat.wait("player.marks.sentences.length > 5")
    assert not any("player-report" in url for url in seat.calls)


def keeping(seat: Seat, clip: str, *, key: str, **body: Any) -> None:
    """Leave a report in the browser, as one that was written without a connection."""
    kept: dict[str, Any] = {"id": key, "said": "It is 212 m long."}
    kept["body"] = {"clip": clip, "revision": 1, "category": "other", "position_ms": 2500, "comment": "kept"} | body
    seat.page.evaluate("(kept) => localStorage['article-audio:reports'] = JSON.stringify([kept])", kept)


def left(seat: Seat) -> Any:
    return seat.page.evaluate("() => JSON.parse(localStorage['article-audio:reports'])")


def test_a_token_that_is_not_taken_any_more_is_renewed(seat: Seat, clip: str, service: Running) -> None:
    seat.open(f"/listen/{clip}")
    seat.ask("player.needMarks()")
    seat.wait("player.marks.sentences.length > 5")
    seat.ask("player.known.feedback_token = 'of another day'")
    chosen(seat, 1, 0)
    seat.press("Send")
    expect(seat.page.get_by_text("Reference: R-")).to_be_visible()
    version = seat.page.evaluate(
        "async () => (await (await fetch('/player.js')).text()).match(/VERSION = \"(\\w+)\"/)[1]"
    )
    assert reports(service)[0]["player"] == version


def test_two_tabs_send_a_kept_report_once(seat: Seat, clip: str, service: Running) -> None:
    page = seat.open(f"/listen/{clip}")
    before = len(reports(service))
    keeping(seat, clip, key="two-tabs-one-report")
    with page.context.new_page() as other:
        other.goto(service.url + f"/listen/{clip}")
        page.reload()
        for tab in (page, other):
            tab.wait_for_function("() => localStorage['article-audio:reports'] === '[]'", polling=50)
    until(lambda: len(reports(service)) == before + 1, 15, "the report arrived")
    keeping(seat, clip, key="two-tabs-one-report")  # as if the answer had been lost
    page.reload()
    page.wait_for_function("() => localStorage['article-audio:reports'] === '[]'", polling=50)
    expect(page.get_by_text("Your earlier report has been sent.")).to_be_visible()
    assert len(reports(service)) == before + 1


def test_a_kept_report_that_is_refused_is_shown_and_stays(seat: Seat, clip: str, service: Running) -> None:
    page = seat.open(f"/listen/{clip}")
    keeping(seat, "clip_gone", key="of-a-clip-that-is-gone")
    page.reload()
    expect(page.get_by_text("The report was not accepted: this audio version was withdrawn.")).to_be_visible()
    assert left(seat)[0]["why"] == "gone"
    seat.press("Show it")
    expect(page.get_by_role("dialog").get_by_role("textbox")).to_have_value("It is 212 m long.\nSomething else\nkept")
    seat.press("Copy")
    expect(page.get_by_text("The text is selected: copy it by hand.").or_(page.get_by_text("Copied."))).to_be_visible()
    before = len(reports(service))
    kept = left(seat)[0]
    page.evaluate(
        "(kept) => localStorage['article-audio:reports'] = JSON.stringify([kept])",
        kept | {"body": kept["body"] | {"clip": clip}},
    )
    page.reload()
    seat.press("Show it")
    seat.press("Send again")
    expect(page.get_by_text("Your earlier report has been sent.")).to_be_visible()
    assert (len(reports(service)), left(seat)) == (before + 1, [])


def test_a_browser_that_keeps_nothing_says_so(seat: Seat, clip: str) -> None:
    seat.page.add_init_script(
        "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }"
    )
    page = seat.open(f"/listen/{clip}")
    page.get_by_role("link", name="Send feedback").click()
    page.get_by_label("Something else").check()
    page.context.set_offline(True)
    seat.press("Send")
    expect(page.get_by_text("this browser can’t keep it. Please try again.")).to_be_visible()
    page.context.set_offline(False)
    seat.press("Send")
    expect(page.get_by_text("Reference: R-")).to_be_visible()


def test_before_and_after_of_a_corrected_report_can_be_heard(seat: Seat, service: Running) -> None:
    article = ARTICLE | {"id": "r2"}
    clip = clip_of(service, article)
    seat.open(f"/listen/{clip}")
    seat.ask("player.needMarks()")
    seat.wait("player.marks.sentences.length > 5")
    chosen(seat, 2, 1)
    seat.press("Send")
    expect(seat.page.get_by_text("Reference: R-")).to_be_visible()
    reference = reports(service)[0]["reference"]
    clip_of(service, article | {"text": TEXT.replace("It is 212 m long.", "It is 312 m long.")})
    with service.client() as client:
        assert client.patch(f"/v1/reports/{reference}", json={"state": "corrected"}).status_code == 200
    page = seat.page
    page.goto(f"{service.url}/feedback/{reference}")
    expect(page.get_by_text("Corrected in revision 2, ")).to_be_visible()
    for name in ("Before the correction", "After the correction"):
        sound = page.locator(f"audio[aria-labelledby='{'before' if 'was' in name else 'after'}']")
        expect(page.get_by_role("heading", name=name)).to_be_visible()
        sound.evaluate("(audio) => { audio.preload = 'auto'; audio.load(); }")
        began = "([one]) => one.readyState > 1 && one.currentTime > 1"
        page.wait_for_function(began, arg=[sound.element_handle()])
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response
    assert [violation["id"] for violation in found["violations"]] == []
