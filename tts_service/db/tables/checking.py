"""Repeated checks of known articles against their CMS."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tts_service.db.tables.base import Base, JsonDict, Leased


class SiteRoundRow(Leased, Base):
    """Rounds of checks of a site's known articles against their CMS; one row per site."""

    __tablename__ = "site_rounds"

    site: Mapped[str] = mapped_column(primary_key=True)
    due_ms: Mapped[int] = mapped_column(index=True)
    """Time of the next turn."""
    started_ms: Mapped[int | None]
    """Start of the current round, or of the last one if none is running; None: never started."""
    cursor: Mapped[str | None]
    """Id of the last article reached in the running round (newest first); None: no round is running."""
    counts: Mapped[JsonDict]
    """Articles per verdict in the running round."""
    ended_ms: Mapped[int | None]
    """End of the last complete round."""
    last: Mapped[JsonDict]
    """The last complete round: its counts, and `seconds`."""
    alarm_ms: Mapped[int | None]
    """Since when more articles look closed than the site's limit per round; None: no alarm."""


class ArticleCheckRow(Base):
    """Result of checking a known article against its CMS."""

    __tablename__ = "article_checks"
    __table_args__ = (
        Index("ix_article_checks_again", "site", "again_ms"),
        Index("ix_article_checks_acted", "site", "acted_ms"),
        Index("ix_article_checks_listed", "listed_in"),
    )

    article_id: Mapped[str] = mapped_column(ForeignKey("articles.id"), primary_key=True)
    site: Mapped[str]
    checked_ms: Mapped[int | None]
    """When its CMS last gave a clear answer."""
    verdict: Mapped[str]
    """open, gone, closed, unknown."""
    reason: Mapped[str]
    """One sentence for staff."""
    etag: Mapped[str | None]
    """With `last_modified`: validators of the page when it was last open, for conditional requests."""
    last_modified: Mapped[str | None]
    suspect: Mapped[str | None]
    """Verdict of a first check that awaits confirmation by a second; None: none pending."""
    suspect_ms: Mapped[int | None]
    again_ms: Mapped[int | None]
    """Time of an extra check outside the rounds; None: none scheduled."""
    listed_in: Mapped[str | None]
    """Sitemap that listed the article when it was last read."""
    acted: Mapped[str | None]
    """closed or withdrawn if a check took it offline; None: it didn't, or the article was restored."""
    acted_ms: Mapped[int | None]
    before: Mapped[JsonDict | None]
    """What restoring it sets; after staff have restored it, the reason they overruled."""
