"""Erases a whole site: its articles with everything made from them, its settings, keys, hooks, feeds and figures.

The audit log keeps who did what and when, with hashes in place of names.

The site's own row is the first to change and the last to go. From the first transaction on it is closed: whatever comes
in for it is refused (db.closed_sites). If the process is killed, the same command resumes, and so does beat.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import and_, delete, func, or_, select, tuple_, update
from sqlalchemy.orm import Session

from tts_service.access.audit import Deed, note
from tts_service.db.tables import (
    ApiKeyRow,
    ArticleRow,
    CallbackEndpointRow,
    CaseRow,
    ClipRow,
    CorrectionRow,
    JobRow,
    LexiconChangeRow,
    SiteFeedRow,
    SiteRoundRow,
    SiteRow,
    WebhookSourceRow,
)
from tts_service.errors import NotFound
from tts_service.jobs.clip_words import forget_removed_words
from tts_service.newsroom.quotas import stored_bytes
from tts_service.newsroom.sites import lock_site_row
from tts_service.parts import Parts
from tts_service.retention.doomed import LATE_WRITES_MS, delete_doomed
from tts_service.retention.erasure import (
    delete_rows,
    erase_own_rows,
    erasing,
    forget_sentences,
    take_away,
)
from tts_service.retention.listeners import forget_copies
from tts_service.retention.site_portions import PortionDone, portions
from tts_service.retention.site_rows import SiteRows, after_articles, all_rows, before_articles, cases_of
from tts_service.retention.site_unnaming import OVERLAP_MS, all_people, unname_audit, unname_elsewhere
from tts_service.retention.trail import name_hash


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteErased:
    """What one call erased."""

    rows: int
    files: int
    log_lines: int = 0
    finished: bool
    """False: the time was up; the same call resumes."""
    open_ms: int | None
    """When its name can be used again: until then, a late write of a worker is erased too. None: now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteWeight:
    """What a site consists of."""

    rows: dict[str, int]
    """By table."""
    audio_bytes: int
    """Of finished audio."""


def weigh_site(parts: Parts, site: str) -> SiteWeight:
    """What its erasure would delete. Changes nothing. Raises NotFound."""
    with parts.database.reading() as session:
        if not _is_known(session, site):
            raise NotFound(f"There is no site {site[:64]}.")
        count = select(func.count())
        rows = {
            one.table.__tablename__: session.scalar(count.select_from(one.table).where(one.mine)) or 0
            for one in all_rows(site)
        }
        kept = {table: number for table, number in rows.items() if number}
        return SiteWeight(rows=kept, audio_bytes=stored_bytes(session, site))


def erase_site(
    parts: Parts, site: str, who: str, *, within_s: float = math.inf, clock: Callable[[], float] = time.monotonic
) -> SiteErased:
    """Erases a site with everything of it, or goes on with it; it begins nothing new after `within_s` seconds.

    1. Close its doors: hooks, keys, endpoints, feeds, checks, settings. From now on SiteClosed is raised.
    2. Take its articles offline and end its jobs: a worker's next write raises LeaseLost.
    3. Remove its names from the audit log, the logs and the rows of others. Whatever resumes doesn't search them again.
    4. Delete its rows: first what would be searched for each article, then article by article, then what is left.
    5. Delete its files. Its own row stays until no worker can write for it any more; then beat does steps 2 to 4 once
       more, and deletes it.

    Raises NotFound (there is nothing of it), StoreUnavailable (its rows are gone; beat deletes the files).
    """
    until_s = clock() + within_s
    close_site(parts, site, who)
    return _carry_on(parts, site, until_s, clock)


def close_site(parts: Parts, site: str, who: str) -> None:
    """Step 1 alone, in one transaction: beat does the rest. Raises NotFound (there is nothing of it)."""
    with parts.database.reading() as session:
        if not _is_known(session, site):
            raise NotFound(f"There is no site {site[:64]}.")
    database = parts.database
    with erasing(parts) as session:
        row, now = lock_site_row(database, session, site), database.now_ms(session)
        if row.closed_ms is None:
            row.closed_ms, row.closed_by = now, who
            note(database, session, Deed(who=who, what="site.closed", subject=name_hash(site)))
        row.policy = row.origins = row.options = None
        row.updated_ms = now
        for table, values in (
            (WebhookSourceRow, {"removed_ms": func.coalesce(WebhookSourceRow.removed_ms, now)}),
            (ApiKeyRow, {"revoked_ms": func.coalesce(ApiKeyRow.revoked_ms, now)}),
            (CallbackEndpointRow, {"removed_ms": func.coalesce(CallbackEndpointRow.removed_ms, now)}),
        ):
            session.execute(update(table).where(table.site == site).values(values))
        for gone in (SiteFeedRow, SiteRoundRow):
            session.execute(delete(gone).where(gone.site == site))
        for person in all_people(session):
            if site in (person.sites or ()):
                person.sites = [one for one in person.sites or () if one != site]


def go_on_erasing(parts: Parts, *, within_s: float, clock: Callable[[], float] = time.monotonic) -> None:
    """Carry on with sites whose erasure was begun, and delete the rows of those that can be forgotten. Called by
    beat."""
    with parts.database.reading() as session:
        ripe = SiteRow.emptied_ms <= parts.database.now_ms(session) - LATE_WRITES_MS
        unfinished = and_(SiteRow.closed_ms.is_not(None), or_(SiteRow.emptied_ms.is_(None), ripe))
        due = session.scalars(select(SiteRow.name).where(unfinished).order_by(SiteRow.name)).all()
    until_s = clock() + within_s
    for site in due:
        _carry_on(parts, site, until_s, clock)
        if clock() >= until_s:
            return


