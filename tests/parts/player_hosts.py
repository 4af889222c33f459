"""Pages of publishers for the player's tests: styles that would spoil it, policies, and answers held back."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Route

from tests.measure.listen.player_stopped import DOCUMENT
from tests.parts.player_pages import Seat
from tests.parts.service import Running

TEXT = (
    "The harbour town of Elmsworth opened its new bridge on Monday. Three hundred people came to see it.\n\n"
    "Traffic starts tomorrow. The old ferry stops in spring."
)
ARTICLE = {"site": "gazette", "id": "b1", "title": "New bridge opens", "language": "en", "text": TEXT}
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in TEXT.split("\n\n"))
STYLES = {
    "62.5 %": "html { font-size: 62.5% }",
    "125 %": "html { font-size: 125% }",
    "8px": "html { font-size: 8px }",
    "hostile": """html { font-size: 6px; direction: rtl; text-size-adjust: 200% }
      * { letter-spacing: .3em; word-spacing: 1em; line-height: 3; text-transform: uppercase; text-indent: 2em;
        white-space: nowrap; text-align: right; font: italic small-caps 900 7px/3 monospace; color: red; cursor: none;
        direction: rtl; text-shadow: 2px 2px red; list-style: square; -webkit-text-fill-color: transparent }
      section, div, p, a, button, input, select, summary { display: none !important; margin: 9em; padding: 9em }""",
}
"""Themes by name: each sets another root font, the last one everything that is inherited."""
SIZES = """[...player.shadowRoot.querySelectorAll("section *")]
  .filter((one) => one.checkVisibility() && !one.closest("svg")).map((one) => {
    const [style, { width, height }] = [getComputedStyle(one), one.getBoundingClientRect()];
    const wanted = ["fontSize", "lineHeight", "letterSpacing", "wordSpacing", "textTransform", "textIndent",
      "fontStyle", "fontVariantCaps", "fontFamily", "textShadow", "webkitTextFillColor", "color", "direction",
      "whiteSpace"];
    const whole = (pixels) => Math.round(pixels * 8) / 8;
    return {
      name: one.getAttribute("part") || one.localName, pressed: one.matches("button, select, summary, a, input"),
      font: parseFloat(style.fontSize), width: whole(width), height: whole(height),
      style: wanted.map((name) => `${name}: ${style[name]}`),
    };
  })"""
"""Every visible element of a player: its size and what it may have inherited."""
VIOLATIONS = """window.violations = []; document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.effectiveDirective} ${event.blockedURI}`));"""
SHIFTS = """window.shifts = []; new PerformanceObserver((list) => {
  for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) window.shifts.push(value);
}).observe({ type: "layout-shift", buffered: true });"""
THEME = """body { margin: 0; font: 17px/1.6 serif } header { height: 64px } h1 { font-size: 32px }
  .lead { font-size: 19px } main, .top { max-width: 700px; margin: 0 auto; padding: 0 16px }"""
ABOVE = (
    '<header></header><div class="top"><h1>New bridge opens in Elmsworth after nine years</h1><p class="lead">Three '
    "hundred people came to see it, and one of them fell in. The ferry stops in spring.</p>"
    "<p>By Ines Weir, 3 May</p></div>"
)
"""What stands above the player in an ordinary theme: THEME."""


def player(clip: str, more: str = "") -> str:
    return f'<article-audio clip="{clip}"{more}></article-audio>'


def article_page(tag: str, *, lang: str = ' lang="en"', head: str = "") -> str:
    """A page with a tag above its text."""
    return (
        f'<!doctype html><html{lang}><head><meta charset="utf-8"><title>Bridge</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">{head}'
        f'<script type="module" async src="/player.js"></script></head><body>{tag}<main>{BODY}</main></body></html>'
    )


def described(service: Running, clip: str) -> dict[str, Any]:
    """What the service says of a clip."""
    with service.client() as client:
        known: dict[str, Any] = client.get(f"/v1/clips/{clip}").json()
    return known


def hold(seat: Seat, *patterns: str) -> list[Route]:
    """Requests that nobody answers, as they come."""
    held: list[Route] = []
    for pattern in patterns:
        seat.page.route(pattern, lambda route: held.append(route))  # noqa: PLW0108  # no built-in is taken
    return held


def first(seat: Seat, held: list[Route]) -> Route:
    """The first of the requests held back, once it is there."""
    for _ in range(1000):
        if held:
            return held[0]
        seat.page.wait_for_timeout(10)
    raise AssertionError("nothing was asked for")


def growing(seat: Seat, service: Running, clip: str) -> None:
    """Let a finished clip look as if it were still being made."""
    told = described(service, clip)
    live = f"{service.url}/v1/clips/{clip}/live.mp3?r=1"
    told |= {"state": "rendering", "progress": {"done": 2, "total": 4}, "audio": {"live": live}}
    with service.client(follow_redirects=True) as client:
        sound = client.get(f"/v1/clips/{clip}/audio.mp3").content
    seat.page.route(f"**/v1/clips/{clip}", lambda route: route.fulfill(json=told))
    seat.page.route("**/live.mp3*", lambda route: route.fulfill(body=sound, content_type="audio/mpeg"))


def documented_policy(url: str) -> str:
    """The line of docs/player.md for a service at `url`; nothing else is allowed."""
    line = re.search(r"^Content-Security-Policy: (.*)$", DOCUMENT.read_text("utf-8"), re.MULTILINE)
    assert line
    sources = line.group(1).replace("https://audio.example", url)
    return f"default-src 'none'; require-trusted-types-for 'script'; {sources}"
