"""Articles by the address of their page, however it is written; each site says which parameters only track readers."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from tts_service.db.tables import ArticleRow, FoundArticleRow, SiteRow
from tts_service.site_options import read_options
from tts_service.values import PageIdentity


def identity_in(session: Session, site: str) -> PageIdentity:
    """Which addresses of a site lead to the same page."""
    row = session.get(SiteRow, site)
    return read_options((row.options if row else None) or {}).identity


def place_article(session: Session, article: ArticleRow, url: str | None) -> None:
    """Set an article's address, and the key by which it is looked up."""
    article.url, article.page_key = url, identity_in(session, article.site).key(url)


def at_page(session: Session, url: str, site: str | None) -> ColumnElement[bool]:
    """Articles at an address; `site` None: of every site."""
    if site is not None:
        return and_(ArticleRow.site == site, ArticleRow.page_key == identity_in(session, site).key(url))
    rows = session.scalars(select(SiteRow).where(SiteRow.options.is_not(None)))
    special = {
        row.name: read_options(row.options).identity for row in rows if row.options and "tracking" in row.options
    }
    usual = ArticleRow.page_key == PageIdentity().key(url)
    if not special:
        return usual
    each = (and_(ArticleRow.site == name, ArticleRow.page_key == one.key(url)) for name, one in special.items())
    return or_(and_(usual, ArticleRow.site.not_in(list(special))), *each)


def exactly_at(articles: Iterable[ArticleRow], url: str) -> list[ArticleRow]:
    """Those that stand at this very address, if any do; else all of them. Two articles may share a page, such as the
    entries of a live blog, which only the fragment tells apart."""
    found = list(articles)
    return [article for article in found if article.url == url] or found


def page_keys_again(session: Session, site: str) -> None:
    """Make a site's keys again after its list of tracking parameters has changed."""
    identity = identity_in(session, site)
    for article in session.scalars(select(ArticleRow).where(ArticleRow.site == site, ArticleRow.url.is_not(None))):
        article.page_key = identity.key(article.url)
    found = session.scalars(select(FoundArticleRow).where(FoundArticleRow.site == site)).all()
    kept: dict[str, FoundArticleRow] = {}
    for row in sorted(found, key=lambda row: (row.article_id is None, row.job_id is None, row.found_ms, row.address)):
        key = identity.key(row.address) or row.address
        if key in kept:
            session.delete(row)  # the same page under another address
        kept.setdefault(key, row)
    for row in kept.values():
        row.page_key = f"again {row.address}"  # a key may be free only after another row has got its own
    session.flush()
    for key, row in kept.items():
        row.page_key = key
