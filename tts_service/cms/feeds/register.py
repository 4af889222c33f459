"""The feeds of each site: added, removed, shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from tts_service.access.audit import Deed, note
from tts_service.cms.feeds.parse import cleaned_address
from tts_service.db.session import Database, new_id
from tts_service.db.tables import FoundArticleRow, SiteFeedRow
from tts_service.errors import AddressRefused, Conflict, InputRefused, NotFound
from tts_service.http.rules import rules_of
from tts_service.http.target import read_target
from tts_service.newsroom.sites import SITE_NAME
from tts_service.parts import Parts
from tts_service.values.web_address import has_credentials

MAX_FEEDS = 20
"""Feeds of one site."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedFacts:
    """A feed as staff see it."""

    url: str
    read_ms: int | None
    """When it was last read without an error."""
    due_ms: int
    error: str
    """Why the last reading failed; empty: it didn't."""
    told: dict[str, Any]
    """What the last whole reading found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedFacts:
    """An article that was found and couldn't be submitted, or hasn't been yet."""

    address: str
    state: str
    """waiting, failed."""
    reason: str


def add_feed(parts: Parts, site: str, url: str, who: str) -> None:
    """Adds a feed or sitemap to a site; `who`: name in the audit log.

    Raises InputRefused, AddressRefused, Conflict (it is there).
    """
    if not re.fullmatch(SITE_NAME, site):
        raise InputRefused(
            f"{site[:80]!r} is not a valid site name: use letters, digits, '.', '-' and '_', at most 64."
        )
    if has_credentials(url):
        raise AddressRefused("The URL must not contain a user name or password.")
    address = cleaned_address(url)
    if address is None:
        raise InputRefused(f"{url[:200]!r} is not an http(s) URL.")
    read_target(address, rules_of(parts.settings))
    try:
        with parts.database.writing() as session:
            now = parts.database.now_ms(session)
            count = session.scalar(select(func.count()).select_from(SiteFeedRow).where(SiteFeedRow.site == site)) or 0
            if count >= MAX_FEEDS:
                raise InputRefused(f"The site {site} already has {count} feeds, the maximum: remove one first.")
            row = SiteFeedRow(id=new_id("feed"), site=site, url=address, due_ms=now, error="", told={}, created_ms=now)
            session.add(row)
            note(parts.database, session, Deed(who=who, what="feed.added", subject=address, site=site))
    except IntegrityError as error:
        raise Conflict(f"The site {site} already has the feed {address}.") from error


def remove_feed(parts: Parts, site: str, url: str, who: str) -> None:
    """Removes a feed; articles found in it are kept. Raises NotFound."""
    address = cleaned_address(url) or url
    with parts.database.writing() as session:
        gone = delete(SiteFeedRow).where(SiteFeedRow.site == site, SiteFeedRow.url == address)
        if session.execute(gone).rowcount != 1:  # type: ignore[attr-defined]
            raise NotFound(f"The site {site[:80]} has no feed {url[:200]}.")
        note(parts.database, session, Deed(who=who, what="feed.removed", subject=address, site=site))


def feeds_of(database: Database, site: str) -> list[FeedFacts]:
    """A site's feeds, oldest first."""
    with database.reading() as session:
        rows = session.scalars(select(SiteFeedRow).where(SiteFeedRow.site == site).order_by(SiteFeedRow.id)).all()
    return [FeedFacts(url=r.url, read_ms=r.read_ms, due_ms=r.due_ms, error=r.error, told=r.told) for r in rows]


def not_taken(database: Database, site: str, most: int = 20) -> list[FailedFacts]:
    """Articles of a site that were found and have no job, newest first."""
    mine = (FoundArticleRow.site == site, FoundArticleRow.state.in_(("failed", "waiting")))
    with database.reading() as session:
        query = select(FoundArticleRow).where(*mine).order_by(FoundArticleRow.found_ms.desc()).limit(most)
        rows = session.scalars(query).all()
    return [FailedFacts(address=row.address, state=row.state, reason=row.reason) for row in rows]


def read_soon(parts: Parts, site: str) -> int:
    """Read a site's feeds with the next tick. Returns how many there are."""
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        mine = update(SiteFeedRow).where(SiteFeedRow.site == site).values(due_ms=now)
        return int(session.execute(mine).rowcount)  # type: ignore[attr-defined]
