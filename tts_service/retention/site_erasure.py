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
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, Text, and_, cast, delete, func, or_, select, tuple_, update
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
    log_files,
    rows_gone,
    take_away,
)
from tts_service.retention.listeners import forget_copies
from tts_service.retention.site_rows import SiteRows, after_articles, all_rows, before_articles, cases_of, named_ids
from tts_service.retention.trail import SHORTEST, name_hash

_READ_AT_ONCE = 5_000
"""Rows read before the first of them are deleted: a turn of a few seconds doesn't get further."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Done:
    """What one step did. After each, the time is looked at."""

    rows: int = 0
    log_lines: int = 0


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
        for person in _people(session):
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


def _rounds(parts: Parts, site: str) -> Iterator[_Done]:
    """Steps 2 to 4 in short transactions, until a round finds nothing: something may have been written meanwhile."""
    found = True
    while found:
        found = False
        for done in _round(parts, site):
            found = True
            yield done


def _round(parts: Parts, site: str) -> Iterator[_Done]:
    with parts.database.reading() as session:
        unnamed_ms = session.scalar(select(SiteRow.unnamed_ms).where(SiteRow.name == site))
        began_ms = parts.database.now_ms(session)
    if unnamed_ms is None:
        yield from _take_offline(parts, site)
        yield from _unname_audit(parts, site)
        yield _unname_elsewhere(parts, site)
    yield from _forget_cases(parts, site)
    for rows in before_articles(site):
        yield from _delete(parts, rows)
    yield from _erase_articles(parts, site, since_ms=(unnamed_ms or began_ms) - _OVERLAP_MS)
    for rows in after_articles(site):
        yield from _delete(parts, rows)


def _take_offline(parts: Parts, site: str) -> Iterator[_Done]:
    """Step 2, some articles at a time."""
    clip = ClipRow
    heard = select(ArticleRow.id).outerjoin(clip, clip.article_id == ArticleRow.id).where(ArticleRow.site == site)
    at_work = select(JobRow.article_id).where(JobRow.site == site, JobRow.state.in_(("queued", "running")))
    online = or_(ArticleRow.withdrawn_ms.is_(None), clip.state != "withdrawn", ArticleRow.id.in_(at_work))
    for some in _portions(parts, heard.where(online).order_by(ArticleRow.id)):
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
        yield _Done()


def _unname_audit(parts: Parts, site: str) -> Iterator[_Done]:
    """Step 3: lines about it keep who and when. What they were about can be found by whoever knows the name."""
    row = AuditRow
    told = cast(row.details, Text).contains(f'"{site}"', autoescape=True)
    elsewhere = row.site.is_(None) & or_(row.subject == site, named_ids(site), told)
    for some in _portions(parts, select(row.id, row.subject).where(or_(row.site == site, elsewhere))):
        with erasing(parts) as session:
            for line in some:
                hashed = name_hash(site if line.subject == site else f"{site}/{line.subject}")
                subject = line.subject if line.subject.startswith("erased:") else hashed
                kept: dict[str, Any] = {"subject": subject, "site": None, "details": {}}
                session.execute(update(row).where(row.id == line.id).values(kept))
        yield _Done(rows=len(some))


def _unname_elsewhere(parts: Parts, site: str) -> _Done:
    """The rest of step 3: the logs, and what entries for all sites leave out. The site's row says that it is done."""
    log_lines = _clean_logs(parts, site)
    with erasing(parts) as session:
        changed = forget_site_exceptions(parts, session, site)
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        session.execute(update(SiteRow).where(SiteRow.name == site).values(unnamed_ms=now))
    return _Done(rows=changed, log_lines=log_lines)


def _forget_cases(parts: Parts, site: str) -> Iterator[_Done]:
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
        yield _Done()


def _delete(parts: Parts, rows: SiteRows) -> Iterator[_Done]:
    for some in _portions(parts, rows.keys()):
        with erasing(parts) as session:
            gone = rows_gone(session, rows.table, tuple_(*rows.key).in_([tuple(key) for key in some]))
        yield _Done(rows=gone)


def _erase_articles(parts: Parts, site: str, *, since_ms: int) -> Iterator[_Done]:
    """One after the other, as retention.erasure does it: what named them elsewhere before `since_ms` is gone already.
    One that was corrected meanwhile stays for the next round."""
    for some in _portions(parts, select(ArticleRow.external_id).where(ArticleRow.site == site)):
        for article in some:
            trail = take_away(parts, site, article.external_id)
            if trail.article_id is not None:
                gone = forget_sentences(parts, trail)
                yield _Done(rows=gone + (erase_own_rows(parts, trail, None, gone, since_ms=since_ms) or 0))


def _portions(parts: Parts, query: Select[*tuple[Any, ...]]) -> Iterator[Sequence[Row[*tuple[Any, ...]]]]:
    """The rows of a query, as many at a time as one transaction takes. It is asked again until little is left: whoever
    gets rows deletes them, or changes them so that it no longer finds them."""
    while True:
        with parts.database.reading() as session:
            rows = session.execute(query.limit(_READ_AT_ONCE)).all()
        yield from in_turns(rows)
        if len(rows) < _READ_AT_ONCE:
            return


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


def _clean_logs(parts: Parts, site: str) -> int:
    """Removes lines of the embedded service's logs that name it or something of it. Returns how many."""
    if not log_files(parts):
        return 0
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
