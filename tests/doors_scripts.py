"""Scripts that strangers write into titles, authors, comments, places and addresses: does any of them run on a page?

`python -m tests.doors_scripts` opens every page with each of 60 payloads in a real Chromium, once as a reader's
browser does and once with the pages' policy switched off, so that the escaping stands alone. A page that escapes
nothing is opened too: what runs there shows that a silence means something.
"""

from __future__ import annotations

import html
import json
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright
from sqlalchemy import update
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from tests import browser as chromium
from tests.bench_figures import Figure
from tests.factories import make_parts
from tests.script_payloads import PAYLOADS
from tests.staff_parts import Signed, signed
from tests.web_rows import ready_clip
from tts_service.access.audit import Deed, record
from tts_service.app import create_app
from tts_service.db.tables import ArticleRow, ClipRevisionRow, LexiconEntryRow, ReportRow, StaffRow
from tts_service.feedback import Heard, change, receive
from tts_service.parts import Parts

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--mute-audio"]
WATCH = """
window.ran = (what) => console.log("RAN " + what);
for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = () => window.ran(name);
"""
"""Runs before anything of a page: payloads call these."""
CANARY = "http://canary.invalid/"


@dataclass(slots=True)
class Seen:
    """What happened in a browser."""

    ran: list[str] = field(default_factory=list)
    pages: int = 0
    place: str = ""
    """Which payload on which page is open now."""

    def note(self, what: str) -> None:
        self.ran.append(f"{self.place}: {what}")


def figures() -> list[Figure]:
    """The rows of this part. Raises RuntimeError where there is no Chromium."""
    if chromium.find() is None:
        raise RuntimeError("no Chromium on this machine: apt-get install chromium")
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as play,
        serving(Path(folder)) as (url, staff, made),
    ):
        browser = play.chromium.launch(executable_path=chromium.find(), headless=True, args=FLAGS)
        control = unescaped(browser, url)
        escaped = tried(browser, url, staff, made, without_policy=True)
        guarded = tried(browser, url, staff, made, without_policy=False)
        browser.close()
    for line in escaped.ran + guarded.ran:
        print(line)
    note = f"{len(PAYLOADS)} payloads, {escaped.pages} pages opened"
    return [
        _figure("scripts run, policy off", len(escaped.ran), 0, "=", note),
        _figure("scripts run, as served", len(guarded.ran), 0, "=", f"{guarded.pages} pages opened"),
        _figure("payloads that run on an unescaped page", len(control), 40, "≥", "so that silence means something"),
    ]


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, Signed, list[str]]]:
    """(address, somebody of the staff, references of reports) of an app full of payloads."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    parts = make_parts(folder, public_url=url, rate_public="", rate_feedback_address="")
    references = [poisoned(parts, number, payload) for number, payload in enumerate(PAYLOADS)]
    app = create_app(parts)
    _add_control(app)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", proxy_headers=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    yield url, signed(parts), references
    server.should_exit = True
    thread.join()


def poisoned(parts: Parts, number: int, payload: str) -> str:
    """A clip, its report and more, a payload in every text that anybody outside can set. The report's reference."""
    made = ready_clip(parts, name=str(number), sentences=(payload or ".", "Three people came."))
    block = {"kind": "quote", "text": f"{payload} Three people came.", "language": "en", "spoken": True,
             "skip_reason": None}  # fmt: skip
    skipped = {"kind": payload, "text": payload, "reason": payload, "characters": 9, "spoken": 0}
    voice = {"id": payload, "engine": payload, "name": payload, "language": payload, "licence": payload,
             "digital_source_type": "algorithmicMedia"}  # fmt: skip
    mine = {"clip_id": made.id, "category": "other", "comment": payload[:1000], "email": payload[:190] + "@x"}
    reference = receive(parts, Heard(**mine))  # type: ignore[arg-type]
    change(parts, reference, "confirmed", payload)
    with parts.database.writing() as session:
        session.execute(update(ArticleRow).where(ArticleRow.id == f"art_{number}").values(
            title=payload, url=payload, site=payload))  # fmt: skip
        session.execute(
            update(ClipRevisionRow).where(ClipRevisionRow.clip_id == made.id)
            .values(title=payload, author=payload, url=payload, blocks=[block, block | {"kind": "heading"}],
                    account=[skipped], other_voices=[voice])
        )  # fmt: skip
        session.execute(
            update(ReportRow).where(ReportRow.id == reference)
            .values(site=payload, sentence=payload, voice=payload, note=payload)
        )  # fmt: skip
        session.add(StaffRow(id=f"stf_{number}", name=payload + str(number), role="staff", created_ms=1))
        session.add(
            LexiconEntryRow(
                id=f"lex_{number}", scope="global", language="en", graphemes=[payload], alias=payload, ipa=None,
                case_sensitive=False, note=payload, author=payload, created_ms=1, updated_ms=1,
            )
        )  # fmt: skip
    record(parts.database, Deed(who=payload, what=payload, subject=payload, site=payload, details={"x": payload}))
    return reference


