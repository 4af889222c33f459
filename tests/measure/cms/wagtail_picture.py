"""docs/cms/wagtail.md to its end, with a real Wagtail, service and browser.

`python -m tests.measure.cms.wagtail_picture`. Presses play on the published page, waits until the sound runs on, and
takes docs/cms/wagtail.png.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import httpx
from playwright.sync_api import sync_playwright

from tests.measure.cms import wagtail
from tests.measure.cms.driver import Address
from tests.parts import browser
from tests.parts.places import ROOT
from tests.parts.service import running
from tts_service.cms.inbox.addresses import add_hook, hook_path, options_from
from tts_service.db.session import Database
from tts_service.newsroom.sites import set_origins

PICTURE = ROOT / "docs" / "cms" / "wagtail.png"
TITLE = "Ferry to Elmsworth runs again"
STANDFIRST = "After two winters in the dock, the last steam ferry of the bay carries passengers once more."
HTML = (
    "<p>The bell rang at seven, and the Marigold cast off with forty people on board. Children stood at the rail and "
    "counted gulls; the baker had brought rolls.</p><p>Captain Ines Torvald has waited for this day. The boiler was "
    "taken apart, cleaned and put together again by volunteers, who met in the boathouse every Saturday.</p><p>The "
    "ferry sails four times a day until October. A ticket costs three crowns, and dogs travel free.</p>"
)
_WAIT_MS = 150_000
_SOUND_RUNS = """() => {
  const inside = document.querySelector('article-audio').shadowRoot;
  const time = [...inside.querySelectorAll('*')].map((one) => one.textContent).join(' ');
  return /0:0[2-9]/.test(time);
}"""


def main() -> int:
    path = browser.find()
    why = wagtail.missing() or ("" if path else "there is no Chromium: apt-get install chromium")
    if why:
        print(f"NOT RUN: {why}")
        return 0
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder) / "service", warm_voices="", port=wagtail.free_port()) as service,
        wagtail.started(Path(folder) / "wagtail") as site,
    ):
        database = Database(f"sqlite:///{service.data / 'tts.sqlite3'}")
        hook = add_hook(database, "wagtail", "gazette", options_from({"voice": "pyttsx3:en-us"}))
        set_origins(database, "gazette", [site.url])
        database.close()
        hook_url = service.url + hook_path(hook)
        site.connect(Address(url=service.url, hook_url=hook_url, secret=hook.secret, site="gazette"))
        made = site.act("publish", title=TITLE, html=HTML, standfirst=STANDFIRST)
        _wait_for_audio(service.url, made["id"])
        with sync_playwright() as play:
            chromium = play.chromium.launch(
                executable_path=path,
                args=["--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required"],
            )
            page = chromium.new_page(viewport={"width": 760, "height": 720})
            page.goto(made["url"])
            player = page.locator("article-audio")
            player.wait_for(state="visible", timeout=_WAIT_MS)
            player.locator("[part~=play]").click()
            page.wait_for_function(_SOUND_RUNS, timeout=_WAIT_MS)
            page.screenshot(path=PICTURE)
            chromium.close()
    print(f"It plays on {made['url']}; {PICTURE.name}: {PICTURE.stat().st_size} bytes")
    return 0


def _wait_for_audio(service: str, page: int) -> None:
    until = time.monotonic() + _WAIT_MS / 1000
    while time.monotonic() < until:
        found = httpx.get(f"{service}/v1/clips", params={"site": "gazette", "article": page}, trust_env=False).json()
        if found["clips"] and found["clips"][0]["state"] == "ready":
            return
        time.sleep(0.5)
    raise AssertionError(f"no audio within {_WAIT_MS / 1000} s: {found}")


if __name__ == "__main__":
    sys.exit(main())
