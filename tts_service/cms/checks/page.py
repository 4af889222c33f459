"""Looks at an article's public page as an anonymous reader."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from tts_service.article.closed_page import PageStanding, page_verdict
from tts_service.article.fetch import decoded
from tts_service.cms.checks.robots import Robots
from tts_service.cms.feeds.fetch import NOTHING_KNOWN, Known, Politeness
from tts_service.errors import AddressRefused, RemoteTooLarge, RemoteUnavailable
from tts_service.http.client import Outbound
from tts_service.http.terms import PAGE

_ACCEPT = "text/html,application/xhtml+xml;q=0.9"
_LONGEST_MARK = 500
"""Characters of an ETag or date that is kept for the next request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a page said."""

    verdict: PageStanding
    reason: str
    """In a sentence for staff."""
    visibility: str | None = None
    """For `closed`: who may still read it, where the page tells."""
    known: Known = NOTHING_KNOWN
    """For the next conditional request, once the page is open."""
    html: str | None = None
    """The page; None: it wasn't sent (again)."""


def look_at(url: str, title: str | None, known: Known, *, outbound: Outbound, robots: Robots) -> Look:
    """Ask for a page when its host's turn has come. `known`: what it said when it was last open."""
    if not robots.allow(url):
        return Look(verdict=PageStanding.UNKNOWN, reason="robots.txt forbids a look at this page, or can't be read.")
    conditions = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    headers = {"Accept": _ACCEPT} | {name: value for name, value in conditions.items() if value}
    robots.politeness.wait(url)
    trouble = True
    try:
        answer = outbound.get(url, PAGE, headers)
        trouble = answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR or answer.status == HTTPStatus.TOO_MANY_REQUESTS
    except (AddressRefused, RemoteUnavailable, RemoteTooLarge) as error:
        return Look(verdict=PageStanding.UNKNOWN, reason=error.message)
    finally:
        _note(robots.politeness, url, robots.pause_s(url), trouble=trouble)
    if answer.status == HTTPStatus.NOT_MODIFIED:
        return Look(verdict=PageStanding.OPEN, reason="The page hasn't changed since it was last open.", known=known)
    html = decoded(answer.body, answer.headers.get("content-type", ""))
    found = page_verdict(status=answer.status, asked_url=url, final_url=answer.url, html=html, title=title)
    marks = (answer.headers.get("etag"), answer.headers.get("last-modified"))
    etag, modified = (mark if mark and len(mark) <= _LONGEST_MARK else None for mark in marks)
    return Look(
        verdict=found.verdict,
        reason=found.reason,
        visibility=found.visibility,
        known=Known(etag=etag, last_modified=modified) if found.verdict is PageStanding.OPEN else NOTHING_KNOWN,
        html=html,
    )


def _note(politeness: Politeness, url: str, pause_s: float, *, trouble: bool) -> None:
    usual, politeness.pause_s = politeness.pause_s, max(politeness.pause_s, pause_s)
    politeness.asked(url, trouble=trouble)
    politeness.pause_s = usual
