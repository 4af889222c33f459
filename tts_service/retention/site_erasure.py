"""Erases a whole site: its articles with everything made from them, its settings, keys, hooks, feeds and figures.

The audit log keeps who did what and when, with hashes in place of names.

The site's own row is the first to change and the last to go. From the first transaction on it is closed: whatever comes
in for it is refused (db.closed_sites). Whatever kills the process, the same command resumes, and so does beat.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Text, and_, cast, delete, func, or_, select, tuple_, update
from sqlalchemy.orm import Session

from tts_service.access.audit import Deed, note
from tts_service.db.tables import (
    ApiKeyRow,
    ArticleRow,
    AuditRow,
    CallbackEndpointRow,
    CaseRow,
    ClipRow,
    CorrectionRow,
    JobRow,
    LexiconChangeRow,
    ReportRow,
    SiteFeedRow,
    SiteRoundRow,
    SiteRow,
    StaffRow,
    WebhookSourceRow,
)
from tts_service.errors import NotFound
from tts_service.jobs.clip_words import forget_removed_words
from tts_service.newsroom.quotas import stored_bytes
from tts_service.newsroom.sites import lock_site_row
from tts_service.parts import Parts
from tts_service.retention.article_lexicon import forget_site_exceptions
from tts_service.retention.doomed import LATE_WRITES_MS, delete_doomed
from tts_service.retention.erasure import (
    drop_log_lines,
    erase_own_rows,
    erasing,
    forget_sentences,
    in_turns,
    rows_gone,
    take_away,
)
from tts_service.retention.listeners import forget_copies
from tts_service.retention.site_rows import SiteRows, after_articles, all_rows, before_articles, cases_of, named_ids
from tts_service.retention.trail import SHORTEST, name_hash

_ARTICLES_AT_ONCE = 200
"""Articles that one transaction takes offline."""
_OVERLAP_MS = 60_000
_WORD = re.compile(r"[\w-]+(?:\.[\w-]+)*")
_ADDRESS = re.compile(r"https?://[^\s\"'<>]+")


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
    3. Remove its names from the audit log and the logs.
    4. Delete its rows: first what would be searched for each article, then article by article, then what is left.
    5. Delete its files. Its own row stays until no worker can write for it any more; then beat deletes it.

    Raises NotFound (there is nothing of it), StoreUnavailable (its rows are gone; beat deletes the files).
    """
    until_s = clock() + within_s
    with parts.database.reading() as session:
        if not _is_known(session, site):
            raise NotFound(f"There is no site {site[:64]}.")
    _close(parts, site, who)
    log_lines = _clean_logs(parts, site)
    return replace(_carry_on(parts, site, until_s, clock), log_lines=log_lines)


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
    rows, again = 0, True
    while again:  # until a round finds nothing: something may have been written meanwhile
        again = False
        for gone in _rounds(parts, site):
            rows, again = rows + gone, again or gone > 0
            if gone and clock() >= until_s:
                break
        else:
            continue
        break
    finished = not again
    open_ms = _end(parts, site, rows) if finished else None
    forget_removed_words(parts.database)
    try:
        files = delete_doomed(parts, within_s=max(0.0, until_s - clock()), clock=clock)
    finally:
        forget_copies(parts.database)
    return SiteErased(rows=rows, files=files, finished=finished, open_ms=open_ms)


def _close(parts: Parts, site: str, who: str) -> None:
    """Step 1, in one transaction."""
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
        for person in _people(session):
            if site in (person.sites or ()):
                person.sites = [one for one in person.sites or () if one != site]


def _rounds(parts: Parts, site: str) -> Iterator[int]:
    """Steps 2 to 4 in short transactions, each with the number of its rows."""
    yield from _take_offline(parts, site)
    yield from _unname_audit(parts, site)
    with erasing(parts) as session:
        changed = forget_site_exceptions(parts, session, site)
    yield changed
    yield from _forget_cases(parts, site)
    for rows in before_articles(site):
        yield from _delete(parts, rows)
    yield from _erase_articles(parts, site)
    for rows in after_articles(site):
        yield from _delete(parts, rows)


