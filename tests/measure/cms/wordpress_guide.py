"""Follows docs/cms/wordpress.md with a real WordPress, the real service and a real browser.

`python -m tests.measure.cms.wordpress_guide [VERSION]` prints what each step gave, and makes docs/cms/wordpress.png.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.measure.cms import wordpress
from tests.measure.cms.driver import Address
from tests.parts import browser
from tests.parts.places import ROOT
from tests.parts.service import Running, running

PICTURE = ROOT / "docs" / "cms" / "wordpress.png"
_PARAGRAPHS = (
    "The ferry across Elmsworth bay runs again from Monday morning, after three weeks in the dry dock.",
    "Its first boat leaves the north quay at six, and the fare stays at four pounds, two for children.",
    "The harbour master said that a second, electric boat is on order and may be here by next summer.",
)


def command_line(service: Running, *words: str) -> str:
    """What `tts-service …` prints on the service's machine."""
    environment = {**os.environ, "TTS_DATA_DIR": str(service.data), "TTS_PUBLIC_URL": service.url}
    command = [sys.executable, "-m", "tts_service.cli", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def hook(service: Running) -> Address:
    """Step 2."""
    said = command_line(service, "hooks", "add", "wordpress", "--site", "gazette")
    found = dict(re.findall(r"^(Address|Secret|Site): +(\S+)$", said, re.MULTILINE))
    path = found["Address"][found["Address"].index("/v1/") :]
    return Address(url=service.url, hook_url=service.url + path, secret=found["Secret"], site=found["Site"])


def playing(page: Page, url: str, seconds: float = 60) -> float:
    """Step 7: open the page until its player can play; the seconds that took."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        page.goto(url)
        page.wait_for_timeout(500)
        state = page.evaluate("document.querySelector('article-audio')?.getAttribute('state')")
        if state in ("rendering", "ready"):
            return time.monotonic() - began
    raise AssertionError(f"no player within {seconds:g} s")


def heard(page: Page) -> float:
    """Press play; where the sound is after a while, in seconds."""
    page.evaluate("document.querySelector('article-audio').play()")
    page.wait_for_timeout(2500)
    place = page.evaluate("document.querySelector('article-audio').sound.time")
    page.evaluate("document.querySelector('article-audio').sound.audio.pause()")
    return float(place)


def main(version: str = "") -> int:
    reason = wordpress.missing(version) or ("" if browser.find() else "no Chromium (Debian: chromium)")
    if reason:
        print(f"NOT RUN: {reason}")
        return 0
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        os.environ["TTS_PORT"] = str(probe.getsockname()[1])
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        service = stack.enter_context(running(folder / "service", warm_voices=""))
        cms = stack.enter_context(wordpress.started(folder / "wordpress", version))
        play = stack.enter_context(sync_playwright())
        address = hook(service)
        command_line(service, "sites", "origins", "gazette", cms.url)
        cms.connect(address)
        for kind, text in cms.test_the_line():
            print(f"step 5, {kind}: {text}")
        html = "".join(f"<!-- wp:paragraph --><p>{one}</p><!-- /wp:paragraph -->" for one in _PARAGRAPHS)
        post = cms.publish("The ferry runs again", html)
        chromium = play.chromium.launch(
            executable_path=browser.find(),
            args=["--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required"],
        )
        page = chromium.new_page(viewport={"width": 900, "height": 720})
        print(f"step 7: WordPress {cms.version}, playable {playing(page, post.url):.1f} s after it was published")
        page.locator("article-audio[state=ready]").wait_for(timeout=60_000)
        page.wait_for_timeout(500)
        page.screenshot(path=PICTURE)
        print(f"it plays: {heard(page):.1f} s were heard")
        chromium.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
