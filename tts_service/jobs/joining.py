"""Merges an article known under two names: feeds find it by address, its CMS names it by id."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.db.pages import identity_in
from tts_service.db.tables import ArticleRow, FoundArticleRow
from tts_service.values import PageIdentity


def found_before(
    session: Session, site: str, url: str | None, external_id: str, identity: PageIdentity | None = None
) -> ArticleRow | None:
    """The article that catch-up read from this page, if its CMS hasn't named it yet; from now on it goes by the id.
    `identity`: the site's rules for addresses, if they were read."""
    if not url:
        return None
    key = (identity or identity_in(session, site)).key(url)
    at = select(FoundArticleRow).where(FoundArticleRow.site == site, FoundArticleRow.page_key == key)
    found = session.scalars(at.with_for_update()).one_or_none()
    named = found and found.article_id
    row = session.get(ArticleRow, named, with_for_update={"key_share": True}) if named else None
    if found is None or row is None:
        return None
    row.external_id, found.article_id = external_id, None
    return row
