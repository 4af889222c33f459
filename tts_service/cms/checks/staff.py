"""Checks as shown to staff: each site's rounds, and the articles withdrawn or suspected."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select, update

from tts_service.access.audit import Deed, note
from tts_service.access.sites import Sites, within
from tts_service.cms.checks.verdicts import withdraw_gone
from tts_service.db.session import Database
from tts_service.db.tables import ArticleCheckRow, ArticleRow, JsonDict, SiteRoundRow
from tts_service.errors import NotFound
from tts_service.parts import Parts
from tts_service.values.web_address import shown_address


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundFacts:
    """Rounds of a site."""

    site: str
    started_ms: int | None
    """Start of the running round, or of the last one."""
    running: bool
    counts: JsonDict
    """Articles per verdict in the running round; `articles`: how many were available at its start."""
    ended_ms: int | None
    last: JsonDict
    """The last complete round: its counts, and `seconds`."""
    due_ms: int
    alarm_ms: int | None
    """Since when more articles look closed than the site's limit; None: no alarm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckFacts:
    """An article that a check withdrew, or that awaits a second check."""

    article_id: str
    site: str
    external_id: str
    title: str | None
    url: str | None
    acted: str | None
    """closed, withdrawn; None: it awaits a second check, or staff are only informed."""
    verdict: str
    reason: str
    at_ms: int


def rounds_of(database: Database, sites: Sites = None) -> list[RoundFacts]:
    """Rounds of these sites; None: of all."""
    query = select(SiteRoundRow).where(within(sites, SiteRoundRow.site)).order_by(SiteRoundRow.site)
    with database.reading() as session:
        rows = session.scalars(query).all()
    return [
        RoundFacts(
            site=row.site,
            started_ms=row.started_ms,
            running=row.cursor is not None,
            counts=row.counts,
            ended_ms=row.ended_ms,
            last=row.last,
            due_ms=row.due_ms,
            alarm_ms=row.alarm_ms,
        )
        for row in rows
    ]


def checks_of(database: Database, sites: Sites = None, most: int = 100) -> list[CheckFacts]:
    """Articles of these sites (None: of all) that checks withdrew or suspect, newest first."""
    found = or_(ArticleCheckRow.acted.is_not(None), ArticleCheckRow.suspect.is_not(None))
    query = select(ArticleCheckRow, ArticleRow).join(ArticleRow, ArticleRow.id == ArticleCheckRow.article_id)
    query = query.where(found, within(sites, ArticleCheckRow.site))
    order = (ArticleCheckRow.acted_ms.desc().nulls_first(), ArticleCheckRow.suspect_ms.desc().nulls_last())
    with database.reading() as session:
        rows = session.execute(query.order_by(*order).limit(most)).all()
    return [
        CheckFacts(
            article_id=article.id,
            site=article.site,
            external_id=article.external_id,
            title=article.title,
            url=shown_address(article.url),
            acted=check.acted,
            verdict=check.verdict,
            reason=check.reason,
            at_ms=check.acted_ms
            if check.acted and check.acted_ms
            else max(check.suspect_ms or 0, check.checked_ms or 0),
        )
        for check, article in rows
    ]


def alarms(database: Database, sites: Sites = None) -> list[str]:
    """Which of these sites (None: of all) have an alarm, shown to staff on every page."""
    mine = SiteRoundRow.alarm_ms.is_not(None), within(sites, SiteRoundRow.site)
    with database.reading() as session:
        return list(session.scalars(select(SiteRoundRow.site).where(*mine)))


def accept_closings(parts: Parts, site: str, who: str) -> None:
    """Ends a site's alarm by confirming its closings; articles that are gone are withdrawn. Raises NotFound."""
    with parts.database.writing() as session:
        mine = update(SiteRoundRow).where(SiteRoundRow.site == site, SiteRoundRow.alarm_ms.is_not(None))
        if session.execute(mine.values(alarm_ms=None)).rowcount != 1:  # type: ignore[attr-defined]
            raise NotFound(f"The site {site[:64]} has no alarm.")
        note(parts.database, session, Deed(who=who, what="check.accepted", subject=site, site=site))
    withdraw_gone(parts, site, accepted=True)
