"""The player as readers use it, in a real Chromium: pressed, heard, read along, by keyboard, in four languages."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.parts import browser as chromium
from tests.parts.barriers import barriers
from tests.parts.player_pages import TEXTS, Seat, clip_of, elsewhere, publisher_page, seated
from tests.parts.service import Running
from tts_service.narration import NOTICES

pytestmark = [
    pytest.mark.slow,
    chromium.NEEDED,
]
HTML = (
    "<h1>New bridge opens</h1><p>The harbour town of Elmsworth opened its new bridge on Monday. Dr. Ines Weir cut a "
    "blue ribbon.</p><h2>Who came</h2><p>Three hundred people came to see it. Cyclists may use the northern lane.</p>"
    "<h2>What follows</h2><p>Traffic starts tomorrow. The old ferry stops in spring, and its crew stays.</p>"
)
ARTICLE = {
    "site": "gazette",
    "id": "p1",
    "title": "New bridge opens",
    "language": "en",
    "html": HTML,
    "url": "https://gazette.example/bridge",
}
PLAYS = "player.sound.audio.currentTime > 0.2 && !player.sound.audio.paused"
HEARD = "() => document.querySelector('article-audio').sound.audio.currentTime > 0.2"


@pytest.fixture(scope="module")
def clip(service: Running) -> str:
    return clip_of(service, ARTICLE)


def page_with(tag: str, lang: str = "en", body: str = HTML) -> str:
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>Bridge</title>'
        '<script src="/player.js" type="module"></script></head><body><main>'
        f"{tag}<article>{body}</article></main></body></html>"
    )


def test_a_press_plays_and_another_one_pauses(seat: Seat, clip: str) -> None:
    seat.open(f"/listen/{clip}")
    assert not any("/audio." in url for url in seat.calls), "sound was fetched before anybody asked for it"
    seat.press()
    seat.wait(PLAYS)
    seat.press("Pause")
    seat.wait("player.sound.audio.paused")
    expect(seat.page.get_by_role("button", name="Play", exact=True)).to_be_visible()


@pytest.mark.parametrize("lang", ["en", "de", "fr", "es"])
def test_every_language_says_that_the_voice_is_artificial(seat: Seat, clip: str, lang: str) -> None:
    with publisher_page(seat, page_with(f'<article-audio clip="{clip}"></article-audio>', lang)) as path:
        page = seat.open(path)
        title, more, feedback, play = TEXTS[lang]
        expect(page.get_by_text(NOTICES[lang], exact=True)).to_be_visible()
        expect(page.get_by_role("region", name=title)).to_be_visible()
        expect(page.get_by_role("link", name=more, exact=True)).to_be_visible()
        expect(page.get_by_role("link", name=feedback, exact=True)).to_be_visible()
        expect(page.get_by_role("button", name=play, exact=True)).to_be_visible()


def test_texts_can_be_replaced_but_not_emptied(seat: Seat, clip: str) -> None:
    own = json.dumps({"title": "Hear <b>it</b>", "notice": "  "}).replace('"', "&quot;")
    with publisher_page(seat, page_with(f'<article-audio clip="{clip}" texts="{own}"></article-audio>')) as path:
        page = seat.open(path)
        expect(page.get_by_role("region", name="Hear <b>it</b>")).to_be_visible()
        expect(page.get_by_text(NOTICES["en"], exact=True)).to_be_visible()


@pytest.mark.parametrize(
    "tag",
    [
        '<article-audio site="gazette" article="p1"></article-audio>',
        '<link rel="canonical" href="https://gazette.example/bridge"><article-audio></article-audio>',
    ],
    ids=["site and article", "canonical address"],
)
def test_the_clip_is_found(seat: Seat, clip: str, tag: str) -> None:
    with publisher_page(seat, page_with(tag)) as path:
        seat.open(path)
        assert seat.ask("player.known.id") == clip


def test_a_page_without_a_clip_shows_nothing(seat: Seat) -> None:
    tag = '<article-audio clip="clip_unknown"><p>Fallback</p></article-audio>'
    with publisher_page(seat, page_with(tag)) as path:
        page = seat.open(path, state="none")
        assert page.locator("article-audio").bounding_box()["height"] == 0  # type: ignore[index]


def test_everything_can_be_done_by_keyboard_alone(seat: Seat, clip: str) -> None:
    page = seat.open(f"/listen/{clip}")
    page.locator("article-audio").evaluate("(player) => player.needMarks()")
    expect(page.locator("article-audio summary")).to_be_visible()
    seen = []
    for _ in range(14):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                """() => { let e = document.activeElement;
            while (e.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
            return [e.getAttribute("part") || e.tagName.toLowerCase(), getComputedStyle(e).outlineStyle]; }"""
            )
        )
    names = [name for name, _ in seen]
    for wanted in ("play", "seek", "back", "forward", "speed", "share", "summary", "more", "feedback", "span"):
        assert wanted in names, (wanted, names)
    assert all(outline != "none" for _, outline in seen[: names.index("feedback") + 1]), seen


def test_the_bar_moves_by_arrows_and_tells_where_it_is(seat: Seat, clip: str) -> None:
    page = seat.open(f"/listen/{clip}")
    seat.press()
    seat.wait(PLAYS)
    seat.press("Pause")
    bar = page.get_by_role("slider", name="Position")
    bar.focus()
    before = seat.ask("player.sound.time")
    page.keyboard.press("ArrowRight")
    assert 4.5 < seat.ask("player.sound.time") - before < 5.5
    assert "0:0" in str(bar.get_attribute("aria-valuetext"))
    assert " of " in str(bar.get_attribute("aria-valuetext"))
    page.keyboard.press("End")
    seat.wait("player.sound.time > player.all - 1.5")
    page.get_by_role("button", name="Back 15 seconds").click()
    seat.wait("player.sound.time < player.all - 12")


def test_speed_changes_the_rate_keeps_the_pitch_and_is_remembered(seat: Seat, clip: str) -> None:
    page = seat.open(f"/listen/{clip}")
    page.get_by_role("combobox", name="Speed").select_option("1.5")
    seat.press()
    seat.wait(PLAYS)
    assert seat.ask("[player.sound.audio.playbackRate, player.sound.audio.preservesPitch]") == [1.5, True]
    seat.open(f"/listen/{clip}")
    expect(page.get_by_role("combobox", name="Speed")).to_have_value("1.5")


def test_the_place_is_remembered_here_and_nowhere_else(seat: Seat, clip: str) -> None:
    page = seat.open(f"/listen/{clip}")
    seat.press()
    seat.wait(PLAYS)
    seat.ask("player.goTo(7)")
    seat.press("Pause")
    called = len(seat.calls)
    page.reload()
    page.locator("article-audio[state=ready]").wait_for()
    assert abs(seat.ask("player.sound.time") - 7) < 1
    assert page.context.cookies() == []
    told = [url for url in seat.calls[called - 1 :] if "t=" in url.partition("?")[2] or "7" in url.partition("?")[2]]
    assert told == []


def test_an_address_with_a_moment_begins_there(seat: Seat, clip: str) -> None:
    seat.open(f"/listen/{clip}#t=5")
    seat.press()
    seat.wait("player.sound.audio.currentTime > 5.1")


def test_one_player_at_a_time(seat: Seat, clip: str, service: Running) -> None:
    two = f'<article-audio clip="{clip}"></article-audio><article-audio clip="{clip}"></article-audio>'
    with publisher_page(seat, page_with(two)) as path:
        page = seat.open(path)
        page.locator("article-audio[state=ready]").nth(1).wait_for(state="attached")
        page.get_by_role("button", name="Play", exact=True).first.click()
        seat.wait(PLAYS)
        page.get_by_role("button", name="Play", exact=True).first.click()  # the second: the first one says Pause now
        seat.wait("player.sound.audio.paused && !document.querySelectorAll('article-audio')[1].sound.audio.paused")
    other = page.context.new_page()
    other.goto(f"{service.url}/listen/{clip}")
    other.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function("() => document.querySelectorAll('article-audio')[1].sound.audio.paused")


def test_the_sentence_and_word_that_sound_are_marked_and_enter_plays_from_one(seat: Seat, clip: str) -> None:
    page = seat.open(f"/listen/{clip}")
    seat.press()
    seat.wait(PLAYS)
    assert seat.ask("player.readAlong.places.every(Boolean)")
    seat.ask("player.goTo(player.marks.sentences[2].words[1].start_ms / 1000 + 0.05)")
    seat.press("Pause")
    marked = "[...CSS.highlights.get(given)].map((range) => range.toString())"
    seat.wait("CSS.highlights.has('article-audio-word') && player.readAlong.sentence === 2")
    assert seat.ask(marked, "article-audio-sentence") == [seat.ask("player.marks.sentences[2].text")]
    assert seat.ask(marked, "article-audio-word") == [seat.ask("player.marks.sentences[2].words[1].text")]
    page.locator(".said[tabindex='0']").focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    chosen = page.evaluate("() => document.activeElement.textContent")
    page.keyboard.press("Enter")
    seat.wait(PLAYS)
    assert seat.ask("player.marks.sentences[player.marks.sentenceAt(player.sound.time * 1000)].text") == chosen


def test_scrolling_follows_until_the_reader_scrolls(browser: Browser, service: Running, clip: str) -> None:
    with seated(browser, service, viewport={"width": 360, "height": 420}, reduced_motion="reduce") as seat:
        page = seat.open(f"/listen/{clip}")
        seat.press()
        seat.wait(PLAYS)
        seat.ask("player.goTo(player.marks.sentences.at(-1).start_ms / 1000 + 0.1)")
        page.wait_for_function("() => scrollY > 50")
        page.mouse.move(100, 300)
        page.mouse.wheel(0, -2000)
        page.wait_for_function("() => scrollY === 0")
        seat.ask("player.goTo(player.marks.sentences.at(-2).start_ms / 1000 + 0.1)")
        seat.wait("player.readAlong.sentence === player.marks.sentences.length - 2")
        assert page.evaluate("() => scrollY") == 0
        page.get_by_role("button", name="Back to the sentence being read").click()
        page.wait_for_function("() => scrollY > 50")


def test_a_withdrawn_clip_stops_and_says_so(seat: Seat, service: Running) -> None:
    clip = clip_of(service, ARTICLE | {"id": "gone", "url": "https://gazette.example/gone"})
    page = seat.open(f"/listen/{clip}")
    seat.press()
    seat.wait(PLAYS)
    with service.client() as client:
        assert client.delete("/v1/articles/gazette/gone").status_code in (200, 202, 204)
    seat.ask("player.refresh(0)")
    seat.wait("player.state === 'withdrawn' && player.sound.audio.paused")
    expect(page.get_by_text("This audio version is no longer available.")).to_be_visible()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_hidden()
    seat.ask("player.play()")
    assert seat.ask("player.sound.audio.paused && !player.sound.audio.getAttribute('src')")


def test_a_newer_revision_is_offered_and_begins_at_the_sentence_heard(seat: Seat, service: Running) -> None:
    article = ARTICLE | {"id": "new", "url": "https://gazette.example/new"}
    clip = clip_of(service, article)
    page = seat.open(f"/listen/{clip}")
    seat.press()
    seat.wait(PLAYS)
    seat.ask("player.goTo(player.marks.sentences.at(-2).start_ms / 1000 + 0.2)")
    heard = seat.ask("player.marks.sentences.at(-2).text")
    clip_of(service, article | {"html": HTML.replace("Dr. Ines Weir", "The mayor, who was late and in a hurry,")})
    seat.ask("player.refresh(0)")
    page.get_by_role("button", name="Play the new version").click()
    seat.wait("player.sound.audio.src.includes('/r/2/') && player.sound.audio.currentTime > 1")
    begin = seat.ask("player.marks.sentences.find((sentence) => sentence.text === given).start_ms / 1000", heard)
    assert 0 <= seat.ask("player.sound.time") - begin < 4


def test_a_lost_connection_goes_on_where_it_was(seat: Seat, clip: str) -> None:
    page = seat.open(f"/listen/{clip}")
    page.context.set_offline(True)
    seat.press()
    seat.wait("player.problem === 'lost'")
    expect(
        page.get_by_text("The connection is lost. Playback continues automatically when it is back.")
    ).to_be_visible()
    page.context.set_offline(False)
    seat.wait(PLAYS, seconds=30)


def test_without_scripts_nothing_is_missing(browser: Browser, service: Running, clip: str) -> None:
    with seated(browser, service, java_script_enabled=False) as seat:
        for path in (f"/listen/{clip}", f"/embed/{clip}"):
            seat.page.goto(service.url + path)
            expect(seat.page.locator("audio[controls]")).to_be_visible()
            expect(seat.page.get_by_text(NOTICES["en"], exact=True)).to_be_visible()
        seat.page.goto(f"{service.url}/listen/{clip}")
        expect(seat.page.get_by_text("Traffic starts tomorrow.")).to_be_visible()
        seat.page.get_by_role("link", name="Send feedback").click()
        expect(seat.page.locator("main form")).to_be_visible()


def test_a_frame_in_another_sites_page_plays(seat: Seat, clip: str, service: Running) -> None:
    html = f'<iframe src="{service.url}/embed/{clip}" allow="autoplay" width="320" height="300"></iframe>'
    with elsewhere(html) as address:
        seat.page.goto(address)
        seat.page.frame_locator("iframe").get_by_role("button", name="Play", exact=True).click()
        seat.page.frames[1].wait_for_function(HEARD)
        assert {url for url in seat.strangers if not url.startswith(address)} == set()
        seat.calls.clear()


def test_a_registered_sites_page_plays_marks_and_reports(seat: Seat, clip: str, service: Running) -> None:
    tag = f'<article-audio clip="{clip}" read-along="article"></article-audio>'
    html = page_with(tag).replace("/player.js", f"{service.url}/player.js")
    with elsewhere(html) as address:
        with service.client() as client:
            origins = {"origins": [address.rstrip("/")]}
            assert client.put("/v1/sites/gazette/origins", json=origins).status_code == 200
        seat.page.goto(address)
        seat.page.locator("article-audio[state=ready]").wait_for(timeout=20_000)
        seat.press()
        seat.wait("player.sound.audio.currentTime > 0.2 && player.readAlong?.places.every(Boolean)")
        seat.page.get_by_role("link", name="Send feedback").click()
        seat.page.get_by_label("Something else").check()
        seat.press("Send")
        expect(seat.page.get_by_text("Reference: R-")).to_be_visible()
        assert {url for url in seat.strangers if not url.startswith(address)} == set()
        seat.calls.clear()


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_stands_in_anybodys_way(browser: Browser, service: Running, clip: str, width: int, scheme: Any) -> None:
    with seated(
        browser, service, viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True
    ) as seat:
        found: dict[str, Any] = {}
        for path in (f"/listen/{clip}", f"/embed/{clip}", f"/about/{clip}", f"/feedback?clip={clip}"):
            seat.page.goto(service.url + path)
            if "/listen" in path or "/embed" in path:
                seat.page.locator("article-audio[state=ready]").wait_for()
                seat.ask("player.needMarks()")
                seat.wait("player.marks.sentences.length > 0")
            found[path] = barriers(seat.page)
            assert seat.page.evaluate("() => document.documentElement.scrollWidth") <= width, path
        seat.open(f"/listen/{clip}")
        seat.page.get_by_role("link", name="Send feedback").click()
        seat.page.get_by_role("dialog").wait_for()
        found["dialog"] = barriers(seat.page)
        assert {path: faults for path, faults in found.items() if faults} == {}
