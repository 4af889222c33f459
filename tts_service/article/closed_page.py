"""Classifies the public page of a known article: open, gone, restricted to some readers, or unclear."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

from tts_service.article.depth import shallow
from tts_service.article.page_addresses import (
    asks_for_consent,
    is_above,
    is_front,
    is_login,
    same_page,
    same_site,
    shares_number,
    split_address,
    visibility_behind,
)
from tts_service.article.page_glance import Glance, glance_at
from tts_service.article.page_locks import canonical_href, form_in_place, lock_of
from tts_service.article.page_substitutes import EMPTY_WORDS, substitute_for
from tts_service.article.width import narrow

MAX_HTML = 5_000_000
"""Maximum characters of a page to examine."""
_GONE = (404, 410)
_MAY_BE_LOGIN = (200, 203, 401, 403)
"""HTTP statuses that login pages are served with."""
_REFRESH = re.compile(r"\s*[0-5](?:\.\d{0,6})?\s*[;,]\s*url\s*=\s*[\"']?([^\"']{1,2000})", re.IGNORECASE)


class PageStanding(StrEnum):
    """State of an article, judged by its page."""

    OPEN = "open"
    GONE = "gone"
    CLOSED = "closed"
    UNKNOWN = "unknown"
    """The page gives no evidence: take no action."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageVerdict:
    """Result of checking an article's page."""

    verdict: PageStanding
    reason: str
    """One sentence for the staff page."""
    visibility: str | None = None
    """Audience of a closed article: password, members or paid."""
    moved_to: str | None = None
    """New address of an open article that has moved."""


def page_verdict(*, status: int, asked_url: str, final_url: str, html: str, title: str | None = None) -> PageVerdict:
    """Classifies a known article by the response its address gives to a reader without cookies.

    A single check is not proof: callers must check again before acting on `gone` or `closed`.

    Args:
        status: HTTP status of the last response.
        asked_url: the article's known address.
        final_url: the address after redirects.
        html: the page's source, decoded.
        title: the article's headline if known; a page that shows it is the article's page.
    """
    if status in _GONE:
        return _gone(f"The article's address answers with HTTP status {status}.")
    by_address = _by_address(status, asked_url, final_url)
    if by_address is not None:
        return by_address
    if status not in (200, 203):
        return _unknown(
            f"The article's address answers with HTTP status {status}, which says nothing about the article."
        )
    if "<" not in html[:100_000]:
        return _unknown("The article's address returns an empty page, or something other than an HTML page.")
    tree = LexborHTMLParser(shallow(narrow(html[:MAX_HTML])))
    refreshed = _refreshed(tree, final_url)
    if refreshed and (by_address := _by_address(200, asked_url, refreshed)) is not None:
        return by_address
    return _by_page(tree, glance_at(tree), asked_url, final_url, title)


def _by_address(status: int, asked: str, final: str) -> PageVerdict | None:
    """The verdict from the final address and the status alone; None if the page must be read."""
    if (
        same_page(asked, final)
        and not split_address(final).fragment
        and "password-protected" not in split_address(final).query
    ):
        return None
    if asks_for_consent(final, asked):
        return _unknown("The article's address leads to a consent, age or robot check.")
    if status in _MAY_BE_LOGIN and is_login(final, asked):
        who = visibility_behind(final)
        return _closed(f"The article's address leads to a login or registration page: {_shown(final)}", who)
    return None