def tried(
    browser: Browser, url: str, staff: Signed, references: list[str], *, without_policy: bool, quick: bool = False
) -> Seen:
    """Every page with every payload, as staff, who see the most; `quick`: only the pages with the most places."""
    seen = Seen()
    context = _context(browser, seen, without_policy)
    name, _, value = staff.headers["Cookie"].partition("=")
    context.add_cookies([{"name": name, "value": value, "url": url}])
    page = context.new_page()
    for number, payload in enumerate(PAYLOADS):
        for path in _paths(number, payload, references[number])[: 3 if quick else None]:
            _open(page, url + path, seen, f"payload {number} on {path.partition('?')[0]}")
        if not quick:
            _click_through(page, url, number, seen)
    for path in ("/staff/reports", "/staff/reports?skip=50", "/staff/people", "/staff/log", "/staff/log?below=zzz",
                 "/staff/account"):  # fmt: skip
        _open(page, url + path, seen, path)
    context.close()
    return seen


def unescaped(browser: Browser, url: str) -> set[int]:
    """Numbers of the payloads that run on a page that escapes nothing."""
    seen, ran = Seen(), set()
    context = _context(browser, seen, without_policy=True)
    page = context.new_page()
    for number in range(len(PAYLOADS)):
        _open(page, f"{url}/control/{number}", seen, f"control {number}")
        _follow_links(page)
        page.wait_for_timeout(20)
        if any(line.startswith(f"control {number}:") for line in seen.ran):
            ran.add(number)
    context.close()
    return ran


def _paths(number: int, payload: str, reference: str) -> list[str]:
    text = quote(payload, safe="")
    return [
        f"/listen/clip_{number}", f"/about/clip_{number}", f"/feedback?clip=clip_{number}&t={text}&r={text}",
        f"/embed/clip_{number}", f"/feedback/{reference}", f"/listen/{text}", f"/feedback?clip={text}",
        f"/staff/sign-in?token={text}", f"/staff/invitation?token={text}", f"/oembed?url={text}",
        f"/v1/clips/clip_{number}", f"/v1/clips/clip_{number}/transcript", f"/staff/v1/lexicon/lex_{number}",
        f"/staff/elsewhere/back?state={text}&error={text}", f"/{text}",
    ]  # fmt: skip


def _click_through(page: Page, url: str, number: int, seen: Seen) -> None:
    """What a person does: follow the link to the article, and send a form that comes back with what they wrote."""
    _open(page, f"{url}/listen/clip_{number}", seen, f"payload {number} on the article's link")
    _follow_links(page)
    _open(page, f"{url}/feedback?clip=clip_{number}", seen, f"payload {number} in the form sent back")
    page.locator("input[name=category]").first.check()
    page.fill("[name=comment]", PAYLOADS[number][:900])
    page.fill("[name=position]", PAYLOADS[number].replace("\n", " ")[:12])
    page.evaluate("() => document.querySelector('main form').noValidate = true")
    page.fill("[name=email]", PAYLOADS[number].replace("\n", " ")[:60])
    page.locator("main form button").click()
    page.wait_for_load_state("domcontentloaded")


def _follow_links(page: Page) -> None:
    # By script, and only those that would run: where the others lead is nobody's page here.
    page.evaluate("() => { for (const link of document.links) if (link.protocol === 'javascript:') link.click(); }")


def _context(browser: Browser, seen: Seen, without_policy: bool) -> BrowserContext:
    context = browser.new_context(bypass_csp=without_policy)
    context.add_init_script(WATCH)
    context.on("console", lambda said: seen.note(said.text) if said.text.startswith("RAN ") else None)
    context.route(f"{CANARY}**", lambda route: _called(route, seen))
    context.route("**/*.mp3*", lambda route: route.abort())
    return context


def _called(route: Route, seen: Seen) -> None:
    seen.note(f"called {route.request.url}")
    route.abort()


def _open(page: Page, address: str, seen: Seen, what: str) -> None:
    seen.place = what
    seen.pages += 1
    page.goto(address, wait_until="load")


def _add_control(app: FastAPI) -> None:
    def control(request: Request) -> Response:
        payload = PAYLOADS[int(request.path_params["number"])]
        attribute = html.escape(payload, quote=False)
        body = (
            f'<!doctype html><title>{payload}</title><div class="control"><h1>{payload}</h1>'
            f'<a href="{payload}">x</a><p title="{attribute}">y</p><script type="application/ld+json">'
            f"{json.dumps(payload)}</script></div>"
        )
        return HTMLResponse(body)

    app.add_route("/control/{number:int}", control)


def _figure(name: str, value: float, target: float, sense: Literal["≥", "="], note: str) -> Figure:
    return Figure(name=name, value=value, unit="", low=value, high=value, target=target, sense=sense, note=note)


def main() -> None:
    for figure in figures():
        print(f"{figure.name}: {figure.value:g} ({figure.note}) {figure.verdict}")


if __name__ == "__main__":
    main()
