"""Pictures of the player: playing in light and dark, on a phone, in German, its report, and all its states at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Route

from tests.parts.player_pages import Seat, clip_of, publisher_page, seated
from tests.parts.service import Running

GERMAN = {
    "site": "ellery-courier",
    "id": "de",
    "title": "Die Stadt pflanzt tausend Bäume",
    "language": "de",
    "text": "Im Herbst beginnt es am Nordufer, und die Anwohner dürfen mitreden.\n\nBis zum 3. Oktober sollen die "
    "ersten 120 Bäume stehen, sagte Baurätin Dr. Ute Kern. „Wir fangen dort an, wo es am heißesten ist“, sagte sie.\n\n"
    "Gepflanzt werden Feldahorn, Zürgelbaum und Silberlinde – Arten, die Hitze vertragen. Ein Baum kostet "
    "rund 1.400 €.",
}
STATES = ("rendering", "updated", "lost", "withdrawn", "failed")


def take(browser: Browser, service: Running, clip: str, folder: Path) -> None:
    """Every picture, into a folder."""
    wide, phone = {"width": 760, "height": 600}, {"width": 360, "height": 740}
    german = clip_of(service, GERMAN, "pyttsx3:de")
    for name, shown, screen, scheme in (
        ("light", clip, wide, "light"),
        ("dark", clip, wide, "dark"),
        ("phone", clip, phone, "light"),
        ("de", german, wide, "light"),
    ):
        with seated(
            browser, service, viewport=screen, color_scheme=scheme, has_touch=screen is phone, is_mobile=screen is phone
        ) as seat:
            playing(seat, shown, "Abspielen" if name == "de" else "Play")
            seat.page.screenshot(path=folder / f"listen-player-{name}.png")
    with seated(browser, service, viewport={"width": 620, "height": 760}) as seat:
        playing(seat, clip, "Play")
        seat.page.get_by_role("link", name="Send feedback").click()
        seat.page.locator("dialog button[data-word='3']").click()
        seat.page.screenshot(path=folder / "listen-player-report.png")
    states(browser, service, clip, folder / "listen-player-states.png")


def playing(seat: Seat, clip: str, play: str) -> None:
    """In the middle of a sentence of the text."""
    seat.open(f"/listen/{clip}")
    seat.press(play)
    seat.wait("player.readAlong?.places.length > 3 && player.sound.audio.currentTime > 0.1")
    seat.ask("player.readAlong.follow = false")
    seat.ask("player.goTo(player.marks.sentences[3].words[4].start_ms / 1000 + 0.05)")
    seat.wait("player.readAlong.sentence === 3 && player.readAlong.word > 2")
    seat.page.evaluate("() => scrollTo(0, 0)")


def states(browser: Browser, service: Running, clip: str, path: Path) -> None:
    """All states below each other, by descriptions that say so."""
    with seated(browser, service, viewport={"width": 560, "height": 900}) as seat:
        with service.client() as client:
            known = client.get(f"/v1/clips/{clip}").json()

        def told(route: Route) -> None:
            name = route.request.url.rsplit("/", 1)[1]
            told: dict[str, Any] = known | {"id": name}
            if name == "rendering":
                told |= {"state": "rendering", "progress": {"done": 12, "total": 49}, "duration_ms": None}
            if name == "failed":
                told |= {"state": "failed"}
            gone = name == "withdrawn"
            route.fulfill(
                status=404 if gone else 200,
                body=json.dumps({"state": "withdrawn"} if gone else told),
                content_type="application/json",
            )

        seat.page.route("**/v1/clips/*", told)
        tags = "".join(f'<p>{name}</p><article-audio clip="{name}"></article-audio>' for name in STATES)
        html = (
            '<!doctype html><html lang="en"><meta charset="utf-8"><script src="/player.js" type="module"></script>'
            f'<body style="font:14px system-ui">{tags}</body></html>'
        )
        with publisher_page(seat, html) as address:
            seat.page.goto(seat.service.url + address)
            seat.page.locator("article-audio[state=failed]").wait_for()
            seat.page.evaluate("""() => {
              const of = (name) => document.querySelector(`article-audio[clip=${name}]`);
              Object.assign(of("updated"), { newer: 2, changedSince: true }).update();
              Object.assign(of("lost"), { problem: "lost" }).update();
            }""")
            seat.page.screenshot(path=path, full_page=True)
