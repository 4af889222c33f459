"""Articles that disappeared from a sitemap are checked at once."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select, update

from tts_service.db.pages import identity_in
from tts_service.db.tables import ArticleCheckRow, ArticleRow, SiteRoundRow
from tts_service.parts import Parts

_AT_ONCE = 500
"""Addresses looked up, or rows written, in one statement."""


def note_listed(parts: Parts, site: str, sitemap_url: str, addresses: Iterable[str]) -> int:
    """Remember which known articles a sitemap names now; those it named before and no longer does are due for a check.
    Returns how many these are."""
    with parts.database.reading() as session:
        before = set(
            session.scalars(select(ArticleCheckRow.article_id).where(ArticleCheckRow.listed_in == sitemap_url))
        )
        named: set[str] = set()
        key = identity_in(session, site).key
        for some in _portions(addresses):
            keys = list(map(key, some))
            mine = select(ArticleRow.id).where(ArticleRow.site == site, ArticleRow.page_key.in_(keys))
            named.update(session.scalars(mine))
    for some in _portions(named - before):
        with parts.database.writing() as session:
            known = set(session.scalars(select(ArticleCheckRow.article_id).where(ArticleCheckRow.article_id.in_(some))))
            listed = update(ArticleCheckRow).where(ArticleCheckRow.article_id.in_(known)).values(listed_in=sitemap_url)
            session.execute(listed)
            new = [article_id for article_id in some if article_id not in known]
            session.add_all(
                ArticleCheckRow(article_id=one, site=site, verdict="unknown", reason="", listed_in=sitemap_url)
                for one in new
            )
    missing = before - named
    for some in _portions(missing):
        with parts.database.writing() as session:
            now = parts.database.now_ms(session)
            lost = update(ArticleCheckRow).where(ArticleCheckRow.article_id.in_(some))
            session.execute(lost.values(listed_in=None, again_ms=now))
            session.execute(
                update(SiteRoundRow).where(SiteRoundRow.site == site, SiteRoundRow.due_ms > now).values(due_ms=now)
            )
    return len(missing)


def _portions(values: Iterable[str]) -> Iterable[list[str]]:
    all_of_them = list(values)
    for start in range(0, len(all_of_them), _AT_ONCE):
        yield all_of_them[start : start + _AT_ONCE]
