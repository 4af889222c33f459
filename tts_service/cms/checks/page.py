"""Requests an article's public page as an anonymous reader."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from tts_service.article.closed_page import PageStanding, page_verdict
from tts_service.article.fetch import decoded_page
from tts_service.cms.checks.robots import Robots
from tts_service.cms.feeds.fetch import NOTHING_KNOWN, Known, Politeness
from tts_service.errors import AddressRefused, RemoteTooLarge, RemoteUnavailable
from tts_service.http.client import Outbound
from tts_service.http.terms import PAGE

_ACCEPT = "text/html,application/xhtml+xml;q=0.9"
_LONGEST_MARK = 500
"""Maximum characters stored of an ETag or date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Result of requesting a page."""

    verdict: PageStanding
    reason: str
    """One sentence for staff."""
    visibility: str | None = None
    """For `closed`: the audience, if the page shows it."""
    known: Known = NOTHING_KNOWN
    """Validators for the next conditional request, if the page is open."""
    html: str | None = None
    """The page; None if it was not sent (304)."""


def look_at_page(url: str, title: str | None, known: Known, *, outbound: Outbound, robots: Robots) -> Look:
    """Requests a page within the host's request rate. `known`: validators from when it was last open."""
    if not robots.allow(url):
        return Look(verdict=PageStanding.UNKNOWN, reason="robots.txt disallows this page, or can't be read.")
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
    html = decoded_page(answer.body, answer.headers.get("content-type", ""))
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
