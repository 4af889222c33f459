"""Scripts that strangers write into titles, authors, comments, places and addresses: does any of them run on a page?

`python -m tests.measure.doors.scripts` tries every page with each of 60 payloads in a real Chromium with the pages'
policy switched off, so that the escaping stands alone; a sample as readers' browsers get it; and a page that escapes
nothing, without the policy (what runs there shows that a silence means something) and with it, which then stands
alone.

With the policy off, many pages are tried at once: each is fetched and put into a frame of its own, where the same
parser reads it and the same scripts run. Payloads that only run in a window of their own, such as those that take the
focus, are known from the page that escapes nothing; for them every page is opened.
"""

from __future__ import annotations

import csv
import io
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import quote, urlencode

from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

from tests.measure.figures import Figure, exact
from tests.parts import browser as chromium
from tests.parts.script_payloads import PAYLOADS
from tests.parts.scripts_served import serving
from tests.parts.staff import Signed
from tts_service.retention.listeners import EXPORTED, as_csv

WATCH = """
window.ran = (what) => console.log("RAN " + what + " " + (window.frameElement ? window.frameElement.name : ""));
for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = () => window.ran(name);
"""
"""Runs before anything of a page: payloads call these."""
CANARY = "http://canary.invalid/"
FRAMED = """async (asked) => {
  const others = [];
  const frames = await Promise.all(asked.map(async ({ path, form, title }) => {
    const headers = { Accept: "text/html" };
    if (form) headers["Content-Type"] = "application/x-www-form-urlencoded";
    const sent = { method: form ? "POST" : "GET", body: form, headers, redirect: "manual" };
    const answer = await fetch(path, sent);
    if (!(answer.headers.get("content-type") || "").startsWith("text/html")) {
      const guessed = answer.type !== "opaqueredirect" && answer.headers.get("x-content-type-options") !== "nosniff";
      if (guessed) others.push(title);
      return null;
    }
    const frame = Object.assign(document.createElement("iframe"), { name: title, srcdoc: await answer.text() });
    const loaded = new Promise((done) => frame.addEventListener("load", done));
    document.body.append(frame);
    await Promise.race([loaded, new Promise((done) => setTimeout(done, 10000))]);
    return frame;
  }));
  const pages = frames.filter(Boolean);
  for (const frame of pages) {
    for (const link of frame.contentDocument.links) if (link.protocol === "javascript:") link.click();
  }
  await new Promise((done) => setTimeout(done, 150));
  for (const frame of pages) frame.remove();
  return { pages: pages.length, others };
}"""
"""Fetches pages and lets each live in a frame; how many there were, and which answers a browser might take for one."""
AT_ONCE = 20
"""Frames alive together."""
SAMPLE = 10
"""As served, every tenth payload is tried."""
PLACES = 3
"""In addresses that the player's script reads, every third."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
CELLS = ("=1+1", "=cmd|'/c calc'!A0", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", '=HYPERLINK("http://canary.invalid","x")')


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
        browser = play.chromium.launch(executable_path=chromium.find(), headless=True, args=chromium.FLAGS)
        alone = unescaped(browser, url)
        behind = unescaped(browser, url, without_policy=False)
        framed, escaped = tried_in_frames(browser, url, staff, made)
        opened = tried_in_windows(browser, url, staff, made, alone - framed)
        guarded = served_sample(browser, url, staff, made)
        browser.close()
    for line in escaped.ran + opened.ran + guarded.ran:
        print(line)
    how = f"{len(PAYLOADS)} payloads, {escaped.pages} pages in frames, {opened.pages} opened"
    return [
        _figure("scripts run, policy off", len(escaped.ran + opened.ran), 0, "=", how),
        _figure("scripts run, as served", len(guarded.ran), 0, "=", f"{guarded.pages} pages opened"),
        _figure("payloads that run on an unescaped page", len(alone), 40, "≥", "so that silence means something"),
        _figure("payloads that run there behind the policy", len(behind), 0, "=", "the policy alone holds them"),
        _figure("formulas in the exported table", len(formulas()), 0, "=", f"of {len(CELLS) + len(PAYLOADS)} cells"),
    ]


def tried_in_frames(
    browser: Browser, url: str, staff: Signed, references: list[str], every: int = 1
) -> tuple[set[int], Seen]:
    """Every page with every payload, as staff, who see the most, without the pages' policy. With `every`, each page has
    that part of the payloads (every third, …), other ones than the page before, so that all of them are tried. Also the
    numbers of the payloads that run in a frame where nothing is escaped."""
    control, seen = Seen(), Seen()
    asked = [_asked(f"/control/{number}", number) for number in range(len(PAYLOADS))]
    _in_frames(browser, url, staff, asked, control)
    ran = {number for number in range(len(PAYLOADS)) if any(f"#{number} " in line for line in control.ran)}
    asked = [
        one
        for number in range(len(PAYLOADS))
        for place, one in enumerate(_of_payload(number, references[number]))
        if (number + place) % every == 0
    ]
    _in_frames(browser, url, staff, [*asked, *(_asked(path, path) for path in _lists())], seen)
    return ran, seen


def tried_in_windows(browser: Browser, url: str, staff: Signed, references: list[str], numbers: set[int]) -> Seen:
    """Every page with these payloads, each opened; and what the player's script makes of some in an address."""
    seen = Seen()
    context = _context(browser, seen, url, staff, without_policy=True)
    page = context.new_page()
    for number in sorted(numbers):
        for path in _paths(number, references[number]):
            _open(page, url + path, seen, f"payload {number} on {path.partition('?')[0]}")
        _send_form(page, url, number, seen)
    for number in range(0, len(PAYLOADS), PLACES):
        place = quote(PAYLOADS[number], safe="")
        _open(page, f"{url}/embed/clip_{number}?t={place}#t={place}", seen, f"payload {number} in the player's address")
    context.close()
    return seen


