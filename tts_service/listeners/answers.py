"""Answers to listeners: one mail when a report is settled, after which the address is erased.

A report is answered at most once. It is marked as answered (compare-and-set) before its mail is handed to the server: a
process that dies in between has perhaps sent nothing, but nobody gets two mails, and the report's page shows the
outcome in any case. The mark is removed only if the server certainly doesn't have the mail; the next turn tries again.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session

from tts_service.access.audit import Deed, note
from tts_service.db.tables import ArticleRow, ClipRevisionRow, ClipRow, ReportRow
from tts_service.errors import MailRefused, MailUnavailable, MailUncertain
from tts_service.listeners.outcome import ReportOutcome, outcome_of
from tts_service.mail.message import Draft, header_line, message_of
from tts_service.mail.smtp import SmtpConnection, smtp_connection
from tts_service.parts import Parts
from tts_service.public_addresses import public_url
from tts_service.values import PUBLIC
from tts_service.values.translations import catalogue, language_for, moment, quoted

MOST = 50
"""Mails of one turn."""
WHO = "service"
"""In the audit log."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportAnswer:
    """What a listener is told of their report."""

    reference: str
    created_ms: int
    title: str
    """The article's; empty if not everybody may read it."""
    sentence: str
    outcome: ReportOutcome
    language: str
    """One of the languages of the pages."""


def answer_reports(parts: Parts) -> int:
    """Mails the answers to settled reports, as far as the server takes them. Called by beat; returns how many."""
    if not parts.settings.smtp_url:
        return 0
    with parts.database.reading() as session:
        due = _due(session)
    if not due:
        return 0
    sent = 0
    try:
        with smtp_connection(parts.settings) as connection:
            for reference in due:
                sent += _answer(parts, connection, reference)
    except MailUnavailable as error:
        log.warning("answers to reports wait: %s", error.message)
    return sent


def draft_of(parts: Parts, answer: ReportAnswer, to: str) -> Draft:
    """The mail that says what became of a report, in the listener's language."""
    words = catalogue(answer.language)
    about = words.gettext("you reported a mistake in the audio version of an article on {moment}.")
    lines = [words.gettext("Hello,"), about.format(moment=moment(answer.created_ms, answer.language))]
    if answer.title:
        lines.append(f"    {header_line(answer.title)}")
    if answer.sentence:
        lines.append(f"    {quoted(header_line(answer.sentence), words)}")
    if answer.outcome.revision is not None:
        lines.append(words.gettext("It has been corrected. Thank you! Hear it before and after the correction:"))
    elif answer.outcome.reason:
        lines.append(words.gettext("Nothing was changed. The newsroom’s reason:"))
        lines.append(f"    {header_line(answer.outcome.reason)}")
        lines.append(words.gettext("Your report:"))
    else:
        lines.append(words.gettext("The newsroom has decided to change nothing. Your report:"))
    lines.append(public_url(parts.settings, f"/feedback/{answer.reference}"))
    lines.append(
        words.gettext(
            "This is the only e-mail about your report. Your address is no longer stored here, and nobody reads "
            "replies to this e-mail."
        )
    )
    return Draft(
        to=to,
        subject=words.gettext("Your report {reference}").format(reference=answer.reference),
        text="\n\n".join(lines),
        language=answer.language,
        id=answer.reference,
    )


def _due(session: Session) -> Sequence[str]:
    """References of reports to answer. In random order: addresses that the server puts off don't hold up the others."""
    query = select(ReportRow.id).where(_unanswered(), or_(ReportRow.state == "rejected", _is_corrected()))
    return session.scalars(query.order_by(func.random()).limit(MOST)).all()


def _unanswered() -> ColumnElement[bool]:
    return and_(ReportRow.email.is_not(None), ReportRow.answered_ms.is_(None))


def _is_corrected() -> ColumnElement[bool]:
    """Whether the revision that corrects a report can be heard, as `outcome_of` finds it."""
    revision = ClipRevisionRow
    since = and_(
        ReportRow.corrected_revision.is_(None),
        revision.revision > ReportRow.revision,
        revision.ready_ms >= func.coalesce(ReportRow.settled_ms, 0),
    )
    made = exists().where(
        revision.clip_id == ReportRow.clip_id,
        revision.ready_ms.is_not(None),
        revision.state != "held",
        or_(revision.revision == ReportRow.corrected_revision, since),
    )
    return and_(ReportRow.state == "corrected", made)


def _answer(parts: Parts, connection: SmtpConnection, reference: str) -> bool:
    """Answers one report, if nobody else does. Raises MailUnavailable when the connection is of no more use."""
    draft = _claimed(parts, reference)
    if draft is None:
        return False
    try:
        connection.send(message_of(draft, parts.settings.mail_from))
    except MailUnavailable as error:
        _settle(parts, reference, answered_ms=None)
        if "code" not in error.details:
            raise
        log.warning("the answer to report %s waits: %s", reference, error.message)
        return False
    except MailRefused as error:
        log.warning("report %s can't be answered: %s", reference, error.message)
        _settle(parts, reference, "report.not-answered", reason=error.message, email=None, answered_ms=None)
        return False
    except MailUncertain as error:
        log.warning("the answer to report %s may be lost: %s", reference, error.message)
        _settle(parts, reference, "report.answered", reason=error.message, email=None)
        return False
    _settle(parts, reference, "report.answered", email=None)
    return True


def _claimed(parts: Parts, reference: str) -> Draft | None:
    """Marks a report as answered and returns its mail; None if it is not to be answered any more."""
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        mine = update(ReportRow).where(ReportRow.id == reference, _unanswered()).values(answered_ms=now)
        if session.scalar(mine.returning(ReportRow.id)) is None:
            return None
        row = session.get_one(ReportRow, reference)
        answer = _answer_of(session, row)
        if answer is None or row.email is None:
            row.answered_ms = None
            return None
        return draft_of(parts, answer, row.email)


def _answer_of(session: Session, row: ReportRow) -> ReportAnswer | None:
    """None: the report was opened again, or its correction can't be heard any more."""
    outcome = outcome_of(session, row)
    if row.state != "rejected" and outcome.revision is None:
        return None
    article = session.scalars(select(ArticleRow).join(ClipRow).where(ClipRow.id == row.clip_id)).one()
    public = article.visibility == PUBLIC and article.withdrawn_ms is None
    return ReportAnswer(
        reference=row.id,
        created_ms=row.created_ms,
        title=(article.title or "") if public else "",
        sentence=row.sentence if public else "",
        outcome=outcome,
        language=language_for(row.locale or row.language or ""),
    )


def _settle(parts: Parts, reference: str, what: str = "", reason: str = "", **values: Any) -> None:
    """Records how an answer ended. The audit log names the report, never the address."""
    with parts.database.writing() as session:
        row = session.get(ReportRow, reference)
        if row is None:  # erased meanwhile
            return
        for name, value in values.items():
            setattr(row, name, value)
        if what:
            details = {"reason": reason} if reason else {}
            note(parts.database, session, Deed(who=WHO, what=what, subject=reference, site=row.site, details=details))
