"""What guides promise of Ghost, Directus and Strapi, on real ones.

`python -m tests.measure.cms.headless_points [NAME …]`. Each is set up by the commands of its guide, with a real
service beside it; readers are requests without cookies and a browser. With `--pictures` the pages of the guides are
pictured anew.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import sync_playwright

from tests.measure.cms import directus, ghost, strapi
from tests.measure.cms.driver import Address, Posted
from tests.measure.cms.line import Line, Mode, line_to
from tests.measure.cms.npm import free_port
from tests.parts import browser
from tests.parts.places import ROOT
from tests.parts.service import Running, running

DRIVERS = (ghost, directus, strapi)
SITE = "gazette"
DOCS = ROOT / "docs" / "cms"
VOICE = "pyttsx3:en"
_TITLE = "Railway to Oberau runs again"
_TEXT = (
    "<p>The little railway between Velden and Oberau runs again after eleven weeks.</p>"
    "<p>Engineers replaced forty metres of track below the Kaltbach bridge.</p>"
    "<p>The first train left at six with thirty people on board.</p>"
)
_WITHIN_S = 60.0
_QUIET_S = 4.0
"""Seconds in which something that must not happen would have happened."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A CMS, the service, and a stranger who listens."""

    name: str
    cms: Any
    service: Running
    stranger: httpx.Client
    line: Line
    hook_id: str
    pictures: bool

    def clips(self, posted: Posted) -> list[dict[str, Any]]:
        """What a stranger finds for the article, by its id or by its address."""
        named: tuple[dict[str, str], ...] = ({"site": SITE, "article": posted.id}, {"url": posted.url})
        answers = [self.stranger.get("/v1/clips", params=names).json()["clips"] for names in named]
        return list({clip["id"]: clip for clips in answers for clip in clips}.values())

    def text(self, posted: Posted) -> str:
        """What a stranger can hear of it; nothing: silence."""
        for clip in self.clips(posted):
            sound = self.stranger.get(f"/v1/clips/{clip['id']}/audio.mp3", follow_redirects=True)
            said = self.stranger.get(f"/v1/clips/{clip['id']}/transcript")
            if sound.status_code == 200 and len(sound.content) > 1000 and said.status_code == 200:
                return said.text
        return ""

    def until(self, posted: Posted, is_so: Callable[[str], bool], what: str) -> float:
        """Seconds until what is heard is as expected."""
        began = time.monotonic()
        while not is_so(self.text(posted)):
            if time.monotonic() - began > _WITHIN_S:
                raise AssertionError(f"not within {_WITHIN_S:.0f} s: {what}\n{self._events()}")
            time.sleep(0.2)
        return time.monotonic() - began

    def stays(self, posted: Posted, is_so: Callable[[str], bool], what: str) -> None:
        until = time.monotonic() + _QUIET_S
        while time.monotonic() < until:
            if not is_so(self.text(posted)):
                raise AssertionError(f"{what}\n{self._events()}")
            time.sleep(0.3)

    def published(self, title: str = _TITLE, html: str = _TEXT) -> Posted:
        posted: Posted = self.cms.publish(title, html)
        self.until(posted, bool, "the article is heard")
        return posted

    def command(self, *words: str) -> str:
        return _command(self.service, *words)

    def _events(self) -> str:
        return self.command("hooks", "events")[:2000]


def trial(desk: Desk) -> str:
    """`hooks test` works through the CMS's own API"""
    said = desk.command("hooks", "test", desk.hook_id, "--to", desk.service.url)
    return " / ".join(said.splitlines()[:2])


def good_way(desk: Desk) -> str:
    """published, changed: heard, by hook and page as the guide says"""
    began = time.monotonic()
    posted = desk.published()
    heard = time.monotonic() - began
    desk.cms.change(posted, _TEXT.replace("thirty people", "forty people"))
    changed = desk.until(posted, lambda text: "forty people" in text, "the change is heard")
    return f"heard after {heard:.1f} s, its change after {changed:.1f} s"


