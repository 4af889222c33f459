"""The seam "path prefix": the figures of a service below a path, whatever the proxy does with it."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path
from unittest.mock import patch

from fastapi.testclient import TestClient

from tests.measure.figures import Figure, exact
from tests.parts.factories import make_parts
from tests.parts.prefix_crawl import Crawl
from tests.parts.prefix_world import INSIDE, PUBLIC, Proxy, crawl
from tts_service.web.api import jobs as api_jobs
from tts_service.web.app import create_app

PUBLICS = (
    PUBLIC,
    "https://news.example/a/b",
    "https://news.example/listen",
    "https://news.example/m%C3%BCnchen",
    "https://news.example",
)
"""Public URLs: with a path, with two, with one that looks like one of ours, with an umlaut, with none."""
PROXIES: tuple[Proxy, ...] = ("strips", "keeps")


def rows() -> list[Figure]:
    """What was asked and found, and what of it is outside: nothing may be."""
    logging.getLogger("tts_service").setLevel(logging.ERROR)
    crawls = [_crawl(public, proxy) for public in PUBLICS for proxy in PROXIES]
    faults = [fault for found in crawls for fault in found.faults]
    broken = [f"{name} {status}" for found in crawls for name, status in found.statuses.items() if status >= 500]
    asked, found = sum(len(one.asked) for one in crawls), sum(one.found for one in crawls)
    for line in faults + broken:
        print(line)
    return [
        _figure(
            "requests crawled", asked, note=f"{len(PUBLICS)} public URLs, proxies that strip and that keep the path"
        ),
        _figure("addresses of the service found", found),
        _figure("addresses outside the public URL", len(faults), target=0, note="; ".join(faults)[:300]),
        _figure("answers 500 and above", len(broken), target=0, note="; ".join(broken)[:300]),
    ]


def _crawl(public: str, proxy: Proxy) -> Crawl:
    with tempfile.TemporaryDirectory() as folder, patch.object(api_jobs, "EVENTS_FOR_S", api_jobs.EVENT_POLL_S):
        parts = make_parts(Path(folder), public_url=public)
        with TestClient(create_app(parts), base_url=INSIDE, follow_redirects=False) as client:
            found = crawl(parts, client, proxy)
        parts.close()
    return found


def _figure(name: str, value: int, target: float | None = None, note: str = "") -> Figure:
    return exact(name=name, value=value, target=target, sense="=", note=note)


if __name__ == "__main__":
    for figure in rows():
        print(f"{figure.name}: {figure.value:g} {figure.note} {figure.verdict}")
