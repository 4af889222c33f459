"""Checks as staff see them: each site's rounds, and the articles they took offline or suspect."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select, update

from tts_service.access.audit import Deed, note
from tts_service.cms.checks.verdicts import withdraw_gone
from tts_service.db.session import Database
from tts_service.db.tables import ArticleCheckRow, ArticleRow, JsonDict, SiteRoundRow
from tts_service.errors import NotFound
from tts_service.parts import Parts
from tts_service.values.web_address import shown_address


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundFacts:
    """A site's rounds."""

    site: str
    started_ms: int | None
    """Start of the running round, or of the last one."""
    running: bool
    counts: JsonDict
    """Of the running round so far: articles by verdict; `articles`: how many anybody could hear at its start."""
    ended_ms: int | None
    last: JsonDict
    """The last complete round: its counts, and `seconds`."""
    due_ms: int
    alarm_ms: int | None
    """Since when more articles look closed than the site's limit; None: no alarm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckFacts:
    """An article that a check took offline, or that waits for its second look."""

    article_id: str
    site: str
    external_id: str
    title: str | None
    url: str | None
    acted: str | None
    """closed, withdrawn; None: it waits for its second look, or staff are only told."""
    verdict: str
    reason: str
    at_ms: int


def rounds_of(database: Database, site: str | None = None) -> list[RoundFacts]:
    """Every site's rounds, or one's."""
    query = select(SiteRoundRow).order_by(SiteRoundRow.site)
    with database.reading() as session:
        rows = session.scalars(query.where(SiteRoundRow.site == site) if site else query).all()
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


def checks_of(database: Database, site: str | None = None, most: int = 100) -> list[CheckFacts]:
    """Articles that checks took offline or doubt, newest first."""
    found = or_(ArticleCheckRow.acted.is_not(None), ArticleCheckRow.suspect.is_not(None))
    query = select(ArticleCheckRow, ArticleRow).join(ArticleRow, ArticleRow.id == ArticleCheckRow.article_id)
    query = query.where(found, ArticleCheckRow.site == site) if site else query.where(found)
    at = (ArticleCheckRow.acted_ms.desc().nulls_first(), ArticleCheckRow.suspect_ms.desc().nulls_last())
    with database.reading() as session:
        rows = session.execute(query.order_by(*at).limit(most)).all()
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


def alarms(database: Database) -> list[str]:
    """Sites with an alarm: staff see them on every page."""
    with database.reading() as session:
        return list(session.scalars(select(SiteRoundRow.site).where(SiteRoundRow.alarm_ms.is_not(None))))


def accept_closings(parts: Parts, site: str, who: str) -> None:
    """End a site's alarm: what checks closed was really closed, and what is gone is withdrawn. Raises NotFound."""
    with parts.database.writing() as session:
        mine = update(SiteRoundRow).where(SiteRoundRow.site == site, SiteRoundRow.alarm_ms.is_not(None))
        if session.execute(mine.values(alarm_ms=None)).rowcount != 1:  # type: ignore[attr-defined]
            raise NotFound(f"Site {site[:64]} has no alarm.")
        note(parts.database, session, Deed(who=who, what="check.accepted", subject=site, site=site))
    withdraw_gone(parts, site, accepted=True)
