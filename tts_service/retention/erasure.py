"""Erases an article completely: rows, files, counters and log entries.

The audit log keeps the entry about the erasure, and earlier entries with the article's name replaced by a hash. Anyone
who knows the name can still find them.

Nothing else waits long: searches run outside of write transactions, and each of these is short. If the process is
killed, the same command resumes: the article's own rows, which say where everything else is, go last.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sqlalchemy import ColumnElement, and_, case, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from tts_service.access.audit import Deed, note
from tts_service.corrections.cases.forgetting import forget_heard, forget_reports, lock_hearings
from tts_service.db.tables import (
    ArticleCheckRow,
    ArticleRepairRow,
    ArticleRevisionRow,
    ArticleRow,
    AuditRow,
    Base,
    ClipRevisionRow,
    ClipRow,
    DeliveryAttemptRow,
    DeliveryRow,
    FoundArticleRow,
    IdempotencyKeyRow,
    InboundEventRow,
    JobRow,
    ListeningRow,
    ReportRow,
    UtteranceRow,
    WithdrawnDocumentRow,
)
from tts_service.errors import NotFound
from tts_service.jobs.clip_words import forget_clip, forget_removed_words
from tts_service.jobs.locks import lock_clip
from tts_service.jobs.recordings import UPLOADS
from tts_service.parts import Parts
from tts_service.retention.article_lexicon import (
    close_corrections,
    corrections_of,
    forget_in_lexicon,
    lock_corrections,
)
from tts_service.retention.doomed import LATE_WRITES_MS, delete_doomed, doom
from tts_service.retention.listeners import forget_copies, overwrite
from tts_service.retention.trail import Mentions, Trail, mentions_of, trail_of

_AT_ONCE = 200
"""Rows that one transaction deletes."""
_REVISIONS_AT_ONCE = 10
_OVERLAP_MS = 60_000
"""Rows written up to this long before the search began are searched again: their transactions may have ended later."""

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """Counts of what was erased."""

    rows: int
    files: int
    log_lines: int


def erase_article(parts: Parts, site: str, external_id: str, who: str, *, within_s: float = math.inf) -> Erased:
    """Erases an article with everything made from it and recorded about it.

    1. Take it from listeners and workers: a worker's next write raises LeaseLost.
    2. Delete what names it elsewhere, and its lines in the logs.
    3. Delete its sentences, and record their segments for deletion.
    4. Delete its own rows with the entry in the audit log. If it was sent again or
       corrected meanwhile, begin again.
    5. Delete its files from the store; again for a while, as its worker may not know yet. After `within_s` seconds
       beat deletes the rest.

    Raises NotFound (there is nothing of it), StoreUnavailable (its rows are gone; beat deletes the files).
    """
    database, rows, lines = parts.database, 0, 0
    with database.reading() as session:
        began_ms = database.now_ms(session)
    gone = None
    while gone is None:
        trail = take_away(parts, site, external_id, who)
        with database.reading() as session:
            mentions = mentions_of(session, trail)
        lines += clean_logs(parts, trail.names)
        rows += delete_mentions(parts, trail, mentions) + forget_sentences(parts, trail)
        gone = erase_own_rows(parts, trail, who, rows, since_ms=began_ms - _OVERLAP_MS)
    rows += gone
    forget_removed_words(database)
    try:
        files = delete_doomed(parts, within_s=within_s)
    finally:
        forget_copies(database)
    if not rows and not files:
        raise NotFound(f"The site {site[:80]} has no article {external_id[:200]}.")
    return Erased(rows=rows, files=files, log_lines=lines)


def take_away(parts: Parts, site: str, external_id: str, who: str | None = None) -> Trail:
    """Step 1. Returns the article's trail. `who`: for the audit log, as what follows may be killed before its entry;
    None: no entry, since its whole site goes."""
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        mine = (ArticleRow.site == site, ArticleRow.external_id == external_id)
        article = session.scalars(select(ArticleRow).where(*mine).with_for_update(key_share=True)).one_or_none()
        was_open = article is not None and article.withdrawn_ms is None
        if article is not None:
            clip = lock_clip(session, article.id)
            article.withdrawn_ms = article.withdrawn_ms or now
            if clip is not None:
                clip.state = "withdrawn"
            working = (JobRow.article_id == article.id, JobRow.state.in_(("queued", "running")))
            ended = {"state": "cancelled", "finished_ms": now, "live_key": None, "waiting": None, "lease_owner": None}
            session.execute(update(JobRow).where(*working).values(**ended))
        trail = trail_of(session, site, external_id)
        if was_open and who is not None:
            note(parts.database, session, Deed(who=who, what="article.withdrawn", subject=trail.hashed, site=site))
        return trail


def delete_mentions(parts: Parts, trail: Trail, mentions: Mentions) -> int:
    """Step 2, in short transactions. Returns the number of rows that were deleted."""
    row, gone = IdempotencyKeyRow, 0
    with parts.database.reading() as session:
        keys = session.execute(select(row.api_key, row.key).where(row.job_id.in_(trail.jobs))).all()
    for some in batches_of(keys):
        with erasing(parts) as session:
            for one in some:
                gone += delete_rows(session, row, and_(row.api_key == one.api_key, row.key == one.key))
    for events in batches_of(mentions.events):
        with erasing(parts) as session:
            gone += delete_rows(session, InboundEventRow, InboundEventRow.id.in_(events))
    for deliveries in batches_of(mentions.deliveries):
        with erasing(parts) as session:
            gone += forget_deliveries(session, deliveries)
    for entries in batches_of(mentions.audit):
        with erasing(parts) as session:
            _unname(session, trail, entries)
    return gone


def forget_sentences(parts: Parts, trail: Trail) -> int:
    """Step 3, some revisions at a time. Returns the number of rows that were deleted."""
    if trail.clip_id is None:
        return 0
    mine, gone = UtteranceRow.clip_id == trail.clip_id, 0
    with parts.database.reading() as session:
        revisions = session.scalars(select(UtteranceRow.revision).where(mine).distinct()).all()
    for some in batches_of(revisions, _REVISIONS_AT_ONCE):
        with erasing(parts) as session:
            gone += _forget_sentences(parts, session, and_(mine, UtteranceRow.revision.in_(some)), trail)
    return gone


def erase_own_rows(parts: Parts, trail: Trail, who: str | None, rows: int, *, since_ms: int) -> int | None:
    """Step 4, with what was written since the search began. None: the article was sent again or corrected since, and
    nothing is done.

    `who`: for the audit log; None: no entry, since its whole site goes. `rows`: how many were deleted before. Returns
    how many more were.
    """
    database = parts.database
    with erasing(parts) as session:
        lock_hearings(session, trail.clip_id)
        corrections = lock_corrections(session, trail)
        gone = forget_in_lexicon(parts, session, trail, corrections)
        session.execute(select(ArticleRow.id).where(ArticleRow.id == trail.article_id).with_for_update())
        clip = select(ClipRow.id).where(ClipRow.id == trail.clip_id)
        session.execute(clip.with_for_update(key_share=True))
        forget_reports(session, trail.reports, database.now_ms(session))
        # Only now against rows that refer to it: whoever decides a case and changes a report of it twice asks for the
        # report's clip again.
        session.execute(clip.with_for_update())
        later = corrections_of(session, trail) - {one.id for one in corrections}  # accepted while this one waited
        if later or trail_of(session, trail.site, trail.external_id).ids != trail.ids:
            session.rollback()
            return None
        mentions = mentions_of(session, trail, since_ms)
        gone += delete_rows(session, InboundEventRow, InboundEventRow.id.in_(mentions.events))
        gone += forget_deliveries(session, mentions.deliveries)
        if trail.clip_id is not None:
            gone += _forget_sentences(parts, session, UtteranceRow.clip_id == trail.clip_id, trail)
            gone += forget_heard(session, trail.clip_id, database.now_ms(session))
            gone += forget_clip(session, trail.clip_id)
            folders = [f"{kind}{trail.clip_id}/" for kind in ("clips/", "live/", UPLOADS)]
            doom(database, session, "folder", folders, late_writes=_is_worked_on(parts, session, trail))
        gone += sum(delete_rows(session, table, mine) for table, mine in _own_rows(trail))
        close_corrections(parts, session, corrections)
        _unname(session, trail, mentions.audit)
        if who is not None and rows + gone:
            details = {"rows": rows + gone}
            deed = Deed(who=who, what="article.erased", subject=trail.hashed, site=trail.site, details=details)
            note(database, session, deed)
    return gone


@contextmanager
def erasing(parts: Parts) -> Iterator[Session]:
    """A write session that leaves nothing of what it deletes in the database's file."""
    with parts.database.writing() as session:
        overwrite(parts.database, session)
        yield session


