"""Polled feeds, and what was found in them."""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tts_service.db.tables.base import Base, JsonDict, page_key_of


class SiteFeedRow(Base):
    """A feed or sitemap that is read again and again for what its site's webhooks missed."""

    __tablename__ = "site_feeds"
    __table_args__ = (UniqueConstraint("site", "url"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    site: Mapped[str]
    url: Mapped[str]
    etag: Mapped[str | None]
    """With `last_modified`: what the last whole answer said of itself, for the next question."""
    last_modified: Mapped[str | None]
    due_ms: Mapped[int] = mapped_column(index=True)
    """Read again at this moment."""
    taken_ms: Mapped[int | None]
    """Since when a worker has it; None: nobody has."""
    read_ms: Mapped[int | None]
    """When it was last read without an error."""
    tries: Mapped[int] = mapped_column(default=0)
    """Failed readings since then."""
    error: Mapped[str]
    """Why the last reading failed, in words; empty: it didn't."""
    told: Mapped[JsonDict]
    """What the last whole reading found: kind, entries, and how many of them were taken or left, and why."""
    created_ms: Mapped[int]


class FoundArticleRow(Base):
    """An address from a feed or an archive, and what became of it."""

    __tablename__ = "found_articles"
    __table_args__ = (
        Index("ix_found_articles_waiting", "site", "state", "due_ms"),
        Index("ix_found_articles_page", "site", "page_key", unique=True),
    )

    site: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(primary_key=True)
    """The article's address; of one that came with its text, `id:` and its id."""
    page_key: Mapped[str] = mapped_column(default=lambda context: page_key_of(context, "address"))
    """What all addresses of the page have in common: a page is found once, whatever its feeds write."""
    found_in: Mapped[str]
    """Address of the feed, or name of the archive's list."""
    external_id: Mapped[str | None]
    """The CMS's id, where the feed tells it."""
    state: Mapped[str]
    """waiting, requested, known (was here already), failed."""
    reason: Mapped[str]
    """Why it failed or still waits, in words."""
    changed_ms: Mapped[int | None]
    """When it was last changed, as its feed says; None: it doesn't."""
    attempts: Mapped[int] = mapped_column(default=0)
    due_ms: Mapped[int]
    """Not before this moment."""
    article_id: Mapped[str | None]
    """The article that was made of it and that its CMS hasn't named yet; None: there is none."""
    job_id: Mapped[str | None]
    found_ms: Mapped[int]
    done_ms: Mapped[int | None]
