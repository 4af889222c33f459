"""Listening while it is made: at once, over a cut line, beyond what there is, and over to the finished file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, expect

from tests.parts import browser as chromium
from tests.parts.held_worker import held
from tests.parts.player_pages import Line, Seat, clip_of, seated
from tests.parts.service import Running
from tests.slow.test_journey import long_text

pytestmark = [
    pytest.mark.slow,
    chromium.NEEDED,
]
PLAYS = "player.sound.audio.currentTime > 0.05 && !player.sound.audio.paused"
ONE_PIECE = "player.sound.audio.buffered.length === 1 && player.sound.audio.buffered.start(0) < 0.1"


@pytest.fixture(scope="module", autouse=True)
def _warm(service: Running) -> None:
    """The voice is loaded before anybody listens to its first words."""
    clip_of(service, {"site": "g", "id": "warm", "title": "Warm", "language": "en", "text": "Hello there."}, None)


@contextmanager
def rendering(service: Running, name: str, sentences: int = 32) -> Iterator[tuple[str, Callable[[], None]]]:
    """The id of a clip that stands still after some sentences, and what lets it go on."""
    article = {
        "site": "g",
        "id": name,
        "title": f"The ferry {name}",
        "language": "en",
        "text": long_text(sentences, name),
    }
    job = service.post(article)
    with held(service, job["id"], 8) as go_on:
        yield str(job["clip"]["id"]), go_on


def test_it_plays_while_it_is_made_and_moves_over_to_the_finished_file(seat: Seat, service: Running) -> None:
    with rendering(service, "one") as (clip, go_on):
        seat.open(f"/listen/{clip}", state="rendering")
        seat.press()
        seat.wait(PLAYS)
        assert seat.ask("player.sound.live && player.sound.source !== null")
        expect(seat.page.get_by_text("Still being made:")).to_be_visible()
        seat.wait("player.readAlong?.places.length > 1 && player.sound.reach > 4")
        seat.ask("player.goTo(player.sound.reach + 1.5)")
        expect(seat.page.get_by_text("This part is still being made.")).to_be_visible()
        go_on()
        seat.wait(f"player.sound.wish === null && {PLAYS}", seconds=60)
        seat.ask("player.goTo(0.5)")
        seat.wait("player.sound.time < 4 && player.sound.time > 0.6 && !player.sound.audio.paused")
        seat.wait("player.state === 'ready' && !player.sound.live", seconds=60)
        before = seat.ask("player.sound.time")
        seat.wait(f"player.sound.time > {before} + 0.5 && player.sound.audio.src.endsWith('/r/1/audio.mp3')")


GESTURE_EACH = """
const load = HTMLMediaElement.prototype.load, play = HTMLMediaElement.prototype.play, blessed = new WeakSet();
window.presses = 0;
for (const kind of ["pointerdown", "click", "keydown"]) {
  addEventListener(kind, () => { presses++; setTimeout(() => presses--, 1000); }, true);
}
const pressed = (element) => presses && blessed.add(element);
HTMLMediaElement.prototype.load = function () { pressed(this); return load.call(this); };
HTMLMediaElement.prototype.play = function () {
  pressed(this);
  return blessed.has(this) ? play.call(this) : Promise.reject(new DOMException("no press", "NotAllowedError"));
};
"""
"""As Safari: an element plays once a press was for it. The browser's own record of presses counts a test's scripts."""
NO_OTHER = GESTURE_EACH.replace("prototype.load = function () { pressed(this);", "prototype.load = function () {")
"""A browser that wants a press for `play` itself."""


def test_a_browser_that_wants_a_press_for_each_element_moves_over_all_the_same(seat: Seat, service: Running) -> None:
    seat.page.add_init_script(GESTURE_EACH)
    with rendering(service, "gesture", 28) as (clip, go_on):
        seat.open(f"/embed/{clip}", state="rendering")
        seat.press()
        seat.wait(PLAYS)
        seat.wait("!presses")
        go_on()
        seat.wait(f"player.state === 'ready' && !player.sound.live && {PLAYS}", seconds=60)


def test_where_the_finished_file_may_not_begin_the_growing_one_goes_on(seat: Seat, service: Running) -> None:
    seat.page.add_init_script(NO_OTHER)
    with rendering(service, "refused", 28) as (clip, go_on):
        seat.open(f"/embed/{clip}", state="rendering")
        seat.press()
        seat.wait(PLAYS)
        seat.wait("!presses")
        go_on()
        seat.wait("player.state === 'ready'", seconds=60)
        at = seat.ask("player.sound.time")
        seat.wait(f"player.sound.time > {at} + 2 && {PLAYS}")
        assert seat.ask("player.sound.live")
        seat.press("Pause")
        seat.wait("!player.sound.live && player.sound.audio.src.endsWith('/r/1/audio.mp3')")
        seat.press("Play")
        seat.wait(f"player.sound.time > {at} + 2.2 && {PLAYS}")


def test_a_cut_line_goes_on_at_the_next_byte(seat: Seat, service: Running) -> None:
    with rendering(service, "cut") as (clip, go_on), closing(Line(service)) as line:
        seat.service = replace(service, url=line.url)
        seat.open(f"/embed/{clip}", state="rendering")
        seat.press()
        seat.wait(f"{PLAYS} && player.sound.reach > 4")
        line.break_off()
        seat.wait("player.problem === 'lost'", seconds=30)
        had = seat.ask("player.sound.reach")
        line.mend()
        go_on()
        seat.wait(f"player.sound.reach > {had} + 2 && {ONE_PIECE}", seconds=60)
        assert seat.ask("player.problem") is None


def test_three_listeners_follow_one_rendering(browser: Browser, service: Running) -> None:
    with (
        rendering(service, "three", 28) as (clip, go_on),
        seated(browser, service) as one,
        seated(browser, service) as two,
        seated(browser, service) as three,
    ):
        for seat in (one, two, three):
            seat.open(f"/embed/{clip}", state="rendering")
            seat.press()
        for seat in (one, two, three):
            seat.wait(f"{PLAYS} && {ONE_PIECE}")
        go_on()
        for seat in (one, two, three):
            seat.wait("player.state === 'ready'", seconds=60)