def batches_of(rows: Sequence[Row], size: int | None = None) -> Iterator[Sequence[Row]]:
    """As many at a time as one transaction takes."""
    size = size or _AT_ONCE
    return (rows[start : start + size] for start in range(0, len(rows), size))


def delete_rows(session: Session, table: type[Base], mine: ColumnElement[bool]) -> int:
    """Deletes rows and returns how many."""
    return int(session.execute(delete(table).where(mine)).rowcount)  # type: ignore[attr-defined]


def forget_deliveries(session: Session, ids: Sequence[str]) -> int:
    """Deletes callbacks with their attempts."""
    attempts = delete_rows(session, DeliveryAttemptRow, DeliveryAttemptRow.delivery_id.in_(ids))
    return attempts + delete_rows(session, DeliveryRow, DeliveryRow.id.in_(ids))


def _own_rows(trail: Trail) -> Iterable[tuple[type[Base], ColumnElement[bool]]]:
    """The rows to delete, in an order allowed by foreign keys."""
    found, article, clip = FoundArticleRow, trail.article_id or "", trail.clip_id or ""
    keys = [*trail.page_keys, f"id:{trail.external_id}"]
    named = or_(found.page_key.in_(keys), found.external_id == trail.external_id)
    yield found, and_(found.site == trail.site, or_(found.article_id == article, found.job_id.in_(trail.jobs), named))
    for of_clip in (ListeningRow, ReportRow, ClipRevisionRow):
        yield of_clip, of_clip.clip_id == clip
    for of_article in (ArticleCheckRow, ArticleRepairRow, JobRow):
        yield of_article, of_article.article_id == article
    yield ClipRow, ClipRow.id == clip
    yield ArticleRevisionRow, ArticleRevisionRow.article_id == article
    yield ArticleRow, ArticleRow.id == article
    document = WithdrawnDocumentRow
    yield document, and_(document.site == trail.site, document.document_id.in_(trail.external_ids))


