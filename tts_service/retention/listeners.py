"""Listeners' personal data in reports: export, erasure, expiry.

Personal data are the email address, the comment, staff's note, and the keyed hash of the sender. The reported word and
position are not personal and stay: the correction depends on them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, delete, func, or_, select, text, update
from sqlalchemy.orm import Session

from tts_service.access.audit import Deed, note
from tts_service.access.daily import destroy_old_keys
from tts_service.corrections.cases.forgetting import forget_reports
from tts_service.db.session import Database
from tts_service.db.tables import DeliveryAttemptRow, DeliveryRow, ReportRow
from tts_service.errors import InputRefused
from tts_service.listeners.reports import find_report
from tts_service.settings import Settings
from tts_service.values.moments import DAY_MS
from tts_service.values.spreadsheet import csv_text

ANSWERING_MS = 3_600_000
"""Milliseconds that sending one answer can take at most; after that, its address is erased in any case."""
EXPORTED = (
    "id",
    "created_ms",
    "updated_ms",
    "site",
    "clip_id",
    "revision",
    "position_ms",
    "token",
    "category",
    "state",
    "sentence",
    "voice",
    "comment",
    "email",
    "note",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSelection:
    """Selects reports."""

    email: str | None = None
    reference: str | None = None
    site: str | None = None


def export_reports(database: Database, selection: ReportSelection) -> list[dict[str, Any]]:
    """All data of these reports, oldest first; of all reports if nothing is selected. Raises NotFound."""
    with database.reading() as session:
        rows = session.scalars(_wanted(session, selection).order_by(ReportRow.created_ms, ReportRow.id)).all()
    return [{name: getattr(row, name) for name in EXPORTED} for row in rows]


def as_csv(rows: Sequence[dict[str, Any]]) -> str:
    """Reports as CSV for spreadsheets: all cells quoted, formulas neutralised."""
    return csv_text(EXPORTED, ([row[name] for name in EXPORTED] for row in rows))


def erase_reports(database: Database, selection: ReportSelection, who: str, *, whole: bool = False) -> int:
    """Erases the personal data in a person's reports; `whole`: the reports themselves. Returns how many.

    Raises InputRefused without email or reference, NotFound (reference).
    """
    if selection.email is None and selection.reference is None:
        raise InputRefused("Give an e-mail address or a reference.")
    with database.writing() as session:
        overwrite(database, session)
        ids = [row.id for row in session.scalars(_wanted(session, selection))]
        mine = ReportRow.id.in_(ids)
        forget_reports(session, ids, database.now_ms(session), whole=whole)
        if whole:
            _forget_told(session, ids)
            session.execute(delete(ReportRow).where(mine))
        else:
            session.execute(update(ReportRow).where(mine).values(email=None, comment="", note="", sender=None))
        for reference in ids:
            # The log records that it was done, not for whom.
            note(database, session, Deed(who=who, what="report.erased", subject=reference, details={"whole": whole}))
    forget_copies(database)
    return len(ids)


def _forget_told(session: Session, references: Sequence[str]) -> None:
    """Deletes callbacks that contain these reports."""
    for reference in references:
        mentioning = session.scalars(select(DeliveryRow.id).where(DeliveryRow.body.contains(f'"{reference}"'))).all()
        session.execute(delete(DeliveryAttemptRow).where(DeliveryAttemptRow.delivery_id.in_(mentioning)))
        session.execute(delete(DeliveryRow).where(DeliveryRow.id.in_(mentioning)))


def forget_expired(database: Database, settings: Settings) -> int:
    """Erases expired data: emails that are too old or were answered, senders' hashes, old daily keys. Called by beat.

    An answered report has an email only if the process died after the answer (listeners/answers.py).
    """
    with database.writing() as session:
        overwrite(database, session)
        now = database.now_ms(session)
        answered = ReportRow.answered_ms <= now - ANSWERING_MS
        stale = ReportRow.created_ms <= now - settings.report_email_days * DAY_MS
        emails = update(ReportRow).where(ReportRow.email.is_not(None), or_(answered, stale)).values(email=None)
        sent = ReportRow.created_ms <= now - settings.report_sender_days * DAY_MS
        senders = update(ReportRow).where(ReportRow.sender.is_not(None), sent).values(sender=None)
        erased = [len(session.execute(change.returning(ReportRow.id)).all()) for change in (emails, senders)]
    erased.append(destroy_old_keys(database))
    if any(erased):
        forget_copies(database)
    return sum(erased)


def _wanted(session: Session, selection: ReportSelection) -> Select[ReportRow]:
    query = select(ReportRow)
    if selection.email is not None:
        query = query.where(func.lower(ReportRow.email) == selection.email.strip().lower())
    if selection.reference is not None:
        query = query.where(ReportRow.id == find_report(session, selection.reference).id)
    return query.where(ReportRow.site == selection.site) if selection.site is not None else query


def overwrite(database: Database, session: Session) -> None:
    """Makes SQLite overwrite erased data with zeros instead of only unlinking it."""
    if database.is_sqlite:
        session.execute(text("PRAGMA secure_delete=ON"))


def forget_copies(database: Database) -> None:
    """Checkpoints SQLite's WAL into the database file, so that erased data doesn't remain there."""
    if database.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
