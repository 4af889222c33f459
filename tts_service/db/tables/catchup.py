"""Polled feeds and the articles found in them."""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tts_service.db.tables.base import Base, JsonDict, Leased, page_key_of


class SiteFeedRow(Leased, Base):
    """A feed or sitemap polled for articles that the site's webhooks missed."""

    __tablename__ = "site_feeds"
    __table_args__ = (UniqueConstraint("site", "url"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    site: Mapped[str]
    url: Mapped[str]
    etag: Mapped[str | None]
    """With `last_modified`: validators of the last full response, for conditional requests."""
    last_modified: Mapped[str | None]
    due_ms: Mapped[int] = mapped_column(index=True)
    """Time of the next poll."""
    read_ms: Mapped[int | None]
    """Last successful poll."""
    tries: Mapped[int] = mapped_column(default=0)
    """Failed polls since then."""
    error: Mapped[str]
    """Why the last poll failed; empty if it succeeded."""
    told: Mapped[JsonDict]
    """Result of the last full poll: kind, entries, and how many were taken or skipped, with reasons."""
    created_ms: Mapped[int]


class FoundArticleRow(Base):
    """An address found in a feed or archive, and its processing state."""

    __tablename__ = "found_articles"
    __table_args__ = (
        Index("ix_found_articles_waiting", "site", "state", "due_ms"),
        Index("ix_found_articles_page", "site", "page_key", unique=True),
    )

    site: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(primary_key=True)
    """The article's address; for one found with its text, `id:` and its id."""
    page_key: Mapped[str] = mapped_column(default=lambda context: page_key_of(context, "address"))
    """Key shared by all addresses of the page, so that a page is found only once."""
    found_in: Mapped[str]
    """Address of the feed, or name of the archive list."""
    external_id: Mapped[str | None]
    """The CMS's id, if the feed contains it."""
    state: Mapped[str]
    """waiting, requested, known (already here), failed."""
    reason: Mapped[str]
    """Why it failed or is still waiting."""
    changed_ms: Mapped[int | None]
    """Last change according to its feed; None: unknown."""
    attempts: Mapped[int] = mapped_column(default=0)
    due_ms: Mapped[int]
    """Not processed before this time."""
    article_id: Mapped[str | None]
    """The article created from it, until its CMS identifies that article; otherwise None."""
    job_id: Mapped[str | None]
    found_ms: Mapped[int]
    done_ms: Mapped[int | None]