def _forget_sentences(parts: Parts, session: Session, mine: ColumnElement[bool], trail: Trail) -> int:
    """Deletes utterances, and records their segments for deletion: those that others name stay."""
    keys = session.scalars(select(UtteranceRow.segment_key).where(mine).distinct()).all()
    doom(parts.database, session, "segment", keys, late_writes=_is_worked_on(parts, session, trail))
    return delete_rows(session, UtteranceRow, mine)


def _is_worked_on(parts: Parts, session: Session, trail: Trail) -> bool:
    """Whether a worker may not know yet that a job of it was taken away."""
    recent = parts.database.now_ms(session) - LATE_WRITES_MS
    begun = (JobRow.article_id == trail.article_id, JobRow.started_ms.is_not(None), JobRow.finished_ms > recent)
    return bool(session.scalar(select(exists().where(*begun))))


def _unname(session: Session, trail: Trail, entries: Sequence[str]) -> None:
    """Removes its name and details from its audit log entries, which stay."""
    about = or_(
        AuditRow.subject.in_(trail.ids), (AuditRow.site == trail.site) & (AuditRow.subject == trail.external_id)
    )
    named = case((about, trail.hashed), else_=AuditRow.subject)
    session.execute(update(AuditRow).where(AuditRow.id.in_(entries)).values(subject=named, details={}))


def clean_logs(parts: Parts, names: Iterable[str]) -> int:
    """Removes lines with these names from the embedded service's logs; other logs are the operator's responsibility."""
    words = [name.encode() for name in names]
    return drop_log_lines(parts, lambda line: any(word in line for word in words))


def log_files(parts: Parts) -> Sequence[Path]:
    """The embedded service's logs; none where each process logs to its standard error."""
    return sorted((parts.settings.data_dir / "logs").glob("*.log"))


def drop_log_lines(parts: Parts, names_it: Callable[[bytes], bool]) -> int:
    """Removes lines from the embedded service's logs. Returns how many."""
    dropped = 0
    for file in log_files(parts):
        with suppress(OSError), file.open("r+b") as opened:
            lines = opened.readlines()
            kept = [line for line in lines if not names_it(line)]
            if len(kept) < len(lines):  # writers append: keep what was added meanwhile
                opened.seek(0)
                opened.truncate()
                opened.writelines(kept)
                dropped += len(lines) - len(kept)
    return dropped
