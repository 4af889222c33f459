"""A site's known articles, for staff."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from tts_service.db.session import Database
from tts_service.db.tables import ArticleRow


def known_articles(database: Database, site: str, limit: int) -> Sequence[ArticleRow]:
    """A site's articles, newest first."""
    query = select(ArticleRow).where(ArticleRow.site == site).order_by(ArticleRow.id.desc()).limit(limit)
    with database.reading() as session:
        return session.scalars(query).all()