def every_state(desk: Desk) -> str:
    """every state that the CMS knows silences the article, and being public brings it back"""
    slowest = 0.0
    states = [state for state, reason in desk.cms.states.items() if not reason and state != "public"]
    for state in sorted(states, key=lambda state: state in ("trash", "locale removed")):
        posted = desk.published(f"An article for {state}")
        desk.cms.put(posted, state)
        slowest = max(slowest, desk.until(posted, lambda text: not text, f"{state} is silent"))
        if state in ("trash", "locale removed"):
            continue
        desk.cms.put(posted, "public")
        desk.until(posted, bool, f"public again after {state}")
    return f"{', '.join(states)}: silent after {slowest:.1f} s at most"


def lost_webhook(desk: Desk) -> str:
    """a lost webhook is made up for: the API is asked about the known article"""
    posted = desk.published("An article whose webhook is lost")
    desk.line.mode = Mode.DROP
    try:
        desk.cms.put(posted, "draft")
        desk.stays(posted, bool, "the webhook came although the line was cut")
    finally:
        desk.line.mode = Mode.PASS
    desk.command("sites", "checks", SITE, "start")
    took = desk.until(posted, lambda text: not text, "the check finds the draft")
    return f"silent {took:.1f} s after the round was begun"


def plays(desk: Desk) -> str:
    """it plays on the page"""
    path = browser.find()
    if path is None:
        raise NotImplementedError("no Chromium on this machine")
    posted = desk.published("Trains cross the Kaltbach bridge again")
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        try:
            page = chromium.new_page(viewport={"width": 900, "height": 640})
            page.goto(posted.url, wait_until="load")
            page.locator("article-audio[state=ready]").wait_for(timeout=30_000)
            page.get_by_role("button", name="Play", exact=True).click()
            page.wait_for_function(_PLAYS, timeout=30_000)
            if desk.pictures:
                page.screenshot(path=DOCS / f"{desk.name}.png")
        finally:
            chromium.close()
    return "pressed play in Chromium, and it played"


# --- Ghost alone ---


def ghost_cards(desk: Desk) -> str:
    """a card for members and an e-mail card are silent, the excerpt is spoken"""
    posted = desk.cms.publish_with(
        {"title": "Cards", "lexical": _lexical(), "custom_excerpt": "Eleven weeks after the landslide."}
    )
    desk.until(posted, bool, "the article is heard")
    said = desk.text(posted)
    expect([part for part in ("Eleven weeks after", "For everybody.", "At the end.") if part not in said], [])
    expect([part for part in ("For members.", "For the letter.", "Buy the map") if part in said], [])
    return "4 cards"


def _lexical() -> str:
    everybody = "status:free,status:-free"

    def card(html: str, *, visitors: bool) -> dict[str, Any]:
        web = {"nonMember": visitors, "memberSegment": everybody}
        return {
            "type": "html",
            "version": 1,
            "html": html,
            "visibility": {"web": web, "email": {"memberSegment": everybody}},
        }

    cards: list[dict[str, Any]] = [
        card("<p>For everybody.</p>", visitors=True),
        card("<p>For members.</p>", visitors=False),
        {"type": "email", "version": 1, "html": "<p>For the letter.</p>"},
        {
            "type": "product",
            "version": 1,
            "productTitle": "Railway map",
            "productDescription": "<p>At the end.</p>",
            "productButtonEnabled": True,
            "productButton": "Buy the map",
            "productUrl": "https://shop.example/map",
        },
    ]
    root = {"children": cards, "direction": "ltr", "format": "", "indent": 0, "type": "root", "version": 1}
    return json.dumps({"root": root})


# --- Directus alone ---


def directus_order(desk: Desk) -> str:
    """archived, published, archived within a minute ends archived; text A, B, A ends with A"""
    posted = desk.published()
    for state in ("draft", "public", "draft"):
        desk.cms.put(posted, state)
    desk.until(posted, lambda text: not text, "it ends archived")
    desk.stays(posted, lambda text: not text, "it came back")
    desk.cms.put(posted, "public")
    desk.until(posted, bool, "public again")
    for text in (_TEXT, _TEXT.replace("thirty", "ninety"), _TEXT):
        desk.cms.change(posted, text)
    desk.until(posted, lambda text: "thirty people" in text, "it ends with the first text")
    desk.stays(posted, lambda text: "thirty people" in text, "another text came")
    return "both"


# --- Strapi alone ---


