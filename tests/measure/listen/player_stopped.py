"""How long a publisher's page waits for the player of a service that is stopped.

`python -m tests.measure.listen.player_stopped`. The service is a process that accepts connections and never answers.
Prints DOMContentLoaded and load in ms of one page with different script tags; ends with 1 when the tag of
docs/player.md delays DOMContentLoaded.
"""

from __future__ import annotations

import re
import signal
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.parts.places import ROOT
from tests.parts.player_pages import elsewhere, started

DOCUMENT = ROOT / "docs" / "player.md"
LIMIT_MS = 2000
"""A page that isn't ready by then counts as held back."""
ALLOWED_MS = 50
"""What a busy machine may add, besides the time of the page itself; a page that is held back never gets there."""
READY = "domContentLoadedEventEnd"
EVENTS = (READY, "loadEventEnd")
TIMES = 9
_LISTENS = """
import signal, socket
server = socket.create_server(("127.0.0.1", 0), backlog=512)
print(server.getsockname()[1], flush=True)
signal.pause()
"""
_ARTICLE = "<h1>New bridge opens</h1>" + "<p>Three hundred people came to see it.</p>" * 40


@contextmanager
def stopped_service() -> Iterator[str]:
    """The address of a service that is stopped: the kernel accepts what comes, nobody reads it."""
    process = subprocess.Popen([sys.executable, "-c", _LISTENS], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    port = process.stdout.readline().strip()
    process.send_signal(signal.SIGSTOP)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def documented_tag(url: str) -> str:
    """The script tag that docs/player.md gives, for a service at `url`."""
    found = re.search(r"<script [^>]*player\.js[^>]*></script>", DOCUMENT.read_text("utf-8"))
    assert found
    return found.group(0).replace("https://audio.example", url)


def tags(url: str) -> dict[str, str]:
    """Script tags by name."""
    return {
        "without the player": "",
        "type=module": f'<script type="module" src="{url}/player.js"></script>',
        "type=module async (docs/player.md)": documented_tag(url),
        "import() in a module": f'<script type="module">import("{url}/player.js")</script>',
    }


def host_page(tag: str) -> str:
    """An article below an element of the player."""
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Bridge</title><link rel="icon" href="data:,">'
        f'{tag}<body><article-audio site="gazette" article="1"></article-audio>{_ARTICLE}</body></html>'
    )


def waited(
    browser: Browser, html: str, limit_ms: int = LIMIT_MS, events: tuple[str, ...] = EVENTS
) -> dict[str, float | None]:
    """Milliseconds until each event; None: not within the limit."""
    times: dict[str, float | None] = {}
    with elsewhere(html) as address:
        page = browser.new_page()
        page.goto(address, wait_until="commit")
        for name in events:
            read = f"performance.getEntriesByType('navigation')[0].{name}"
            try:
                page.wait_for_function(f"() => {read} > 0", timeout=limit_ms, polling=20)
                times[name] = page.evaluate(f"() => {read}")
            except PlaywrightTimeout:
                times[name] = None
        page.close()
    return times


def _figures(values: list[float | None]) -> tuple[float, float]:
    """Median and fastest; what didn't come counts as the limit."""
    known = [LIMIT_MS if value is None else value for value in values]
    return statistics.median(known), min(known)


def _shown(figures: tuple[float, float]) -> str:
    median, fastest = figures
    return f"> {LIMIT_MS}" if median >= LIMIT_MS else f"{median:.0f} ({fastest:.0f})"


def main() -> int:
    with started() as browser, stopped_service() as url:
        times: dict[str, list[dict[str, float | None]]] = {name: [] for name in tags(url)}
        waited(browser, host_page(""))  # the first page of a browser is slower
        for _ in range(TIMES):  # in turn, so that a busy moment of this machine meets all of them
            for name, tag in tags(url).items():
                times[name].append(waited(browser, host_page(tag)))
    figures = {name: [_figures([one[event] for one in ones]) for event in EVENTS] for name, ones in times.items()}
    print(
        f"Service stopped; ms, median of {TIMES} (fastest)".ljust(44) + "DOMContentLoaded".rjust(18) + "load".rjust(14)
    )
    for name, (ready, loaded) in figures.items():
        print(name.ljust(44) + _shown(ready).rjust(18) + _shown(loaded).rjust(14))
    without, documented = figures["without the player"][0][0], figures["type=module async (docs/player.md)"][0][0]
    return int(documented > 2 * without + ALLOWED_MS)


if __name__ == "__main__":
    sys.exit(main())
