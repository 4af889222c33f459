"""`make pictures`: the pages as a reader sees them, for the documents; needs Chromium."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.measure.pictures import desk, player
from tests.parts import browser
from tests.parts.places import ROOT
from tests.parts.service import running

SHOTS = (
    ("listen", "/listen/{clip}", (820, 560), "light"),
    ("listen-phone-dark", "/listen/{clip}", (390, 760), "dark"),
    ("about", "/about/{clip}", (820, 900), "light"),
    ("feedback", "/feedback?clip={clip}", (390, 900), "light"),
)


def main() -> int:
    parser = argparse.ArgumentParser(description="Take the pictures of the pages in docs/")
    parser.add_argument("--only", choices=["desk"], help="only those of the staff's pages")
    only = parser.parse_args().only
    path = browser.find()
    if path is None:
        sys.exit("No Chromium on this machine: apt-get install chromium")
    article = json.loads((ROOT / "samples/articles/harbour-reopens.json").read_text("utf-8"))
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder) / "d", warm_voices="") as service,
        sync_playwright() as play,
    ):
        chromium = play.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        desk.take(chromium, service, ROOT / "docs")
        if only:
            return 0
        job = service.ended(service.post(article, voice="pyttsx3:en")["id"])
        for name, address, (width, height), scheme in SHOTS:
            page = chromium.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
            page.goto(service.url + address.format(clip=job["clip"]["id"]), wait_until="networkidle")
            if "/listen" in address:
                page.locator("article-audio[state=ready]").wait_for()
            page.screenshot(path=ROOT / "docs" / f"{name}.png")
            page.close()
        player.take(chromium, service, job["clip"]["id"], ROOT / "docs")
        chromium.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
