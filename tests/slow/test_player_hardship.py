"""The player where things are not as they should be: strange pages, clocks, titles, networks, colours and aids."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.parts import browser as chromium
from tests.parts.player_aids import CONTROLS, DIALOG, PRESSABLE, colours, tree
from tests.parts.player_pages import Seat, clip_of, publisher_page, seated
from tests.parts.service import Running

pytestmark = [
    pytest.mark.slow,
    chromium.NEEDED,
]
TITLE = "<script>window.ran = 1</script> " + "Antidisestablishmentarianism" * 17 + " ends"
HTML = (
    "<h1>Ferry stops</h1><p>The old ferry stops in spring. Its crew stays on the river.</p><h2>Why now</h2>"
    "<p>The new bridge opened on Monday. Three hundred people came to see it.</p><h2>What follows</h2><p>It ends.</p>"
)
ARTICLE = {"site": "gazette", "id": "h1", "title": "Ferry stops", "language": "en", "html": HTML}
PLAYS = "player.sound.audio.currentTime > 0.2 && !player.sound.audio.paused"
YEARS_MS = 5 * 365 * 86_400_000


@pytest.fixture(scope="module")
def clip(service: Running) -> str:
    return clip_of(service, ARTICLE)


@pytest.fixture(scope="module")
def titled(service: Running) -> str:
    return clip_of(service, {"site": "gazette", "id": "h2", "title": TITLE, "language": "en", "text": "It ends."})


def tagged(clip: str, more: str = "", page: str = "") -> str:
    return (
        f'<!doctype html><html lang="en"{page}><meta charset="utf-8"><title>Ferry</title>'
        f'<script src="/player.js" type="module"></script><body><article-audio clip="{clip}"{more}></article-audio>'
        f"<article>{HTML}</article></body></html>"
    )


# --- pages and networks ---


def test_a_page_from_right_to_left_keeps_the_players_direction(seat: Seat, clip: str) -> None:
    with publisher_page(seat, tagged(clip, page=' dir="rtl"')) as path:
        page = seat.open(path)
        bar = page.get_by_role("slider", name="Position")
        box, play = bar.bounding_box(), page.get_by_role("button", name="Play", exact=True).bounding_box()
        assert box and play
        assert play["x"] < box["x"] + box["width"] / 2
        seat.press()
        seat.wait(PLAYS)
        seat.press("Pause")
        bar.focus()
        before = seat.ask("player.sound.time")
        page.keyboard.press("ArrowRight")
        assert seat.ask("player.sound.time") > before, "to the right is onward"
        page.mouse.click(box["x"] + box["width"] * 0.9, box["y"] + box["height"] / 2)
        seat.wait("player.sound.time > player.all * 0.7")
        assert seat.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("path", ["/listen/{}", "/embed/{}", "/about/{}", "/feedback?clip={}"])
def test_a_long_title_with_code_in_it_is_text_and_fits(
    browser: Browser, service: Running, titled: str, path: str
) -> None:
    with seated(browser, service, viewport={"width": 320, "height": 640}) as seat:
        seat.page.goto(service.url + path.format(titled))
        assert seat.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        expect(seat.page.get_by_text("<script>window.ran = 1</script>").first).to_be_attached()
        assert seat.page.evaluate("() => window.ran") is None
        if "listen" in path:
            seat.page.locator("article-audio[state=ready]").wait_for(state="attached")
            seat.press()
            seat.wait(PLAYS)
            assert seat.page.evaluate("() => navigator.mediaSession.metadata.title").startswith("<script>")


def test_until_the_service_answers_the_page_keeps_what_it_has(seat: Seat, clip: str) -> None:
    held: list[Route] = []
    seat.page.route(f"**/v1/clips/{clip}", lambda route: held.append(route))  # noqa: PLW0108  # no built-in is taken
    with publisher_page(seat, tagged(clip).replace("></article-audio>", "><p>Plain sound</p></article-audio>")) as path:
        page = seat.open(path, state="loading")
        expect(page.get_by_text("Plain sound")).to_be_visible()
        while not held:
            page.wait_for_timeout(10)
        held[0].continue_()
        page.locator("article-audio[state=ready]").wait_for()
        expect(page.get_by_text("Plain sound")).to_have_count(0)


def test_an_answer_that_is_none_is_asked_for_again(seat: Seat, clip: str) -> None:
    asked: list[str] = []

    def broken(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) < 2:
            route.fulfill(status=502, body="<html>Bad gateway")
        else:
            route.continue_()

    seat.page.route(f"**/v1/clips/{clip}", broken)
    seat.open(f"/listen/{clip}")
    assert len(asked) == 2


def test_a_browser_that_cannot_play_says_so(seat: Seat, clip: str) -> None:
    seat.page.add_init_script("HTMLMediaElement.prototype.canPlayType = () => ''")
    page = seat.open(f"/listen/{clip}")
    seat.press()
    expect(page.get_by_text("This browser can’t play the audio.")).to_be_visible()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_a_browser_that_wants_a_press_first_says_so(seat: Seat, clip: str) -> None:
    page = seat.open(f"/listen/{clip}")
    seat.page.evaluate("""() => { HTMLMediaElement.prototype.play = () =>
        Promise.reject(new DOMException("a gesture first", "NotAllowedError")); }""")
    seat.ask("player.play()")
    expect(page.get_by_text("Your browser wants you to press play yourself.")).to_be_visible()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()


@pytest.mark.parametrize("shift", [YEARS_MS, -YEARS_MS], ids=["ahead", "behind"])
def test_a_clock_that_is_years_off_changes_nothing(seat: Seat, clip: str, service: Running, shift: int) -> None:
    seat.page.add_init_script(f"window.shift = {shift}; const now = Date.now; Date.now = () => now() + window.shift")
    page = seat.open(f"/listen/{clip}")
    seat.press()
    seat.wait(PLAYS)
    seat.page.evaluate("() => { window.shift = 0; }")  # it is put right while it plays
    seat.ask("player.goTo(4)")
    seat.wait("player.sound.audio.currentTime > 4")
    seat.press("Pause")
    left = seat.ask("player.sound.time")
    page.get_by_role("link", name="Send feedback").click()
    page.get_by_label("Something else").check()
    seat.press("Send")
    expect(page.get_by_text("Reference: R-")).to_be_visible()
    page.reload()
    page.locator("article-audio[state=ready]").wait_for()
    assert abs(seat.ask("player.sound.time") - left) < 0.5


# --- colours, motion and aids ---


def test_forced_colours_leave_focus_bar_and_marks_to_be_seen(browser: Browser, service: Running, clip: str) -> None:
    with seated(browser, service, forced_colors="active") as seat:
        page = seat.open(f"/listen/{clip}")
        ground = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
        seat.press()
        seat.wait(f"{PLAYS} && player.marks.sentences.length > 3")
        seat.press("Pause")
        seat.ask("player.goTo(player.marks.sentences[1].words[1].start_ms / 1000 + 0.05)")
        seat.wait("CSS.highlights.has('article-audio-word') && player.readAlong.sentence === 1")
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        assert colours(seat, ".play:focus-visible", "outlineStyle")[0] == "solid"
        assert colours(seat, ".play:focus-visible", "outlineColor")[0] != ground
        assert colours(seat, ".play", "backgroundColor")[0] != colours(seat, ".play", "color")[0]
        assert colours(seat, "section", "borderTopStyle", "borderTopColor")[0] == "solid"
        assert colours(seat, "[part=seek]", "accentColor", "appearance")[1] == "auto", "drawn in the system's colours"
        word, sentence = (
            page.evaluate("(name) => getComputedStyle(document.querySelector('.said'), `::highlight(${name})`)", name)
            for name in ("article-audio-word", "article-audio-sentence")
        )
        assert word["backgroundColor"] != sentence["backgroundColor"]
        assert word["backgroundColor"] not in (ground, "rgba(0, 0, 0, 0)")


def test_reduced_motion_moves_the_page_at_once(browser: Browser, service: Running, clip: str) -> None:
    asked = {}
    for motion in ("reduce", "no-preference"):
        with seated(browser, service, viewport={"width": 360, "height": 420}, reduced_motion=motion) as seat:
            seat.page.add_init_script("""window.moves = []; for (const one of [Element.prototype, window])
                for (const name of ["scrollIntoView", "scrollTo", "scrollBy"]) if (one[name]) {
                  const own = one[name];
                  one[name] = function (given) { window.moves.push(given?.behavior); return own.call(this, given); };
                }""")
            seat.open(f"/listen/{clip}")
            seat.press()
            seat.wait(f"{PLAYS} && player.marks.sentences.length > 3")
            seat.ask("player.goTo(player.marks.sentences.at(-1).start_ms / 1000 + 0.05)")
            seat.wait("window.moves.some((behavior) => ['smooth', 'instant'].includes(behavior))")
            asked[motion] = seat.page.evaluate("() => window.moves.includes('smooth')")
    assert asked == {"reduce": False, "no-preference": True}


def test_every_control_has_role_name_and_state(seat: Seat, clip: str) -> None:
    more = ' download next-href="https://gazette.example/north" next-title="Ferries of the north"'
    with publisher_page(seat, tagged(clip, more)) as path:
        page = seat.open(path)
        seat.ask("player.needMarks()")
        expect(page.locator("article-audio summary")).to_be_visible()
        page.locator("article-audio summary").click()
        times = page.locator("article-audio ol button").all_inner_texts()
        assert len(times) == 3
        wanted = CONTROLS | {("button", text) for text in times}
        nodes = tree(seat)
        assert wanted - {(node["role"], node["name"]) for node in nodes} == set()
        assert {(node["role"], node["name"]) for node in nodes if node["role"] in PRESSABLE} <= wanted
        bar = next(node for node in nodes if node["name"] == "Position")
        assert bar["focusable"] is True
        # The protocol tells a range's number only.
        told = page.get_by_role("slider", name="Position").get_attribute("aria-valuetext")
        assert told and told.startswith("0:00 of 0:")
        assert next(node for node in nodes if node["name"] == "Chapters")["expanded"] is True
        seat.press()
        seat.wait(PLAYS)
        assert "Pause" in {node["name"] for node in tree(seat) if node["role"] == "button"}
        seat.press("Pause")


def test_every_control_of_the_report_has_role_name_and_state(seat: Seat, clip: str) -> None:
    page = seat.open(f"/listen/{clip}")
    page.get_by_role("link", name="Send feedback").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Somewhere here").wait_for()
    nodes = tree(seat)
    words = {("button", word) for word in seat.ask("player.marks.sentences[0].words.map((word) => word.text)")}
    wanted = DIALOG | words
    found = {(node["role"], node["name"]) for node in nodes}
    assert {("group" if role == "group" else role, name) for role, name in wanted} - found == set()
    assert {(node["role"], node["name"]) for node in nodes if node["role"] in PRESSABLE} <= wanted
    pressed = {node["name"]: node["pressed"] for node in nodes if "pressed" in node}
    assert [name for name, state in pressed.items() if state == "true"] == ["Somewhere here"]


def test_a_report_is_written_and_sent_by_keyboard_alone(seat: Seat, clip: str) -> None:
    page = seat.open(f"/listen/{clip}")
    page.get_by_role("link", name="Send feedback").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Somewhere here").wait_for()

    def onward(selector: str) -> None:
        for _ in range(40):
            if seat.ask("player.shadowRoot.activeElement?.matches(given)", selector):
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"no Tab leads to {selector}")

    onward("[data-word='1']")
    page.keyboard.press("Space")
    onward("[type=radio]")
    page.keyboard.press("Space")
    onward("#comment")
    page.keyboard.type("Said with a long o")
    onward("[part=send]")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Reference: R-")).to_be_visible()
    assert seat.ask("player.shadowRoot.activeElement.textContent") == "Close"
    page.keyboard.press("Escape")
    assert seat.ask("player.shadowRoot.activeElement?.getAttribute('part')") == "feedback"


def test_captions_are_a_track_of_what_sounds(seat: Seat, clip: str) -> None:
    seat.open(f"/embed/{clip}")
    seat.press()
    seat.wait(PLAYS)
    seat.wait("player.sound.audio.textTracks[0]?.cues?.length > 3")
    kind, language, first = seat.ask(
        "[player.sound.audio.textTracks[0].kind, player.sound.audio.textTracks[0].language,"
        " player.sound.audio.textTracks[0].cues[1].text]"
    )
    assert (kind, language) == ("captions", "en")
    assert "ferry" in first
