"""One turn of checks for a site, scheduled by beat and run by the worker for outgoing requests."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from tts_service.cms.checks.cms_api import ask_cms
from tts_service.cms.checks.page import look_at_page
from tts_service.cms.checks.restore import reopen
from tts_service.cms.checks.robots import Robots
from tts_service.cms.checks.rounds import FOUND_IN, note_turn, portion
from tts_service.cms.checks.verdicts import CheckAnswer, settle_answer, withdraw_gone
from tts_service.cms.feeds.fetch import Known, Politeness
from tts_service.cms.feeds.request import RequestContext, request, site_defaults, waiting
from tts_service.cms.inbox.cms_api import Fetch, fetcher
from tts_service.db.tables import ArticleCheckRow, ArticleRow, SiteRoundRow
from tts_service.errors import DatabaseUnavailable, LeaseLost, ServiceError
from tts_service.http.client import Outbound
from tts_service.parts import Parts
from tts_service.queue.claim import Claim, settle

TURN_S = 30.0
"""Seconds after which a turn starts no further article."""
MOST = 50
"""Maximum articles checked in one turn."""

log = logging.getLogger(__name__)


def check_site(
    parts: Parts,
    outbound: Outbound,
    claimed: Claim[SiteRoundRow],
    sleep: Callable[[float], object] = time.sleep,
    fetch: Fetch | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Counter[str]:
    """One turn for a site. Returns the number of articles per verdict. `fetch` calls CMSs' APIs; None: through
    `outbound`.

    Raises LeaseLost, and DatabaseUnavailable; the site then becomes due again when its lease expires.
    """
    until, site = clock() + TURN_S, claimed.row.site
    politeness = Politeness(pause_s=parts.settings.fetch_pause_s, sleep=sleep, clock=clock)
    robots = Robots(outbound=outbound, politeness=politeness)
    ask = fetch or fetcher(outbound)
    now = portion(parts, site, MOST)
    verdicts, reached = Counter[str](), list[str]()
    for article_id in (*now.urgent, *now.next):
        if clock() >= until:
            break
        verdicts[_checked(parts, outbound, robots, article_id, ask)] += 1
        if article_id in now.next:
            reached.append(article_id)
    note_turn(parts, site, reached, verdicts, at_end=not now.next and len(now.urgent) < MOST)
    withdraw_gone(parts, site)
    context = RequestContext(parts=parts, outbound=outbound, politeness=politeness, queue="normal")
    for address in waiting(parts, site, FOUND_IN, MOST):
        if clock() >= until:
            break
        request(context, site_defaults(parts, site), site, address)
    with parts.database.writing() as session:
        settle(session, claimed)
    return verdicts


@dataclass(frozen=True, slots=True, kw_only=True)
class _Article:
    url: str | None
    title: str | None
    known: Known


def _checked(parts: Parts, outbound: Outbound, robots: Robots, article_id: str, fetch: Fetch) -> str:
    """Checks one article. Returns the result of `settle_answer`, or of reopening."""
    try:
        answered = ask_cms(parts, robots.politeness, article_id, fetch)
        if answered is not None:
            settled = settle_answer(parts, article_id, answered)
            return "open" if settled == "reopening" else settled
        article = _article(parts, article_id)
        if article is None or article.url is None:
            return "unknown"
        look = look_at_page(article.url, article.title, article.known, outbound=outbound, robots=robots)
        answer = CheckAnswer(verdict=look.verdict, reason=look.reason, visibility=look.visibility, known=look.known)
        settled = settle_answer(parts, article_id, answer)
        return reopen(parts, article_id, look.html) if settled == "reopening" else settled
    except (DatabaseUnavailable, LeaseLost):
        raise
    except ServiceError as error:
        log.warning("check of article %s: %s: %s", article_id, error.code, error.message)
        return "unknown"
    except Exception:  # a fault of ours mustn't stop the site's round at this article for ever
        log.exception("check of article %s failed unexpectedly", article_id)
        return "unknown"


def _article(parts: Parts, article_id: str) -> _Article | None:
    with parts.database.reading() as session:
        article = session.get(ArticleRow, article_id)
        check = session.get(ArticleCheckRow, article_id)
    if article is None:
        return None
    # Only an open page may answer 304: any other must be read in full.
    offline = article.withdrawn_ms is not None or article.visibility != "public"
    known = Known(etag=check.etag, last_modified=check.last_modified) if check and not offline else Known()
    if check is not None and (check.suspect or check.acted):
        known = Known()
    return _Article(url=article.url, title=article.title, known=known)
