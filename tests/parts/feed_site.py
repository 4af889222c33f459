"""A site with feeds and pages for tests: what it answers can be changed, what it was asked is remembered."""

from __future__ import annotations

import email.utils
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tests.parts.small_internet import Net, net, reply
from tts_service.http.client import Outbound

SITE = "http://gazette.example"


@dataclass
class Publisher:
    """The site gazette.example."""

    pages: dict[str, list[bytes]] = field(default_factory=dict)
    """Answer by path and query."""
    asked: list[str] = field(default_factory=list)
    """Paths, in order."""
    requests: list[str] = field(default_factory=list)
    network: Net | None = None

    @property
    def outbound(self) -> Outbound:
        assert self.network is not None
        return self.network.client()

    def page(self, path: str, text: str, language: str = "en") -> str:
        """Put an article there. Returns its address."""
        html = f"<!doctype html><html lang={language}><head><title>{text}</title></head><body><article><h1>{text}</h1>"
        html += f"<p>{text} is what this article is about, from its first word to its last.</p></article></body></html>"
        self.pages[path] = reply(html.encode(), "Content-Type: text/html; charset=utf-8")
        return SITE + path

    def rss(self, path: str, entries: Iterable[tuple[str, float | None]], *headers: str, below: str = "") -> str:
        """Put a feed there: (address, days ago or None). Returns its address."""
        items = "".join(f"<item><link>{url}</link>{_date(days)}</item>" for url, days in entries)
        body = f'<rss version="2.0"><channel>{below}{items}</channel></rss>'
        self.pages[path] = reply(body.encode(), "Content-Type: application/rss+xml", *headers)
        return SITE + path

    def sitemap(self, path: str, entries: Sequence[tuple[str, float | None]], *, index: bool = False) -> str:
        root, inner = ("sitemapindex", "sitemap") if index else ("urlset", "url")
        dates = ["" if days is None else f"<lastmod>{ago(days).isoformat()}</lastmod>" for _, days in entries]
        rows = "".join(
            f"<{inner}><loc>{url}</loc>{date}</{inner}>" for (url, _), date in zip(entries, dates, strict=True)
        )
        self.pages[path] = reply(f"<{root}>{rows}</{root}>".encode(), "Content-Type: application/xml")
        return SITE + path

    def fails(self, path: str, status: str = "503 Service Unavailable") -> str:
        self.pages[path] = reply(b"", status=status)
        return SITE + path

    def answer(self, request: str) -> list[bytes]:
        path = request.split(" ", 2)[1]
        self.asked.append(path)
        self.requests.append(request)
        return self.pages.get(path, reply(b"", status="404 Not Found"))


def ago(days: float) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)


@contextmanager
def publisher() -> Iterator[Publisher]:
    made = Publisher()
    with net(made.answer) as network:
        made.network = network
        yield made


def _date(days: float | None) -> str:
    return "" if days is None else f"<pubDate>{email.utils.format_datetime(ago(days))}</pubDate>"
