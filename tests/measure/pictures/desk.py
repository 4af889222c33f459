"""The staff's pages as pictures, with the samples' articles and reports in them."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from types import SimpleNamespace

from playwright.sync_api import Browser, BrowserContext, Page

from tests.parts.places import ROOT
from tests.parts.service import Running, until
from tts_service.access.sessions import open_session
from tts_service.access.staff import operator
from tts_service.db.session import Database
from tts_service.embedded.demo_reports import send_reports

WORD, RESPELLING = "Adeyemi", "Adda Yemmy"
WIDE = {"width": 1280, "height": 760}
PHONE = {"width": 390, "height": 760}


def take(chromium: Browser, service: Running, folder: Path) -> None:
    """Every page of the desk; the way from the queue to an accepted correction is gone by keyboard."""
    _fill(service)
    wide = _signed_in(chromium, service, WIDE)
    page = wide.new_page()
    page.goto(f"{service.url}/staff", wait_until="networkidle")
    page.screenshot(path=folder / "desk.png")
    _case(page, folder)
    for name, path in (
        ("desk-articles", "/staff/articles"),
        ("desk-lexicon", "/staff/lexicon"),
        ("desk-corrections", "/staff/corrections"),
        ("desk-overview", "/staff/overview"),
        ("desk-site", "/staff/sites/ellery-courier"),
    ):
        page.goto(service.url + path, wait_until="networkidle")
        page.screenshot(path=folder / f"{name}.png")
    page.goto(f"{service.url}/staff/articles", wait_until="networkidle")
    page.get_by_role("link", name="Port Ellery's harbour reopens").first.click()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=folder / "desk-article.png")
    phone = _signed_in(chromium, service, PHONE, dark=True).new_page()
    phone.goto(f"{service.url}/staff", wait_until="networkidle")
    phone.screenshot(path=folder / "desk-phone-dark.png")


def _case(page: Page, folder: Path) -> None:
    page.get_by_role("link", name=WORD, exact=True).click()
    page.get_by_role("button", name="Keyboard shortcuts").wait_for()
    page.screenshot(path=folder / "desk-case.png")
    page.keyboard.press("a")
    page.keyboard.type(RESPELLING)
    page.keyboard.press("Enter")
    page.locator("#outcome[data-step=heard]").wait_for()
    page.screenshot(path=folder / "desk-try.png")
    page.keyboard.press("Enter")
    page.locator("#outcome[data-step=impact]").wait_for()
    page.screenshot(path=folder / "desk-impact.png")
    page.keyboard.press("Enter")
    page.locator("#head", has_text="corrected").wait_for(timeout=60_000)
    page.screenshot(path=folder / "desk-corrected.png")


def _fill(service: Running) -> None:
    names = ("harbour-reopens", "bergbahn-faehrt-wieder", "library-hours")
    articles = [json.loads((ROOT / f"samples/articles/{name}.json").read_text("utf-8")) for name in names]
    for job in [service.post(article) for article in articles]:
        assert service.ended(job["id"])["state"] == "succeeded"
    quick = SimpleNamespace(settings=SimpleNamespace(feedback_min_s=0.0), watch=lambda stop, seconds: None)
    with service.client() as client:
        send_reports(client, quick, ROOT / "samples/reports.json", threading.Event())  # type: ignore[arg-type]
        until(lambda: len(client.get("/v1/cases").json()["cases"]) > 4, 60, "the reports are gathered into cases")


def _signed_in(chromium: Browser, service: Running, size: dict[str, int], *, dark: bool = False) -> BrowserContext:
    database = Database(f"sqlite:///{service.data / 'tts.sqlite3'}")
    token = open_session(database, operator(database, "test").id, "link", "a browser")
    database.close()
    scheme = "dark" if dark else "light"
    context = chromium.new_context(viewport=size, color_scheme=scheme, locale="en-GB")  # type: ignore[arg-type]
    context.add_cookies([{"name": "tts_staff", "value": token, "url": service.url}])
    return context
