"""What a player tells of how far it was heard: in a real Chromium, counted by the real service."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import Request

from tests.parts import browser as chromium
from tests.parts.player_pages import Seat, clip_of
from tests.parts.service import Running, until

pytestmark = [
    pytest.mark.slow,
    chromium.NEEDED,
]
WHOLE = {"start": 1, "quarter": 1, "half": 1, "three_quarters": 1, "end": 1}
QUIET = {
    "Do Not Track": "Object.defineProperty(Navigator.prototype, 'doNotTrack', { get: () => '1' })",
    "Global Privacy Control": "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true })",
}


def made(service: Running, name: str, text: str) -> str:
    return clip_of(service, {"site": "quay", "id": name, "title": "Ferry", "language": "en", "text": text})


def counted(service: Running, clip: str) -> dict[str, int]:
    """The counters themselves: what is told of so few listeners would be nothing."""
    with closing(sqlite3.connect(service.data / "tts.sqlite3", timeout=30)) as kept:
        return dict(kept.execute("SELECT what, sum(times) FROM listening WHERE clip_id = ? GROUP BY what", (clip,)))


def beacons(seat: Seat) -> list[Request]:
    """Everything that is sent to the counting address from now on."""
    found: list[Request] = []
    seat.page.on("request", lambda request: found.append(request) if "/v1/listening" in request.url else None)
    return found


def hear_all(seat: Seat, clip: str, rate: int = 1) -> None:
    seat.open(f"/embed/{clip}")
    seat.ask("player.faster(given)", rate)
    seat.press()
    seat.wait("player.sound.audio.ended", 30)


def test_who_hears_it_all_counts_once_at_each_milestone(seat: Seat, service: Running) -> None:
    clip = made(service, "whole", "The ferry runs again.")
    sent = beacons(seat)
    hear_all(seat, clip)
    until(lambda: "end" in counted(service, clip), 15, "the beacon is counted")
    seat.page.goto("about:blank")
    assert counted(service, clip) == WHOLE | {"speed:1": 1}
    (request,) = sent
    told = json.loads(request.post_data or "")
    assert set(told) == {"clip", "revision", "clip_token", "reached", "speed"}
    assert "cookie" not in request.headers


def test_who_goes_is_counted_at_the_sentence_they_heard(seat: Seat, service: Running) -> None:
    clip = made(service, "left", "The ferry runs again. Four hundred commuters used the first boats. " * 3)
    seat.open(f"/listen/{clip}")
    seat.page.get_by_role("combobox", name="Speed").select_option("1.5")
    seat.press()
    seat.wait("player.marks.sentences.length > 3 && player.sound.audio.currentTime > 0")
    seat.ask("player.goTo(player.marks.sentences[2].start_ms / 1000 + 0.05)")
    seat.press("Pause")
    at = seat.ask("player.marks.sentenceAt(player.sound.time * 1000)")
    seat.page.goto("about:blank")
    until(lambda: bool(counted(service, clip)), 15, "the beacon is counted")
    told = counted(service, clip)
    assert {name: told[name] for name in told if name.partition(":")[0] in ("start", "speed", "left")} == {
        "start": 1,
        "speed:1.5": 1,
        f"left:{at}": 1,
    }
    assert "end" not in told
    # Nothing was kept in the browser but the player's own places, and no cookie.
    seat.page.goto(f"{service.url}/listen/{clip}")
    assert seat.page.context.cookies() == []
    names = seat.page.evaluate("() => Object.keys(localStorage)")
    assert set(names) <= {"article-audio:places", "article-audio:rate"}


@pytest.mark.parametrize("wish", QUIET)
def test_nothing_is_sent_where_the_listener_asks_for_that(seat: Seat, service: Running, wish: str) -> None:
    clip = made(service, "quiet", "The ferry runs again.")
    seat.page.add_init_script(QUIET[wish])
    sent = beacons(seat)
    hear_all(seat, clip, 2)
    seat.page.goto("about:blank")
    assert sent == []
    assert counted(service, clip) == {}


def test_nothing_is_sent_where_the_site_asks_for_that(seat: Seat, service: Running) -> None:
    clip = made(service, "off", "The ferry runs again.")
    sent = beacons(seat)
    with service.client() as client:
        assert client.put("/v1/sites/quay/options", json={"listening": False}).status_code == 200
    hear_all(seat, clip, 2)
    seat.page.goto("about:blank")
    assert sent == []