def served_sample(browser: Browser, url: str, staff: Signed, references: list[str]) -> Seen:
    """Pages as they are served: the policy only takes away, so a sample of what ran nowhere without it is enough."""
    seen = Seen()
    context = _context(browser, seen, url, staff, without_policy=False)
    page = context.new_page()
    for number in range(0, len(PAYLOADS), SAMPLE):
        for path in _paths(number, references[number]):
            _open(page, url + path, seen, f"payload {number} on {path.partition('?')[0]}")
            _follow_links(page)
        _send_form(page, url, number, seen)
    for path in _lists():
        _open(page, url + path, seen, path)
    context.close()
    return seen


def unescaped(browser: Browser, url: str, *, without_policy: bool = True, every: int = 1) -> set[int]:
    """Numbers of the payloads (or of every third, …) that run on a page that escapes nothing."""
    seen, ran = Seen(), set()
    context = _context(browser, seen, url, None, without_policy=without_policy)
    page = context.new_page()
    for number in range(0, len(PAYLOADS), every):
        _open(page, f"{url}/control/{number}", seen, f"control {number}")
        _follow_links(page)
        page.wait_for_timeout(20)
        if any(line.startswith(f"control {number}:") for line in seen.ran):
            ran.add(number)
    context.close()
    return ran


def formulas() -> list[str]:
    """Cells of an exported table that a spreadsheet would run."""
    table = as_csv([dict.fromkeys(EXPORTED, text) for text in (*CELLS, *PAYLOADS)])
    return [cell for line in csv.reader(io.StringIO(table, newline="")) for cell in line if cell.startswith(FORMULA)]


def _asked(path: str, name: object, form: str | None = None) -> dict[str, str | None]:
    """One page for FRAMED."""
    return {"path": path, "form": form, "title": f"#{name} {path.partition('?')[0]}"}


