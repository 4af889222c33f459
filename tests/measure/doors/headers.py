"""What answers carry: on every route, for every origin, in cookies; and what another site's page can do with a frame.

`python -m tests.measure.doors.headers` asks every route of the table of tests.measure.doors.authorisation, and opens
a frame in a Chromium from pages of a registered and of another origin.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from playwright.sync_api import Browser, sync_playwright

from tests.measure.doors.authorisation import World, table, world
from tests.measure.doors.jobs import served
from tests.measure.figures import Figure, exact
from tests.parts import browser as chromium
from tests.parts.factories import make_parts
from tests.parts.origins import SITE, STRANGERS
from tests.parts.web_rows import ready_clip
from tts_service.access.audit import COMMAND_LINE
from tts_service.access.links import staff_link
from tts_service.newsroom.sites import set_origins
from tts_service.web.app import create_app
from tts_service.web.doors.headers import NOTHING

EVIL = (*STRANGERS, "https://www.gazette.example/")
READERS = ("/v1/clips", "/v1/feedback", "/v1/listening", "/player")
"""What scripts of a registered site's pages may read."""
PAGES = {"own": "http://127.0.0.2:4711", "evil": "http://127.0.0.3:4711"}
"""Origins of pages that are made up here."""
NEAR = "--disable-features=LocalNetworkAccessChecks"
"""Else no page may frame anything of this machine, whatever we say."""
LISTENING = """
const plain = window.addEventListener;
window.addEventListener = function (kind, ...rest) {
  if (kind === "message") console.log("HEARS messages");
  return plain.call(window, kind, ...rest);
};
"""
"""Runs before a page: tells when it listens to messages of other pages."""


def missing(headers: Any, path: str) -> list[str]:
    """What an answer should carry and doesn't."""
    wanted = {"x-content-type-options": "nosniff", "referrer-policy": "same-origin"}
    wrong = [name for name, value in wanted.items() if headers.get(name) != value]
    kind, policy = headers.get("content-type", ""), headers.get("content-security-policy", "")
    if "cross-origin-resource-policy" not in headers:
        wrong.append("cross-origin-resource-policy")
    if kind.startswith("text/html"):
        framed = path.startswith("/embed/")
        if not policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';") or "unsafe" in policy:
            wrong.append("content-security-policy")
        if not framed and (headers.get("x-frame-options") != "DENY" or "frame-ancestors 'none'" not in policy):
            wrong.append("x-frame-options")
    elif not kind.startswith("audio/") and policy != NOTHING:
        wrong.append("content-security-policy")
    if path.startswith("/staff") and headers.get("cache-control") != "no-store":
        wrong.append("cache-control")
    return wrong


def snapshot(made: World) -> tuple[list[str], list[str], int]:
    """(headers that are missing, scripts of others that may read, answers) over every route and origin."""
    set_origins(made.parts.database, "gazette", [SITE])
    lacking, readable, answers = [], [], 0
    for name, row in table().items():
        method, _, path = name.partition(" ")
        place = row.make(made).path if "{" in path else path
        for origin in ("", SITE, *EVIL):
            headers = {"Accept": "text/html"} | ({"Origin": origin} if origin else {})
            got = made.client.request(method, place, headers=headers)
            answers += 1
            lacking += [f"{name} {got.status_code}: {one}" for one in missing(got.headers, place)]
            allowed = got.headers.get("access-control-allow-origin")
            reader = place.startswith(READERS)
            if (allowed and not reader) or (origin in EVIL and allowed and allowed != "*"):
                readable.append(f"{name}: {origin or 'no origin'} may read it as {allowed}")
            if "access-control-allow-credentials" in got.headers or (got.cookies and not place.startswith("/staff")):
                readable.append(f"{name}: cookies")
    return lacking, readable, answers


def cookie_faults() -> list[str]:
    """What is wrong with the session's cookie over https."""
    with tempfile.TemporaryDirectory() as folder:
        parts = make_parts(Path(folder))
        settings = parts.settings.model_copy(update={"public_url": "https://audio.example"})
        token = staff_link(settings, parts.database, COMMAND_LINE).partition("token=")[2]
        with TestClient(create_app(replace(parts, settings=settings)), base_url="https://audio.example") as client:
            answer = client.post(
                "/staff/sign-in",
                data={"token": token},
                headers={"Origin": "https://audio.example"},
                follow_redirects=False,
            )
    said = answer.headers.get("set-cookie", "")
    flags = {part.strip().lower() for part in said.split(";")[1:]}
    wanted = {"httponly", "secure", "samesite=lax", "path=/"}
    return (
        sorted(wanted - flags)
        + ([] if said.startswith("__Host-") else ["__Host-"])
        + [part for part in flags if part.startswith("domain")]
    )


def framed() -> dict[str, bool]:
    """Whether a frame of a clip shows, by whose page it is in; and whether a page here hears other pages."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        parts = make_parts(Path(folder))
        ready_clip(parts)
        with served(parts) as address:
            set_origins(parts.database, "gazette", [PAGES["own"]])
            browser = play.chromium.launch(executable_path=chromium.find(), headless=True, args=[*chromium.FLAGS, NEAR])
            found = {whose: _shows(browser, f"{origin}/", address) for whose, origin in PAGES.items()}
            found["hears messages"] = any(_hears(browser, f"{address}{path}/clip_1") for path in ("/embed", "/listen"))
            browser.close()
    return found


def _shows(browser: Browser, origin: str, address: str) -> bool:
    with_frame = f'<!doctype html><iframe src="{address}/embed/clip_1"></iframe>'
    context = browser.new_context()
    page = context.new_page()
    context.route(f"{origin}**", lambda route: route.fulfill(body=with_frame, content_type="text/html"))
    page.goto(origin, wait_until="load")
    shows = any(frame.url.startswith(address) and frame.query_selector("article-audio") for frame in page.frames)
    context.close()
    return bool(shows)


def _hears(browser: Browser, address: str) -> bool:
    said: list[str] = []
    page = browser.new_page()
    page.add_init_script(LISTENING)
    page.on("console", lambda line: said.append(line.text))
    page.goto(address, wait_until="load")
    page.wait_for_selector("article-audio[state]")
    heard = page.evaluate("() => window.onmessage !== null")
    page.close()
    return bool(heard) or "HEARS messages" in said


def figures() -> list[Figure]:
    """The rows of this part. Raises RuntimeError where there is no Chromium."""
    if chromium.find() is None:
        raise RuntimeError("no Chromium on this machine: apt-get install chromium")
    return list(_figures())


def _figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder, world(Path(folder)) as made:
        lacking, readable, answers = snapshot(made)
    cookies, frames = cookie_faults(), framed()
    for line in lacking + readable + cookies:
        print(line)
    yield _figure("headers that answers lack", len(lacking), f"{answers} answers of {len(table())} routes")
    yield _figure("answers that a foreign origin's script may read", len(readable), f"{len(EVIL)} that look alike")
    yield _figure("faults of the session's cookie", len(cookies), "__Host-, Secure, HttpOnly, SameSite, no Domain")
    yield _figure("frames of a clip that another site's page shows", int(frames["evil"]), "in Chromium")
    yield _figure("frames of a clip that its own site's page doesn't show", int(not frames["own"]), "")
    yield _figure("pages that hear messages of other pages", int(frames["hears messages"]), "whoever sends them")


def _figure(name: str, value: int, note: str) -> Figure:
    return exact(name=name, value=value, target=0, sense="=", note=note)


if __name__ == "__main__":
    for figure in figures():
        print(f"{figure.name}: {figure.value:g} ({figure.note}) {figure.verdict}")