def _take_offline(parts: Parts, site: str) -> Iterator[int]:
    """Step 2, some articles at a time."""
    with parts.database.reading() as session:
        clip = ClipRow
        heard = select(ArticleRow.id).outerjoin(clip, clip.article_id == ArticleRow.id).where(ArticleRow.site == site)
        at_work = select(JobRow.article_id).where(JobRow.site == site, JobRow.state.in_(("queued", "running")))
        online = or_(ArticleRow.withdrawn_ms.is_(None), clip.state != "withdrawn", ArticleRow.id.in_(at_work))
        articles = session.scalars(heard.where(online).order_by(ArticleRow.id)).all()
    for some in in_turns(articles, _ARTICLES_AT_ONCE):
        with parts.database.writing() as session:
            now = parts.database.now_ms(session)
            session.execute(
                select(ArticleRow.id).where(ArticleRow.id.in_(some)).order_by(ArticleRow.id).with_for_update()
            )
            mine = clip.article_id.in_(some)
            session.execute(select(clip.id).where(mine).order_by(clip.id).with_for_update())
            withdrawn = func.coalesce(ArticleRow.withdrawn_ms, now)
            session.execute(update(ArticleRow).where(ArticleRow.id.in_(some)).values(withdrawn_ms=withdrawn))
            session.execute(update(clip).where(mine).values(state="withdrawn"))
            working = (JobRow.article_id.in_(some), JobRow.state.in_(("queued", "running")))
            ended = {"state": "cancelled", "finished_ms": now, "live_key": None, "waiting": None, "lease_owner": None}
            session.execute(update(JobRow).where(*working).values(**ended))
        yield 0


def _unname_audit(parts: Parts, site: str) -> Iterator[int]:
    """Step 3: lines about it keep who and when. What they were about can be found by whoever knows the name."""
    row = AuditRow
    told = cast(row.details, Text).contains(f'"{site}"', autoescape=True)
    elsewhere = row.site.is_(None) & or_(row.subject == site, named_ids(site), told)
    with parts.database.reading() as session:
        lines = session.execute(select(row.id, row.subject).where(or_(row.site == site, elsewhere))).all()
    for some in in_turns(lines):
        with erasing(parts) as session:
            for line in some:
                hashed = name_hash(site if line.subject == site else f"{site}/{line.subject}")
                subject = line.subject if line.subject.startswith("erased:") else hashed
                kept: dict[str, Any] = {"subject": subject, "site": None, "details": {}}
                session.execute(update(row).where(row.id == line.id).values(kept))
        yield len(some)


def _forget_cases(parts: Parts, site: str) -> Iterator[int]:
    """Its cases, in the rows of others: of corrections for all sites, and of duplicates."""
    with parts.database.writing() as session:
        for column in (CorrectionRow.case_id, LexiconChangeRow.case_id, CaseRow.duplicate_of):
            session.execute(update(column.class_).where(column.in_(cases_of(site))).values({column.key: None}))
    yield 0


def _delete(parts: Parts, rows: SiteRows) -> Iterator[int]:
    with parts.database.reading() as session:
        keys = session.execute(rows.keys()).all()
    for some in in_turns([tuple(key) for key in keys]):
        with erasing(parts) as session:
            gone = rows_gone(session, rows.table, tuple_(*rows.key).in_(some))
        yield gone


def _erase_articles(parts: Parts, site: str) -> Iterator[int]:
    """One after the other, as retention.erasure does it: what names them elsewhere is gone already."""
    with parts.database.reading() as session:
        articles = session.scalars(select(ArticleRow.external_id).where(ArticleRow.site == site)).all()
    for external_id in articles:
        with parts.database.reading() as session:
            since_ms = parts.database.now_ms(session) - _OVERLAP_MS
        trail = take_away(parts, site, external_id)
        if trail.article_id is not None:
            gone = forget_sentences(parts, trail)
            yield gone + (erase_own_rows(parts, trail, None, gone, since_ms=since_ms) or 0)


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
        return row.emptied_ms + LATE_WRITES_MS


def _clean_logs(parts: Parts, site: str) -> int:
    """Removes lines of the embedded service's logs that name it or something of it. Returns how many."""
    clips = select(ClipRow.id).join(ArticleRow).where(ArticleRow.site == site)
    own = (ArticleRow, JobRow, ReportRow, CaseRow, CorrectionRow, WebhookSourceRow, ApiKeyRow, CallbackEndpointRow)
    with parts.database.reading() as session:
        names = {site, *session.scalars(clips)}
        for table in own:
            names.update(session.scalars(select(table.id).where(table.site == site)))
        for article in session.execute(select(ArticleRow.external_id, ArticleRow.url).where(ArticleRow.site == site)):
            names.update(filter(None, article))
    names = {name for name in names if len(name) >= SHORTEST}

    def names_it(line: bytes) -> bool:
        text = line.decode("utf-8", "replace")
        return not names.isdisjoint(_WORD.findall(text)) or not names.isdisjoint(_ADDRESS.findall(text))

    return drop_log_lines(parts, names_it)


def _is_known(session: Session, site: str) -> bool:
    own = session.get(SiteRow, site) is not None or any(site in (person.sites or ()) for person in _people(session))
    return own or any(session.execute(one.keys().limit(1)).first() for one in all_rows(site))


def _people(session: Session) -> Sequence[StaffRow]:
    return session.scalars(select(StaffRow).where(StaffRow.sites.is_not(None))).all()
