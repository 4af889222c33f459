"""Repeated checks of known articles against their CMS."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tts_service.db.tables.base import Base, JsonDict


class SiteRoundRow(Base):
    """The round in which a site's known articles are checked against their CMS again; one row a site."""

    __tablename__ = "site_rounds"

    site: Mapped[str] = mapped_column(primary_key=True)
    due_ms: Mapped[int] = mapped_column(index=True)
    """Next turn at this moment."""
    taken_ms: Mapped[int | None]
    """Since when a worker has it; None: none has."""
    started_ms: Mapped[int | None]
    """Start of the current round, or of the last one if none is running; None: there was none."""
    cursor: Mapped[str | None]
    """Id of the last article the running round has reached (newest first); None: no round is running."""
    counts: Mapped[JsonDict]
    """The running round so far: how many articles came to which verdict."""
    ended_ms: Mapped[int | None]
    """End of the last complete round."""
    last: Mapped[JsonDict]
    """The last complete round: its counts, and `seconds`."""
    alarm_ms: Mapped[int | None]
    """Since when more articles look closed than the site's limit allows for one round; None: no alarm."""


class ArticleCheckRow(Base):
    """What checking a known article against its CMS has shown."""

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
    """Why, in a sentence for staff."""
    etag: Mapped[str | None]
    """With `last_modified`: what the page said of itself when it was last open, for the next conditional request."""
    last_modified: Mapped[str | None]
    suspect: Mapped[str | None]
    """Verdict of a first look that a second has to confirm; None: there is no doubt."""
    suspect_ms: Mapped[int | None]
    again_ms: Mapped[int | None]
    """Look again at this moment, whatever the round does; None: when the round comes to it."""
    listed_in: Mapped[str | None]
    """Sitemap that named the article when it was last read."""
    acted: Mapped[str | None]
    """closed or withdrawn, if a check took it away from listeners; None: it didn't, or it was brought back."""
    acted_ms: Mapped[int | None]
    before: Mapped[JsonDict | None]
    """What bringing it back restores; once staff have done so, the reason they overruled."""
