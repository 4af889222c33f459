"""Makes an article available again: its page is open again, or staff overrule a check."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select, update

from tts_service.access.audit import Deed, note
from tts_service.cms.checks.rounds import FOUND_IN, check_soon
from tts_service.cms.checks.verdicts import CLOSED, WITHDRAWN, untouched
from tts_service.db.pages import at_page
from tts_service.db.tables import ArticleCheckRow, ArticleRow, FoundArticleRow, SiteRoundRow
from tts_service.jobs.again import stored_text
from tts_service.jobs.control import take_offline
from tts_service.jobs.submit import submit
from tts_service.parts import Parts
from tts_service.values import PUBLIC, Article, SourceFormat

_WORD = re.compile(r"\w+")
_RUN = 5
"""Length in words of the runs compared between text and page."""
_ENOUGH = 0.9
"""Minimum share of these runs for a page to contain a text: pages add links and omit notes."""
_FEWEST = 20
"""A text with fewer words is too short to be recognised."""


def reopen(parts: Parts, article_id: str, html: str | None) -> str:
    """Reopens an article whose page was open twice. Returns reopened, requested (its page will be read), or left.

    Only what the page shows to everybody is published: the stored text if the page contains it, otherwise the page's.
    Raises ServiceErrors of `submit`.
    """
    with parts.database.reading() as session:
        article = session.get_one(ArticleRow, article_id)
        check = session.get(ArticleCheckRow, article_id)
        kept = stored_text(session, article)
        ours = check is not None and untouched(article, check)
        by_hand = article.withdrawn_ms is not None and article.withdrawn_by is None
    if by_hand:
        _say(parts, article_id, "The page is open. The audio was withdrawn manually, so it stays offline.")
        return "left"
    same_text = kept is not None and html is not None and holds_text(html, kept.article)
    if ours and same_text:
        restore_articles(parts, article.site, [article_id], who=None)
        return "reopened"
    if kept is not None and same_text:
        submit(parts, replace(kept.article, visibility=PUBLIC), kept.wish)
        return "reopened"
    if _elsewhere(parts, article):
        _say(parts, article_id, "Another article is at its address now.")
        return "left"
    # A closing by the CMS can't be undone by a page: an open page may be a teaser.
    withdrawn = article.withdrawn_ms is not None and article.visibility == PUBLIC
    if (ours or withdrawn) and article.url is not None:
        _request_page(parts, article_id)
        return "requested"
    _say(parts, article_id, "The page looks open, but its text has changed: publish the article again in the CMS.")
    return "left"


def restore_articles(parts: Parts, site: str, article_ids: Iterable[str] | None, who: str | None) -> int:
    """Undoes checks' actions on these articles, or on all of a site; no new synthesis.

    `who`: name in the audit log; the overruled reason will not close these articles again. None: the page itself
    reopened. Later statements by the CMS stand. Returns how many were restored.
    """
    with parts.database.reading() as session:
        acted = select(ArticleCheckRow.article_id).where(
            ArticleCheckRow.site == site, ArticleCheckRow.acted.is_not(None)
        )
        if article_ids is not None:
            acted = acted.where(ArticleCheckRow.article_id.in_(list(article_ids)))
        ids = session.scalars(acted.order_by(ArticleCheckRow.acted_ms)).all()
    count = sum(_bring_back(parts, article_id, who) for article_id in ids)
    if who is not None:
        with parts.database.writing() as session:
            if article_ids is None:
                session.execute(update(SiteRoundRow).where(SiteRoundRow.site == site).values(alarm_ms=None))
            deed = Deed(who=who, what="check.overruled", subject=f"{count} articles", site=site)
            note(parts.database, session, deed)
    return count


def holds_text(html: str, article: Article) -> bool:
    """Whether a page contains an article's whole text."""
    source = article.source
    if article.source_format in (SourceFormat.HTML, SourceFormat.SSML):
        source = _visible(source)
    words, shown = _WORD.findall(source.lower()), _WORD.findall(_visible(html).lower())
    if len(words) < _FEWEST:
        return False
    page_runs = {tuple(shown[start : start + _RUN]) for start in range(len(shown) - _RUN + 1)}
    runs = [tuple(words[start : start + _RUN]) for start in range(len(words) - _RUN + 1)]
    return sum(run in page_runs for run in runs) >= _ENOUGH * len(runs)


def _visible(html: str) -> str:
    tree = LexborHTMLParser(html)
    tree.strip_tags(["script", "style", "noscript", "template"], recursive=True)
    return tree.body.text(separator=" ") if tree.body is not None else ""


def _bring_back(parts: Parts, article_id: str, who: str | None) -> bool:
    with parts.database.writing() as session:
        article = session.get_one(ArticleRow, article_id, with_for_update={"key_share": True})
        check = session.get_one(ArticleCheckRow, article_id)
        if not untouched(article, check):  # the CMS has made a later statement
            check.acted = check.before = None
            return False
        was, kept = check.acted, stored_text(session, article)
        if was == CLOSED:
            article.visibility = str((check.before or {}).get("visibility", PUBLIC))
        check.acted = check.suspect = check.suspect_ms = check.again_ms = None
        check.before = {"overruled": check.reason} if who is not None else None
    if was == WITHDRAWN and kept is not None:
        submit(parts, kept.article, kept.wish)
    return True


def _elsewhere(parts: Parts, article: ArticleRow) -> bool:
    """Whether another article is published at the same address."""
    with parts.database.reading() as session:
        same = (at_page(session, article.url or "", article.site), ArticleRow.id != article.id)
        return (
            session.scalar(select(ArticleRow.id).where(*same, ArticleRow.withdrawn_ms.is_(None)).limit(1)) is not None
        )


def _request_page(parts: Parts, article_id: str) -> None:
    """Leaves the page, whose text differs from the stored one, to the next turn for found articles. The stored text is
    withdrawn permanently, so that it isn't played meanwhile."""
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        article = session.get_one(ArticleRow, article_id, with_for_update={"key_share": True})
        check = session.get_one(ArticleCheckRow, article_id)
        if article.withdrawn_ms is None:
            take_offline(parts, session, article, by="check")
        if check.acted is not None:
            article.visibility = str((check.before or {}).get("visibility", article.visibility))
            check.acted = check.before = None
        site, key = article.site, article.page_key or ""
        query = select(FoundArticleRow).where(FoundArticleRow.site == site, FoundArticleRow.page_key == key)
        row = session.scalars(query).one_or_none()
        if row is None:
            row = FoundArticleRow(site=site, address=article.url or "", page_key=key, found_ms=now)
            session.add(row)
        row.found_in, row.state, row.reason, row.attempts = FOUND_IN, "waiting", "", 0
        row.due_ms, row.changed_ms, row.external_id = now, now, article.external_id
        check_soon(session, article.site, now)


def _say(parts: Parts, article_id: str, reason: str) -> None:
    with parts.database.writing() as session:
        session.get_one(ArticleCheckRow, article_id).reason = reason
