"""Finds articles by their page's address in any spelling; sites list which parameters only track readers."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from tts_service.db.tables import ArticleRow, FoundArticleRow, SiteRow
from tts_service.values import PageIdentity
from tts_service.values.site_options import read_options


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
    key = identity_in(session, site).key
    articles = session.execute(
        select(ArticleRow.id, ArticleRow.url, ArticleRow.page_key).where(ArticleRow.site == site)
    )
    changed = [{"id": id_, "page_key": key(url)} for id_, url, before in articles if key(url) != before]
    if changed:
        session.execute(update(ArticleRow), changed)
    _found_again(session, site, key)


def _found_again(session: Session, site: str, key: Callable[[str], str | None]) -> None:
    """The same for what feeds found: of rows that are one page now, the one stays that led to an article."""
    row = FoundArticleRow
    columns = (row.address, row.page_key, row.article_id, row.job_id, row.found_ms)
    found = session.execute(select(*columns).where(row.site == site)).all()
    kept: dict[str, tuple[str, str]] = {}
    repeated: list[str] = []
    for one in sorted(found, key=lambda one: (one.article_id is None, one.job_id is None, one.found_ms, one.address)):
        page = key(one.address) or one.address
        if page in kept:
            repeated.append(one.address)
        kept.setdefault(page, (one.address, one.page_key))
    for address in repeated:
        session.execute(delete(row).where(row.site == site, row.address == address))
    moved = {page: address for page, (address, before) in kept.items() if page != before}
    # First out of the way: a key may be another row's until that one has moved.
    for keys in ({f"moving {page}": address for page, address in moved.items()}, moved):
        if keys:
            session.execute(
                update(row), [{"site": site, "address": one, "page_key": page} for page, one in keys.items()]
            )
