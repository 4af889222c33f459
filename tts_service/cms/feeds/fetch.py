"""Fetches a feed through the guarded client: only if it changed, and all of it or nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from http import HTTPStatus
from urllib.parse import urlsplit

from tts_service.cms.feeds.parse import Feed, read_feed
from tts_service.errors import FeedUnreadable, RemoteUnavailable
from tts_service.http.client import Answer, Outbound
from tts_service.http.terms import FEED
from tts_service.http.unpack import GZIP_START, decompressed

_ACCEPT = "application/rss+xml,application/atom+xml,application/xml;q=0.9,text/xml;q=0.9,*/*;q=0.5"
_LONGEST_MARK = 500
"""Maximum characters of an ETag or date that is kept for the next request."""
SLOWEST_S = 60.0
"""Maximum pause before the next request to a host that has problems."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Validators from the last full response."""

    etag: str | None = None
    last_modified: str | None = None


NOTHING_KNOWN = Known()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedResponse:
    """The result of requesting a feed."""

    feed: Feed | None
    """None: nothing has changed since."""
    known: Known
    """For the next request."""


@dataclass(slots=True)
class Politeness:
    """One request at a time per host, with a pause in between; the pause grows while the host has problems."""

    pause_s: float
    """Seconds from the end of one request to the beginning of the next."""
    sleep: Callable[[float], object] = time.sleep
    clock: Callable[[], float] = time.monotonic
    _free: dict[str, float] = field(default_factory=dict)
    _trouble: dict[str, int] = field(default_factory=dict)

    def wait(self, url: str) -> None:
        """Sleep until this address's host may be called."""
        left = self._free.get(_host(url), 0.0) - self.clock()
        if left > 0:
            self.sleep(left)

    def asked(self, url: str, *, trouble: bool) -> None:
        """Note that it was called, and whether it had `trouble`."""
        host = _host(url)
        self._trouble[host] = min(10, self._trouble.get(host, 0) + 1) if trouble else 0
        pause = min(max(SLOWEST_S, self.pause_s), max(1.0, self.pause_s) * 2 ** self._trouble[host])
        self._free[host] = self.clock() + (pause if trouble else self.pause_s)


def fetch_feed(outbound: Outbound, url: str, known: Known, politeness: Politeness, zone: tzinfo = UTC) -> FeedResponse:
    """Request a feed; `zone`: of dates that name none.

    Raises FeedUnreadable, AddressRefused, RemoteTooLarge, RemoteUnavailable (try again later).
    """
    conditions = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    headers = {"Accept": _ACCEPT} | {name: value for name, value in conditions.items() if value}
    politeness.wait(url)
    trouble = True
    try:
        answer = outbound.get(url, FEED, headers)
        trouble = _in_trouble(answer)
    finally:
        politeness.asked(url, trouble=trouble)
    if answer.status == HTTPStatus.NOT_MODIFIED:
        return FeedResponse(feed=None, known=known)
    _judge(answer, url)
    body = answer.body
    if body.startswith(GZIP_START):  # sitemaps lie packed on their servers: sitemap.xml.gz
        body = b"".join(decompressed([body], "gzip", FEED.unpacked_bytes))
    marks = (answer.headers.get("etag"), answer.headers.get("last-modified"))
    etag, modified = (mark if mark and len(mark) <= _LONGEST_MARK else None for mark in marks)
    return FeedResponse(feed=read_feed(body, answer.url, zone), known=Known(etag=etag, last_modified=modified))


def _judge(answer: Answer, url: str) -> None:
    if _in_trouble(answer):
        raise RemoteUnavailable(f"{url} returned HTTP status {answer.status}; it will be retried later.")
    if answer.status != HTTPStatus.OK:
        raise FeedUnreadable(f"{url} returned HTTP status {answer.status}: there is no feed to read.")


def _in_trouble(answer: Answer) -> bool:
    return answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR or answer.status == HTTPStatus.TOO_MANY_REQUESTS


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower()
