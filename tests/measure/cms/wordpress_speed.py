"""What a service that accepts connections and never answers costs editors and readers of a WordPress site.

`python -m tests.measure.cms.wordpress_speed [VERSION]`: medians with the plugin and without it, taken in turns in one
run, for 1 and for 20 posts, against a listener that is stopped (SIGSTOP).
"""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.measure.cms import wordpress
from tests.measure.cms.driver import Address, Posted
from tests.measure.cms.wordpress import WordPress
from tests.measure.cms.wordpress_listener import HOOK_PATH, Listener

SAVE_S = 0.2
PAGE_S = 0.35
"""How much slower than without the plugin a save and a page may be."""
ROUNDS = 5
_LISTENER = (
    "import socket;s=socket.create_server(('127.0.0.1',0),backlog=256);print(s.getsockname()[1],flush=True);input()"
)
_TEXT = "<p>The ferry across the bay runs again from Monday, and the fare stays as it was.</p>" * 5


@contextmanager
def stopped_service() -> Iterator[int]:
    """The port of a process that was stopped: the kernel accepts connections, nobody ever answers."""
    process = subprocess.Popen(
        [sys.executable, "-c", _LISTENER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    port = int(process.stdout.readline())
    process.send_signal(signal.SIGSTOP)
    try:
        yield port
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()


@dataclass(slots=True)
class Figures:
    """Seconds, by what was measured."""

    save: list[float] = field(default_factory=list)
    page: list[float] = field(default_factory=list)


def measure(cms: WordPress, posts: list[Posted]) -> Figures:
    """Save each post through the REST API, as the block editor does, then open each page."""
    figures = Figures()
    for count, post in enumerate(posts):
        began = time.monotonic()
        cms.change(post, f"{_TEXT}<p>{time.monotonic()} {count}</p>")
        figures.save.append(time.monotonic() - began)
    with httpx.Client(timeout=30, trust_env=False) as reader:
        for post in posts:
            began = time.monotonic()
            reader.get(post.url).raise_for_status()
            figures.page.append(time.monotonic() - began)
    return figures


def compare(cms: WordPress, posts: list[Posted]) -> tuple[Figures, Figures]:
    """(without the plugin, with it): rounds in turns, so that a busy machine is as busy for both."""
    plugin = cms.folder / "wp-content" / "mu-plugins" / "listen-to-the-article.php"
    aside = plugin.with_suffix(".off")
    without, with_it = Figures(), Figures()
    for _ in range(ROUNDS):
        plugin.rename(aside)
        _settle(cms)
        one = measure(cms, posts)
        aside.rename(plugin)
        # As after a pause: neither the breaker nor the queue remembers that the service was silent.
        cms.server.sql("DELETE FROM wp_options WHERE option_name = 'listen_to_the_article_line'")
        _settle(cms)
        other = measure(cms, posts)
        for total, part in ((without, one), (with_it, other)):
            total.save += part.save
            total.page += part.page
    return without, with_it


def _settle(cms: WordPress) -> None:
    """PHP looks again at a file's time after two seconds (opcache); requests that still run come to their end."""
    time.sleep(2.5)
    httpx.get(cms.url, timeout=30, trust_env=False)


def main(version: str = "") -> int:
    if reason := wordpress.missing(version):
        print(f"NOT RUN: {reason}")
        return 0
    wrong = 0
    with wordpress.started(Path(tempfile.mkdtemp()) / "speed", version) as cms, stopped_service() as port:
        cms.install_plugin()
        url = f"http://127.0.0.1:{port}"
        service = Address(url=url, hook_url=url + HOOK_PATH, secret=Listener().secret, site="gazette")
        cms.save_settings(address=service.hook_url, secret=service.secret, site=service.site)
        print(f"WordPress {cms.version}, service stopped; medians (slowest) in seconds")
        print(f"{'posts':>5} {'':6} {'without':>15} {'with plugin':>15} {'difference':>10} {'allowed':>8}")
        for count in (1, 20):
            posts = [cms.publish(f"Post {number}", _TEXT) for number in range(count)]
            without, with_it = compare(cms, posts)
            for name, bound in (("save", SAVE_S), ("page", PAGE_S)):
                before, after = getattr(without, name), getattr(with_it, name)
                difference = statistics.median(after) - statistics.median(before)
                wrong += difference > bound
                print(f"{count:5} {name:6} {_pair(before):>15} {_pair(after):>15} {difference:+10.3f} {bound:8.2f}")
        waiting = cms.server.sql("SELECT COUNT(*) FROM wp_listen_to_the_article WHERE pending = 1").strip()
        print(f"posts that wait in the queue: {waiting}")
    return 1 if wrong else 0


def _pair(seconds: list[float]) -> str:
    return f"{statistics.median(seconds):.3f} ({max(seconds):.2f})"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
