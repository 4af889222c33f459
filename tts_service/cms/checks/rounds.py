"""Rounds of checks: selects sites and articles, and starts and ends rounds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, or_, select, true, update
from sqlalchemy.orm import Session

from tts_service.access.audit import Deed, note
from tts_service.db.tables import ArticleCheckRow, ArticleRow, FoundArticleRow, SiteRoundRow, SiteRow
from tts_service.errors import NotFound
from tts_service.parts import Parts
from tts_service.queue.turns import WorkQueue

LOOKED_FOR_MS = 30 * 86_400_000
"""How long a withdrawn article is still checked: it may have been republished unnoticed."""
MORE_MS = 1_000
"""Delay until the next turn of a running round."""
FOUND_IN = "checks"
"""FoundArticleRow.found_in for a page that a check found open."""
_FIRST = "~"
"""Sorts after every id: rounds go from newest to oldest."""
_AFTER_LOSSES_MS = 86_400_000
"""Until the next round where the workers of this one were lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """Articles to check in one turn."""

    urgent: tuple[str, ...]
    """Ids due outside the round: second checks, and articles no longer listed in a sitemap."""
    next: tuple[str, ...]
    """The round's next ids, newest first."""


def _give_up(row: SiteRoundRow, now_ms: int) -> None:
    """The round ends where it stands; the next one begins with the newest articles again."""
    row.due_ms, row.cursor = now_ms + _AFTER_LOSSES_MS, None


CHECKS = WorkQueue(
    name="checks",
    row=SiteRoundRow,
    waiting=true(),
    due_ms=SiteRoundRow.due_ms,
    at_once=4,
    slots=lambda settings: settings.callback_slots,
    lease_ms=300_000,
    give_up=_give_up,
)
"""Its rows are sites, so that each is with one worker at a time."""


def add_new_sites(parts: Parts) -> None:
    """Creates missing rounds of sites with articles, except of those that are being erased."""
    with parts.database.reading() as session:
        known = set(session.scalars(select(SiteRoundRow.site)))
        known |= set(session.scalars(select(SiteRow.name).where(SiteRow.closed_ms.is_not(None))))
        new = [site for site in _sites(session) if site not in known]
    if not new:
        return
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        for site in new:
            if session.get(SiteRoundRow, site) is None:
                session.add(SiteRoundRow(site=site, due_ms=now, counts={}, last={}))


def portion(parts: Parts, site: str, most: int) -> Portion:
    """The articles to check now. Starts the site's next round if it is due."""
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        row = session.get_one(SiteRoundRow, site, with_for_update=True)
        urgent = session.scalars(
            select(ArticleCheckRow.article_id)
            .where(ArticleCheckRow.site == site, ArticleCheckRow.again_ms <= now)
            .order_by(ArticleCheckRow.again_ms)
            .limit(most)
        ).all()
        every_ms = int(parts.settings.check_every_s * 1000)
        if row.cursor is None and (row.started_ms is None or now >= row.started_ms + every_ms):
            row.started_ms, row.cursor = now, _FIRST
            row.counts = {"articles": live_articles(session, site)}
        following = _following(session, site, row.cursor, now, most - len(urgent)) if row.cursor is not None else []
    return Portion(urgent=tuple(urgent), next=tuple(one for one in following if one not in set(urgent)))


def note_turn(parts: Parts, site: str, reached: Iterable[str], verdicts: Counter[str], *, at_end: bool) -> None:
    """Notes how far a turn got. `reached`: ids of the round checked, in order; `at_end`: there were no more."""
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        row = session.get_one(SiteRoundRow, site, with_for_update=True)
        if row.cursor is not None:
            counts = Counter({name: int(count) for name, count in row.counts.items()})
            row.counts = dict(counts + verdicts)
            row.cursor = min([row.cursor, *reached])
            if at_end:
                seconds = (now - (row.started_ms or now)) // 1000
                row.cursor, row.ended_ms, row.last = None, now, {**row.counts, "seconds": seconds}
        row.due_ms = now + MORE_MS if row.cursor is not None else _next_due(parts, session, row, now)


def live_articles(session: Session, site: str) -> int:
    """Number of a site's publicly available articles."""
    mine = (ArticleRow.site == site, ArticleRow.withdrawn_ms.is_(None), ArticleRow.visibility == "public")
    return session.scalar(select(func.count()).select_from(ArticleRow).where(*mine)) or 0


def check_soon(session: Session, site: str, at_ms: int) -> None:
    """Schedules the site's next turn at `at_ms` or earlier."""
    later = (SiteRoundRow.site == site, SiteRoundRow.due_ms > at_ms)
    session.execute(update(SiteRoundRow).where(*later).values(due_ms=at_ms))


def check_all_soon(parts: Parts, site: str, who: str) -> None:
    """Starts a site's next round at the next tick; `who`: name in the audit log. Raises NotFound."""
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        row = session.get(SiteRoundRow, site, with_for_update=True)
        if row is None:
            if not session.scalar(select(ArticleRow.id).where(ArticleRow.site == site).limit(1)):
                raise NotFound(f"The site {site[:64]} has no articles.")
            session.add(SiteRoundRow(site=site, due_ms=now, counts={}, last={}))
        else:
            row.started_ms, row.cursor, row.due_ms = None, None, now
        note(parts.database, session, Deed(who=who, what="check.started", subject=site, site=site))


def _following(session: Session, site: str, cursor: str, now: int, most: int) -> list[str]:
    """Ids after the cursor that can be checked."""
    recent = or_(ArticleRow.withdrawn_ms.is_(None), ArticleRow.withdrawn_ms > now - LOOKED_FOR_MS)
    known = or_(ArticleRow.url.is_not(None), ArticleRow.hook_id.is_not(None))
    query = select(ArticleRow.id).where(ArticleRow.site == site, ArticleRow.id < cursor, recent, known)
    return list(session.scalars(query.order_by(ArticleRow.id.desc()).limit(max(0, most))))


def _next_due(parts: Parts, session: Session, row: SiteRoundRow, now: int) -> int:
    """Time of the next round, or earlier of a second check or of a page to be read."""
    again = session.scalar(
        select(func.min(ArticleCheckRow.again_ms)).where(
            ArticleCheckRow.site == row.site, ArticleCheckRow.again_ms.is_not(None)
        )
    )
    page = session.scalar(
        select(func.min(FoundArticleRow.due_ms)).where(
            FoundArticleRow.site == row.site, FoundArticleRow.found_in == FOUND_IN, FoundArticleRow.state == "waiting"
        )
    )
    # No start time: staff requested a round during this turn.
    following = now if row.started_ms is None else row.started_ms + int(parts.settings.check_every_s * 1000)
    return max(now, min(moment for moment in (following, again, page) if moment is not None))


def _sites(session: Session) -> Iterable[str]:
    """All sites with articles, with one index lookup each."""
    site = ""
    while (following := session.scalar(select(func.min(ArticleRow.site)).where(ArticleRow.site > site))) is not None:
        site = following
        yield site