def strapi_versions(desk: Desk) -> str:
    """a draft saved over a live article is silent; unpublishing German leaves English"""
    english = desk.published()
    german = desk.cms.publish_in("de", "Die Bahn fährt wieder", "<p>Nach elf Wochen fährt die Bahn.</p>", english)
    desk.until(german, lambda text: "elf Wochen" in text, "German is heard")
    desk.cms.save(english, {"body": "<p>Nobody may know this yet.</p>"})
    desk.stays(english, lambda text: "thirty people" in text, "the draft was spoken")
    desk.cms.unpublish_in("de", german)
    desk.until(german, lambda text: not text, "German is silent")
    desk.stays(english, lambda text: "thirty people" in text, "English went too")
    return "both"


OWN = {"ghost": (ghost_cards,), "directus": (directus_order,), "strapi": (strapi_versions,)}
POINTS = (trial, good_way, every_state, lost_webhook, plays)
_PLAYS = "() => document.querySelector('article-audio').sound.audio.currentTime > 0.2"


def expect(found: object, wanted: object) -> None:
    if found != wanted:
        raise AssertionError(f"{found!r} instead of {wanted!r}")


@contextmanager
def set_up(driver: Any, folder: Path, *, pictures: bool) -> Iterator[Desk]:
    """The CMS and the service, connected as the guide says."""
    with driver.started(folder / "cms") as cms:
        pages = [cms.hook_options["api_url"], *filter(None, [cms.hook_options.get("url")])]
        hosts = ",".join(dict.fromkeys(urlsplit(page).netloc for page in pages))
        with running(
            folder / "data", allow_hosts=hosts, warm_voices="", fetch_pause_s=0.1, port=free_port()
        ) as service:
            options = {"voice": VOICE, **cms.hook_options}
            said = _command(
                service,
                *("hooks", "add", driver.SOURCE, "--site", SITE),
                *(word for name in cms.hook_types for word in ("--type", name)),
                *(word for pair in cms.hook_fields.items() for word in ("--field", "=".join(pair))),
                *(word for pair in options.items() for word in ("--set", "=".join(pair))),
            )
            _command(service, "sites", "origins", SITE, *(f"http://{host}" for host in hosts.split(",")))
            found = re.search(r"(/v1/webhooks/\S+)", said)
            secret = re.search(r"(?:Secret: +|Bearer )(\S+)", said)
            assert found and secret, said
            with line_to(service.url) as line, httpx.Client(base_url=service.url, trust_env=False) as stranger:
                cms.connect(Address(url=service.url, hook_url=line.url + found[1], secret=secret[1], site=SITE))
                yield Desk(driver.NAME, cms, service, stranger, line, found[1].rpartition("/")[2], pictures)


def _command(service: Running, *words: str) -> str:
    """The command line of the guide."""
    environment = {**os.environ, "TTS_DATA_DIR": str(service.data), "TTS_PUBLIC_URL": service.url}
    done = subprocess.run(
        [sys.executable, "-m", "tts_service.cli", *words],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, (words, done.stdout, done.stderr)
    return done.stdout


def look_at(driver: Any, *, pictures: bool) -> int:
    """Print a line for each point. Returns how many failed."""
    why = driver.missing()
    if why:
        print(f"{driver.NAME}: NOT RUN: {why}", flush=True)
        return 0
    failed = 0
    temporary = tempfile.TemporaryDirectory(prefix="cms-")
    with temporary as folder, set_up(driver, Path(folder), pictures=pictures) as desk:
        for point in (*POINTS, *OWN[driver.NAME]):
            what = (point.__doc__ or "").splitlines()[0]
            try:
                told = f"ok    {what}: {point(desk)}"
            except NotImplementedError as error:
                told = f"-     {what}: {error}"
            except (AssertionError, PlaywrightError, httpx.HTTPError) as error:
                failed += 1
                told = f"FAILS {what}: {error}"
            print(f"{driver.NAME:9} {told}", flush=True)
    return failed


def main() -> int:
    parser = argparse.ArgumentParser(description="Ghost, Directus and Strapi, each driven for real")
    parser.add_argument("names", nargs="*", help="only these")
    parser.add_argument("--pictures", action="store_true", help="picture the pages of the guides anew")
    given = parser.parse_args()
    chosen = [driver for driver in DRIVERS if not given.names or driver.NAME in given.names]
    return 1 if sum(look_at(driver, pictures=given.pictures) for driver in chosen) else 0


if __name__ == "__main__":
    sys.exit(main())
