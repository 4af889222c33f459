"""Consequences of a verdict about an article: second check, restriction, withdrawal, alarm."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tts_service.article.closed_page import PageStanding
from tts_service.cms.checks.rounds import check_soon, live_articles
from tts_service.cms.feeds.fetch import NOTHING_KNOWN, Known
from tts_service.db.tables import ArticleCheckRow, ArticleRow, SiteRoundRow
from tts_service.jobs.control import take_offline
from tts_service.jobs.doubts import CMS_SAID, DOUBT
from tts_service.parts import Parts
from tts_service.values import PUBLIC

CLOSED = "closed"
"""ArticleCheckRow.acted; also the visibility of an article closed by a check if its audience is unknown."""
WITHDRAWN = "withdrawn"
_UNCLEAR_TIMES = 5
"""An inconclusive second check is repeated after this multiple of the usual wait."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAnswer:
    """Verdict on an article from its page or the CMS's API."""

    verdict: PageStanding
    reason: str
    visibility: str | None = None
    known: Known = NOTHING_KNOWN
    sure: bool = False
    """From the CMS itself: needs no second check."""


def settle_answer(parts: Parts, article_id: str, answer: CheckAnswer) -> str:
    """Stores the verdict and acts on it.

    Returns open, gone or closed (unchanged), unknown, suspected (a second check follows), taken away, or reopening: the
    page has been open twice although the article is offline here.
    """
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        article = session.get(ArticleRow, article_id, with_for_update={"key_share": True})
        if article is None:
            return "unknown"
        check = check_of(session, article)
        check.reason = answer.reason[:500]
        confirm_ms = int(parts.settings.check_confirm_s * 1000)
        if answer.verdict is PageStanding.UNKNOWN:
            if check.suspect_ms == CMS_SAID:  # not this article's, or not visible on its page: left to the round
                check.suspect = check.suspect_ms = None
            check.again_ms = now + confirm_ms * _UNCLEAR_TIMES if check.suspect else None
            return "unknown"
        check.checked_ms, check.verdict = now, answer.verdict.value
        offline = article.withdrawn_ms is not None or article.visibility != PUBLIC
        is_open = answer.verdict is PageStanding.OPEN
        overruled = not is_open and not answer.sure and (check.before or {}).get("overruled") == answer.reason[:500]
        if is_open is not offline or overruled:  # unchanged, or overruled by staff
            check.suspect = check.suspect_ms = check.again_ms = None
            check.etag, check.last_modified = answer.known.etag, answer.known.last_modified
            return answer.verdict.value
        doubt = "open" if is_open else DOUBT
        if not answer.sure and (check.suspect != doubt or now < (check.suspect_ms or now) + confirm_ms):
            if check.suspect != doubt:
                check.suspect, check.suspect_ms = doubt, now
            check.again_ms = (check.suspect_ms or now) + confirm_ms
            check_soon(session, article.site, check.again_ms)
            return "suspected"
        check.suspect = check.suspect_ms = check.again_ms = None
        if is_open:
            return "reopening"
        return _take_away(parts, session, article, check, answer)


def check_of(session: Session, article: ArticleRow) -> ArticleCheckRow:
    """The row of an article's check, created if missing."""
    check = session.get(ArticleCheckRow, article.id)
    if check is None:
        check = ArticleCheckRow(article_id=article.id, site=article.site, verdict="unknown", reason="")
        session.add(check)
    return check


def withdraw_gone(parts: Parts, site: str, *, accepted: bool = False) -> int:
    """After a round without an alarm, or once staff have confirmed: withdraws articles that checks closed because they
    are gone. Returns how many."""
    row = ArticleCheckRow
    gone = (row.site == site, row.acted == CLOSED, row.verdict == PageStanding.GONE)
    with parts.database.writing() as session:
        # Articles before the round, as `settle_answer` locks them.
        mine = select(ArticleRow).join(row, row.article_id == ArticleRow.id).where(*gone).order_by(ArticleRow.id)
        articles = session.scalars(mine.with_for_update(key_share=True, of=ArticleRow)).all()
        site_round = session.get(SiteRoundRow, site, with_for_update=True)
        if site_round is None or site_round.cursor is not None or (site_round.alarm_ms is not None and not accepted):
            return 0
        withdrawn = 0
        for article in articles:
            check = session.get_one(row, article.id)
            if check.acted != CLOSED or check.verdict != PageStanding.GONE:  # decided while this one waited
                continue
            if untouched(article, check):
                take_offline(parts, session, article, by="check")
                article.visibility = str((check.before or {}).get("visibility", PUBLIC))
                check.acted = WITHDRAWN
                withdrawn += 1
            else:
                check.acted = check.before = None
        return withdrawn


def untouched(article: ArticleRow, check: ArticleCheckRow) -> bool:
    """Whether a check took the article offline and nobody has changed it since."""
    before = check.before or {}
    return check.acted is not None and before.get("source_updated_ms") == article.source_updated_ms


def _take_away(parts: Parts, session: Session, article: ArticleRow, check: ArticleCheckRow, answer: CheckAnswer) -> str:
    """Closes the article: nobody can play it, but nothing is deleted."""
    now = parts.database.now_ms(session)
    _watch(parts, session, article.site, now)
    stamp = max(article.source_updated_ms or 0, now)
    check.before = {"visibility": article.visibility, "source_updated_ms": stamp}
    article.visibility, article.source_updated_ms = answer.visibility or CLOSED, stamp
    check.acted, check.acted_ms = CLOSED, now
    log.warning("article %s of %s is closed: %s", article.external_id, article.site, answer.reason)
    return "taken away"


def _watch(parts: Parts, session: Session, site: str, now: int) -> None:
    """Raises the alarm if one more closing exceeds the site's limit per round."""
    row = session.get(SiteRoundRow, site, with_for_update=True)
    if row is None or row.alarm_ms is not None:
        return
    this_round = (ArticleCheckRow.site == site, ArticleCheckRow.acted_ms >= (row.started_ms or 0))
    acted = select(func.count()).select_from(ArticleCheckRow).where(*this_round, ArticleCheckRow.acted.is_not(None))
    closed = (session.scalar(acted) or 0) + 1
    articles = int(row.counts.get("articles") or live_articles(session, site))
    if closed > parts.settings.check_most_closed * articles:
        row.alarm_ms = now
        log.error("site %s: %d of %d articles look closed in one round: see /staff/checks", site, closed, articles)
