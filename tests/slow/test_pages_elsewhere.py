"""A publisher's page on another origin, in a real browser: its player finds the clip, the listener keeps the file."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.parts import browser as chromium
from tests.parts.player_pages import clip_of, elsewhere, seated
from tests.parts.service import Running
from tts_service.provenance.read_back import State, read_disclosure

pytestmark = [
    pytest.mark.slow,
    chromium.NEEDED,
]


def test_the_player_finds_its_clip_and_the_download_is_kept(browser: Browser, service: Running, tmp_path: Path) -> None:
    tag = f'<script src="{service.url}/player.js" type="module" async></script>'
    player = "<article-audio site=elsewhere download></article-audio>"
    with elsewhere(f"<!doctype html><html lang=en><body><h1>A</h1>{player}{tag}") as address:
        origin = address.removesuffix("/")
        article = {
            "site": "elsewhere",
            "id": "1",
            "title": "Brücke #1? Offen 😀",
            "language": "en",
            "url": f"{origin}/straße/brücke",
            "text": "The bridge is open.",
        }
        clip_of(service, article)
        with service.client() as client:
            client.put("/v1/sites/elsewhere/origins", json={"origins": [origin]}).raise_for_status()
        asked = f"{origin}/stra%C3%9Fe/bru%CC%88cke/?utm_source=mail&fbclid=x#kommentare"
        with seated(browser, service, accept_downloads=True) as seat:
            seat.page.goto(asked)
            seat.page.locator("article-audio[state=ready]").wait_for(state="attached", timeout=20_000)
            with seat.page.expect_download(timeout=20_000) as kept:
                seat.page.get_by_role("link", name="Download").click()
            assert kept.value.suggested_filename == "Brücke #1 Offen 😀.mp3"
            kept.value.save_as(tmp_path / "kept.mp3")
            assert read_disclosure(tmp_path / "kept.mp3").state is State.UNALTERED
            assert seat.page.url == asked, "the page stays"