def _carry_on(parts: Parts, site: str, until_s: float, clock: Callable[[], float]) -> SiteErased:
    rows = log_lines = 0
    finished = True
    for done in _rounds(parts, site):
        rows, log_lines = rows + done.rows, log_lines + done.log_lines
        if clock() >= until_s:
            finished = False
            break
    open_ms = _end(parts, site, rows) if finished else None
    forget_removed_words(parts.database)
    try:
        files = delete_doomed(parts, within_s=max(0.0, until_s - clock()), clock=clock)
    finally:
        forget_copies(parts.database)
    return SiteErased(rows=rows, files=files, log_lines=log_lines, finished=finished, open_ms=open_ms)


def _rounds(parts: Parts, site: str) -> Iterator[PortionDone]:
    """Steps 2 to 4 in short transactions, until a round finds nothing: something may have been written meanwhile."""
    found = True
    while found:
        found = False
        for done in _round(parts, site):
            found = True
            yield done


def _round(parts: Parts, site: str) -> Iterator[PortionDone]:
    with parts.database.reading() as session:
        unnamed_ms = session.scalar(select(SiteRow.unnamed_ms).where(SiteRow.name == site))
        began_ms = parts.database.now_ms(session)
    if unnamed_ms is None:
        yield from _take_offline(parts, site)
        yield from unname_audit(parts, site)
        yield unname_elsewhere(parts, site)
    yield from _forget_cases(parts, site)
    for rows in before_articles(site):
        yield from _delete(parts, rows)
    yield from _erase_articles(parts, site, since_ms=(unnamed_ms or began_ms) - OVERLAP_MS)
    for rows in after_articles(site):
        yield from _delete(parts, rows)


def _take_offline(parts: Parts, site: str) -> Iterator[PortionDone]:
    """Step 2, some articles at a time."""
    clip = ClipRow
    heard = select(ArticleRow.id).outerjoin(clip, clip.article_id == ArticleRow.id).where(ArticleRow.site == site)
    at_work = select(JobRow.article_id).where(JobRow.site == site, JobRow.state.in_(("queued", "running")))
    online = or_(ArticleRow.withdrawn_ms.is_(None), clip.state != "withdrawn", ArticleRow.id.in_(at_work))
    for some in portions(parts, heard.where(online).order_by(ArticleRow.id)):
        articles = [article.id for article in some]
        with parts.database.writing() as session:
            now = parts.database.now_ms(session)
            session.execute(
                select(ArticleRow.id).where(ArticleRow.id.in_(articles)).order_by(ArticleRow.id).with_for_update()
            )
            mine = clip.article_id.in_(articles)
            session.execute(select(clip.id).where(mine).order_by(clip.id).with_for_update())
            withdrawn = func.coalesce(ArticleRow.withdrawn_ms, now)
            session.execute(update(ArticleRow).where(ArticleRow.id.in_(articles)).values(withdrawn_ms=withdrawn))
            session.execute(update(clip).where(mine).values(state="withdrawn"))
            working = (JobRow.article_id.in_(articles), JobRow.state.in_(("queued", "running")))
            ended = {"state": "cancelled", "finished_ms": now, "live_key": None, "waiting": None, "lease_owner": None}
            session.execute(update(JobRow).where(*working).values(**ended))
        yield PortionDone()


def _forget_cases(parts: Parts, site: str) -> Iterator[PortionDone]:
    """Its cases, in the rows of others: of corrections for all sites, and of duplicates."""
    with parts.database.reading() as session:
        if session.scalar(cases_of(site).limit(1)) is None:
            return
    changed = 0
    with parts.database.writing() as session:
        for column in (CorrectionRow.case_id, LexiconChangeRow.case_id, CaseRow.duplicate_of):
            forget = update(column.class_).where(column.in_(cases_of(site))).values({column.key: None})
            changed += int(session.execute(forget).rowcount)  # type: ignore[attr-defined]
    if changed:
        yield PortionDone()


def _delete(parts: Parts, rows: SiteRows) -> Iterator[PortionDone]:
    for some in portions(parts, rows.keys()):
        with erasing(parts) as session:
            gone = delete_rows(session, rows.table, tuple_(*rows.key).in_([tuple(key) for key in some]))
        yield PortionDone(rows=gone)


def _erase_articles(parts: Parts, site: str, *, since_ms: int) -> Iterator[PortionDone]:
    """One after the other, as retention.erasure does it: what named them elsewhere before `since_ms` is gone already.
    One that was corrected meanwhile stays for the next round."""
    for some in portions(parts, select(ArticleRow.external_id).where(ArticleRow.site == site)):
        for article in some:
            trail = take_away(parts, site, article.external_id)
            if trail.article_id is not None:
                gone = forget_sentences(parts, trail)
                yield PortionDone(rows=gone + (erase_own_rows(parts, trail, None, gone, since_ms=since_ms) or 0))


def _end(parts: Parts, site: str, rows: int) -> int | None:
    """The site is empty. Its row goes once nobody can write for it any more. Returns when that is; None: it is gone."""
    database = parts.database
    with erasing(parts) as session:
        row, now = lock_site_row(database, session, site), database.now_ms(session)
        if row.emptied_ms is None:
            row.emptied_ms = now
            deed = Deed(who=row.closed_by or "", what="site.erased", subject=name_hash(site), details={"rows": rows})
            note(database, session, deed)
        if row.emptied_ms + LATE_WRITES_MS <= now:
            session.delete(row)
            return None
        row.unnamed_ms = None  # before its row goes, what was written late is looked for everywhere
        return row.emptied_ms + LATE_WRITES_MS


def _is_known(session: Session, site: str) -> bool:
    own = session.get(SiteRow, site) is not None or any(site in (person.sites or ()) for person in all_people(session))
    return own or any(session.execute(one.keys().limit(1)).first() for one in all_rows(site))