def _of_payload(number: int, reference: str) -> list[dict[str, str | None]]:
    return [*(_asked(path, number) for path in _paths(number, reference)), _form(number)]


def _in_frames(browser: Browser, url: str, staff: Signed, asked: list[dict[str, str | None]], seen: Seen) -> None:
    """Let every page live in a frame for a while."""
    context = _context(browser, seen, url, staff, without_policy=True)
    page = context.new_page()
    page.goto(f"{url}/control/blank")
    for start in range(0, len(asked), AT_ONCE):
        found = page.evaluate(FRAMED, asked[start : start + AT_ONCE])
        seen.pages += found["pages"]
        for name in found["others"]:
            seen.note(f"{name}: no page, and a browser may take it for one")
    context.close()


def _paths(number: int, reference: str) -> list[str]:
    text = quote(PAYLOADS[number], safe="")
    return [
        f"/listen/clip_{number}",
        f"/about/clip_{number}",
        f"/feedback?clip=clip_{number}&t={text}&r={text}",
        f"/embed/clip_{number}",
        f"/feedback/{reference}",
        f"/listen/{text}",
        f"/feedback?clip={text}",
        f"/staff/sign-in?token={text}",
        f"/staff/invitation?token={text}",
        f"/oembed?url={text}",
        f"/v1/clips/clip_{number}",
        f"/v1/clips/clip_{number}/transcript",
        f"/staff/v1/lexicon/lex_{number}",
        f"/staff/elsewhere/back?state={text}&error={text}",
        f"/{text}",
        f"/staff/events/evt_{number}",
        f"/staff/callbacks/dlv_{number}",
        f"/staff/events?state={text}&site={text}&source={text}",
        f"/staff/callbacks?state={text}&site={text}&type={text}",
    ]


def _lists() -> list[str]:
    """Pages that show what came with many payloads."""
    return [
        "/staff",
        "/staff?state=all",
        "/staff/people",
        "/staff/log",
        "/staff/log?below=zzz",
        "/staff/account",
        "/staff/events",
        "/staff/events?below=evt_3",
        "/staff/callbacks",
        "/staff/callbacks?below=dlv_3",
    ]


def _form(number: int) -> dict[str, str | None]:
    """A report that comes back with what was written."""
    text = PAYLOADS[number]
    sent = {
        "clip": f"clip_{number}",
        "category": text,
        "comment": text[:900],
        "position": text[:12],
        "email": text[:60],
        "revision": text,
        "clip_token": text,
        "sent_key": text,
    }
    return _asked("/v1/feedback", number, urlencode(sent))


def _send_form(page: Page, url: str, number: int, seen: Seen) -> None:
    """What a person does: send a form that comes back with what they wrote."""
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


def _context(browser: Browser, seen: Seen, url: str, staff: Signed | None, *, without_policy: bool) -> BrowserContext:
    context = browser.new_context(bypass_csp=without_policy)
    context.add_init_script(WATCH)
    context.on("console", lambda said: seen.note(said.text) if said.text.startswith("RAN ") else None)
    context.route(f"{CANARY}**", lambda route: _called(route, seen))
    context.route("**/*.mp3*", lambda route: route.abort())
    if staff is not None:
        name, _, value = staff.headers["Cookie"].partition("=")
        context.add_cookies([{"name": name, "value": value, "url": url}])
    return context


def _called(route: Route, seen: Seen) -> None:
    seen.note(f"called {route.request.url} {route.request.frame.name}")
    route.abort()


def _open(page: Page, address: str, seen: Seen, what: str) -> None:
    seen.place = what
    seen.pages += 1
    page.goto(address, wait_until="load")


def _figure(name: str, value: float, target: float, sense: Literal["≥", "="], note: str) -> Figure:
    return exact(name=name, value=value, target=target, sense=sense, note=note)


def main() -> None:
    for figure in figures():
        print(f"{figure.name}: {figure.value:g} ({figure.note}) {figure.verdict}")


if __name__ == "__main__":
    main()
