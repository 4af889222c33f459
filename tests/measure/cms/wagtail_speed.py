"""How much a stopped audio service slows a Wagtail site: `python -m tests.measure.cms.wagtail_speed`.

The same site runs twice, with the app and without it, on gunicorn; requests go to one and the other in turn. The audio
service is a process with a listening socket that is stopped (SIGSTOP): connections are accepted, nobody answers.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.measure.cms import wagtail
from tests.measure.cms.wagtail_receiver import HOOK, SECRET

COUNTS = (1, 20)
SAVE_S, VIEW_S = 0.2, 0.35
"""What may be added to saving a page and to its first view."""
SAVES = 9
"""A page is saved at least so often, and the median counts."""
Pages = dict[int, list[dict[str, Any]]]
_SLEEPER = "import sys, time; time.sleep(3600)"


@contextmanager
def stopped_service() -> Iterator[str]:
    """Address of a service that accepts and never answers."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(512)
        child = subprocess.Popen([sys.executable, "-c", _SLEEPER], pass_fds=[listening.fileno()])
        try:
            child.send_signal(signal.SIGSTOP)
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            child.kill()
            child.wait()


def main() -> int:
    """Print the table. 0: all figures hold."""
    why = wagtail.missing()
    if why:
        print(f"NOT RUN: {why}")
        return 0
    rows: list[tuple[str, int, float, float]] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        stopped_service() as service,
        wagtail.started(Path(folder) / "without") as without,
        wagtail.started(Path(folder) / "with") as having,
    ):
        for count in COUNTS:
            _give(having, service)
            for site in (having, without):
                site.restart()
            pages = {
                site.port: [site.act("publish", title="Ferry", html=_text(0)) for _ in range(count)]
                for site in (having, without)
            }

            def save(site: wagtail.Wagtail, number: int, pages: Pages = pages) -> None:
                site.act("change", page=pages[site.port][number % len(pages[site.port])]["id"], html=_text(number))

            def view(site: wagtail.Wagtail, number: int, pages: Pages = pages) -> None:
                _view(pages[site.port][number]["url"])

            rows.append(("saving a page", count, *_in_turn(having, without, save, max(count, SAVES))))
            rows.append(("first view of a page", count, *_in_turn(having, without, view, count)))
    print(f"{'':22} {'pages':>5} {'without':>9} {'with':>9} {'added':>9} {'may add':>9}")
    fine = True
    for name, count, plain, slowed in rows:
        limit = SAVE_S if name.startswith("saving") else VIEW_S
        fine = fine and slowed - plain <= limit
        print(f"{name:22} {count:>5} {plain:>8.3f}s {slowed:>8.3f}s {slowed - plain:>+8.3f}s {limit:>8.2f}s")
    print(f"medians, for the first view of one page its only one; load of this machine: {os.getloadavg()[0]:.1f}")
    return 0 if fine else 1


def _give(site: wagtail.Wagtail, service: str) -> None:
    given = {"LISTEN_ADDRESS": service + HOOK, "LISTEN_SECRET": SECRET, "LISTEN_SITE": "gazette"}
    (site.folder / "listen.json").write_text(json.dumps(given))
    site.manage("migrate", "-v0", "listen_to_the_article")


def _in_turn(
    having: wagtail.Wagtail, without: wagtail.Wagtail, one: Callable[[wagtail.Wagtail, int], None], count: int
) -> tuple[float, float]:
    """Median seconds (without, with) of `one`, done for each page on one site and then on the other."""
    seconds: dict[int, list[float]] = {having.port: [], without.port: []}
    for number in range(count):
        for site in (without, having):
            began = time.monotonic()
            one(site, number)
            seconds[site.port].append(time.monotonic() - began)
    return statistics.median(seconds[without.port]), statistics.median(seconds[having.port])


def _view(url: str) -> None:
    answer = httpx.get(url, timeout=60, trust_env=False)
    assert answer.status_code == 200, answer.status_code
    assert "The ferry runs" in answer.text


def _text(number: int) -> str:
    return f"<p>The ferry runs {number} times a day.</p>" * 20


if __name__ == "__main__":
    sys.exit(main())