def _by_page(tree: LexborHTMLParser, glance: Glance, asked: str, final: str, title: str | None) -> PageVerdict:
    """The verdict from the page's content."""
    canonical = canonical_href(tree)
    canonical = _joined(final, canonical) if canonical else None
    lock = lock_of(tree, glance, tuple(filter(None, (asked, final, canonical))))
    if lock is not None:
        return _closed(lock.reason, lock.visibility)
    if instead := substitute_for(tree, glance, title):
        return _unknown(instead)
    lock = form_in_place(glance, title)
    if lock is not None:
        return _closed(lock.reason, lock.visibility)
    if not same_page(asked, final):
        return _moved(tree, glance, asked, final, title)
    elsewhere = canonical if canonical and _lives_at(canonical, asked) else None
    if glance.shows(title):
        return _open("The page shows the article's headline and asks for no login.", elsewhere)
    if glance.words < EMPTY_WORDS and not glance.names(title):
        return _unknown("The page is practically empty without scripts.")
    if title and not glance.names(title) and not _is_article(tree):
        return _unknown("The page shows neither the article's headline nor any mark of an article.")
    return _open("The page shows its text and asks for no login.", elsewhere)


def _moved(tree: LexborHTMLParser, glance: Glance, asked: str, final: str, title: str | None) -> PageVerdict:
    """The verdict for an address that redirects: the article itself, a front page, or something else."""
    if same_site(asked, final) and is_front(final) and not is_front(asked):
        # Even if the front page still lists the article.
        return _gone(f"The article's address leads to the site's front page: {_shown(final)}")
    is_article = _is_article(tree)
    if glance.shows(title) and (is_article or glance.has_headline):
        return _open(f"The article has moved to {_shown(final)}", final)
    if not same_site(asked, final):
        return _unknown(f"The article's address leads to another site: {_shown(final)}")
    if is_above(final, asked) and not is_article:
        return _gone(f"The article's address leads to the section that it was in: {_shown(final)}")
    if is_article and (title is None or shares_number(asked, final)):
        return _open(f"The article has moved to {_shown(final)}", final)
    return _unknown(f"The article's address leads to a page that doesn't show its headline: {_shown(final)}")


def _lives_at(canonical: str, asked: str) -> bool:
    """Whether a canonical address is another page of the same site, not its front page."""
    return same_site(canonical, asked) and not same_page(canonical, asked) and not is_front(canonical)


def _is_article(tree: LexborHTMLParser) -> bool:
    """Whether the page declares itself an article."""
    kind = tree.css_first('meta[property="og:type"]')
    if kind is not None and ((kind.attributes or {}).get("content") or "").strip().lower() == "article":
        return True
    if tree.css_first("body.single, body.post-template, body.single-post, body.node-type-article") is not None:
        return True
    return any(
        re.search(r'"@type"\s{0,9}:\s{0,9}\[?\s{0,9}"\w{0,30}(?:Article|Posting)"', (node.text() or "")[:200_000])
        for node in tree.css("script[type*='ld+json' i]")[:20]
    )


def _refreshed(tree: LexborHTMLParser, final: str) -> str | None:
    """Target of a meta refresh that fires within a few seconds."""
    for node in tree.css("meta[http-equiv='refresh' i]")[:3]:
        match = _REFRESH.match((node.attributes or {}).get("content") or "")
        if match:
            return _joined(final, match.group(1).strip())
    return None


def _joined(base: str, address: str) -> str | None:
    """Resolves an address against the page's; None if it is malformed."""
    try:
        return str(urljoin(base, address))
    except ValueError:
        return None


def _shown(address: str) -> str:
    """An address without its query, shortened for use in a sentence."""
    parts = split_address(address)
    return f"{parts.scheme}://{parts.netloc}{parts.path}"[:200] + "."


def _open(reason: str, moved_to: str | None = None) -> PageVerdict:
    return PageVerdict(verdict=PageStanding.OPEN, reason=reason, moved_to=moved_to)


def _gone(reason: str) -> PageVerdict:
    return PageVerdict(verdict=PageStanding.GONE, reason=reason)


def _closed(reason: str, visibility: str) -> PageVerdict:
    return PageVerdict(verdict=PageStanding.CLOSED, reason=reason, visibility=visibility)


def _unknown(reason: str) -> PageVerdict:
    return PageVerdict(verdict=PageStanding.UNKNOWN, reason=reason)
