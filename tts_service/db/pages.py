"""Finds articles by their page's address in any spelling; each site lists its tracking parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from tts_service.db.tables import ArticleRow, FoundArticleRow, SiteRow
from tts_service.values import PageIdentity
from tts_service.values.site_options import read_options


def identity_in(session: Session, site: str) -> PageIdentity:
    """The site's rules for which addresses lead to the same page."""
    row = session.get(SiteRow, site)
    return read_options((row.options if row else None) or {}).identity


def place_article(article: ArticleRow, url: str | None, identity: PageIdentity) -> None:
    """Sets an article's address and its lookup key, by its site's rules."""
    article.url, article.page_key = url, identity.key(url)


def at_page(session: Session, url: str, site: str | None) -> ColumnElement[bool]:
    """Condition for articles at an address; `site` None: of any site."""
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
    """Articles at exactly this address, or all of them if there are none. Articles may share a page and differ only in
    the fragment, such as the entries of a live blog."""
    found = list(articles)
    return [article for article in found if article.url == url] or found


def page_keys_again(session: Session, site: str) -> None:
    """Recomputes a site's page keys after its list of tracking parameters has changed."""
    key = identity_in(session, site).key
    articles = session.execute(
        select(ArticleRow.id, ArticleRow.url, ArticleRow.page_key).where(ArticleRow.site == site)
    )
    changed = [{"id": id_, "page_key": key(url)} for id_, url, before in articles if key(url) != before]
    if changed:
        session.execute(update(ArticleRow), changed)
    _found_again(session, site, key)


def _found_again(session: Session, site: str, key: Callable[[str], str | None]) -> None:
    """The same for addresses found in feeds; of several that are now one page, the row that led to an article stays."""
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
    # In two steps, as a key may still belong to a row that has yet to move.
    for keys in ({f"moving {page}": address for page, address in moved.items()}, moved):
        if keys:
            session.execute(
                update(row), [{"site": site, "address": one, "page_key": page} for page, one in keys.items()]
            )
