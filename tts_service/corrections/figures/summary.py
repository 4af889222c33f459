"""The weekly summary of the desk, mailed to the staff who want it, each in their language and of their sites."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from gettext import NullTranslations

from babel.numbers import format_decimal
from sqlalchemy import ColumnElement, or_, select, update

from tts_service.access.audit import Deed, note
from tts_service.access.sites import Sites
from tts_service.access.staff import person_sites
from tts_service.corrections.figures.overview import Overview, overview
from tts_service.db.session import Database
from tts_service.db.tables import StaffRow
from tts_service.errors import InputRefused, MailRefused, MailUnavailable, MailUncertain
from tts_service.mail.message import Draft, header_line, is_mailbox, message_of
from tts_service.mail.smtp import SmtpConnection, smtp_connection
from tts_service.parts import Parts
from tts_service.public_addresses import public_url
from tts_service.values.translations import catalogue, duration, language_for, locale_of, page_languages

DAYS = 7
FROM_HOUR = 6
"""On Mondays they are sent from this hour on, UTC."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Subscriber:
    staff_id: str
    name: str
    language: str
    sites: Sites
    sent_week: str | None


def want_summary(database: Database, staff_id: str, language: str | None) -> None:
    """Turns a person's weekly summary on, in a language of the pages, or off (None); the first one is the next week's.

    Raises InputRefused: no such language, or the account's name is no address.
    """
    if language is not None and language not in page_languages():
        raise InputRefused(f"The language must be one of {', '.join(page_languages())}.")
    with database.writing() as session:
        row = session.get_one(StaffRow, staff_id)
        if language is not None:
            if not is_mailbox(row.name):
                raise InputRefused("The name of this account is no e-mail address.")
            if row.summary is None:
                row.summary_week = week_of(database.now_ms(session))
        row.summary = language
        deed = Deed(who=f"staff:{row.id}", what="staff.summary", subject=row.id, details={"language": language})
        note(database, session, deed)


def send_summaries(parts: Parts, now_ms: int | None = None) -> int:
    """Mails the summaries of this week. Called by beat; returns how many. `now_ms`: the database's by default."""
    if not parts.settings.smtp_url:
        return 0
    with parts.database.reading() as session:
        at_ms = parts.database.now_ms(session) if now_ms is None else now_ms
    at = datetime.fromtimestamp(at_ms / 1000, UTC)
    if at.isoweekday() == 1 and at.hour < FROM_HOUR:
        return 0
    waiting = _waiting(parts.database, week_of(at_ms))
    if not waiting:
        return 0
    sent = 0
    try:
        with smtp_connection(parts.settings) as connection:
            for one in waiting:
                sent += _send(parts, connection, one, at_ms)
    except MailUnavailable as error:
        log.warning("weekly summaries wait: %s", error.message)
    return sent


def week_of(ms: int) -> str:
    """The ISO week of a time, such as 2026-W48."""
    year, week, _ = datetime.fromtimestamp(ms / 1000, UTC).isocalendar()
    return f"{year}-W{week:02}"


def summary_text(figures: Overview, language: str, url: str) -> str:
    """What a summary says."""
    return "\n".join([*_lines(figures, catalogue(language), language), "", url])


def _waiting(database: Database, week: str) -> list[_Subscriber]:
    row = StaffRow
    query = select(row).where(row.summary.is_not(None), row.disabled_ms.is_(None), _not_sent(week)).order_by(row.id)
    with database.reading() as session:
        return [
            _Subscriber(
                staff_id=found.id,
                name=found.name,
                language=language_for(found.summary or ""),
                sites=person_sites(found),
                sent_week=found.summary_week,
            )
            for found in session.scalars(query)
        ]


def _not_sent(week: str) -> ColumnElement[bool]:
    return or_(StaffRow.summary_week.is_(None), StaffRow.summary_week != week)


def _send(parts: Parts, connection: SmtpConnection, to: _Subscriber, at_ms: int) -> bool:
    """Sends one summary if nobody else does (compare-and-set). Raises MailUnavailable when the connection is of no more
    use."""
    week, today = week_of(at_ms), datetime.fromtimestamp(at_ms / 1000, UTC).date()
    if not _mark(parts.database, to.staff_id, to.sent_week, week):
        return False
    with parts.database.reading() as session:
        figures = overview(parts.database, session, to.sites, DAYS, last=today - timedelta(days=today.isoweekday()))
    subject = catalogue(to.language).gettext("Audio of your articles: the last week")
    draft = Draft(
        to=to.name,
        subject=subject,
        text=summary_text(figures, to.language, public_url(parts.settings, "/staff/overview")),
        language=to.language,
        id=f"{week}.{to.staff_id}",
    )
    try:
        connection.send(message_of(draft, parts.settings.mail_from))
    except MailUnavailable as error:
        _mark(parts.database, to.staff_id, week, to.sent_week)
        if "code" not in error.details:
            raise
        log.warning("the summary for %s waits: %s", to.staff_id, error.message)
        return False
    except MailRefused as error:
        log.warning("the summary for %s was refused: %s", to.staff_id, error.message)
        return False
    except MailUncertain as error:
        log.warning("the summary for %s may be lost: %s", to.staff_id, error.message)
        return False
    return True


def _mark(database: Database, staff_id: str, known: str | None, week: str | None) -> bool:
    """Sets the week of the last summary if it is still the known one."""
    unchanged = StaffRow.summary_week.is_(None) if known is None else StaffRow.summary_week == known
    mine = update(StaffRow).where(StaffRow.id == staff_id, unchanged).values(summary_week=week)
    with database.writing() as session:
        return session.scalar(mine.returning(StaffRow.id)) is not None


def _lines(figures: Overview, words: NullTranslations, language: str) -> Iterator[str]:
    locale = locale_of(language)

    def number(value: float) -> str:
        return str(format_decimal(value, locale=locale))

    yield words.gettext("Reports: {n}").format(n=number(figures.reports))
    if figures.reports_per_1000 is not None:
        yield words.gettext("Reports per 1,000 listens: {n}").format(n=number(figures.reports_per_1000))
    yield words.gettext("Corrected cases: {n}").format(n=number(figures.corrected))
    if figures.fix_median_h is not None and figures.fix_p90_h is not None:
        said = words.gettext("From report to fix: {median} (median), 90 of 100 within {p90}")
        median, p90 = (duration(hours * 3_600_000, language) for hours in (figures.fix_median_h, figures.fix_p90_h))
        yield said.format(median=median, p90=p90)
    said = words.gettext("Open cases: {n}, older than a month: {old}")
    yield said.format(n=number(figures.open), old=number(figures.open_by_age["older"]))
    if figures.words:
        named = ", ".join(f"{header_line(word.word)} ({number(word.reports)})" for word in figures.words)
        yield words.gettext("Words reported most often: {words}").format(words=named)
    yield words.gettext("New clips: {n}").format(n=number(sum(span.clips for span in figures.spans)))
    if figures.listens is not None:
        yield words.gettext("Listens: {n}").format(n=number(figures.listens))
    yield words.gettext("Failed in 24 hours: {n}").format(n=number(figures.queue.failed))
