"""Answers to listeners: one mail when a report is settled, never two, and then the address is gone."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.parts.factories import make_parts
from tests.parts.mail_server import Inbox, mail_server
from tests.parts.web_rows import ready_clip
from tts_service.access.audit import deeds
from tts_service.db.tables import ArticleRow, ClipRevisionRow, ReportRow
from tts_service.listeners import answers
from tts_service.listeners.answers import answer_reports
from tts_service.listeners.reports import ReportDraft, change_report, receive
from tts_service.mail.smtp import SmtpConnection
from tts_service.parts import Parts


@pytest.fixture(scope="module")
def server() -> Iterator[Inbox]:
    with mail_server() as inbox:
        yield inbox


@pytest.fixture
def inbox(server: Inbox) -> Inbox:
    server.mails.clear()
    server.recipients.clear()
    server.replies.clear()
    server.breaks_off = False
    return server


@pytest.fixture
def parts(tmp_path: Path, inbox: Inbox) -> Iterator[Parts]:
    built = make_parts(
        tmp_path,
        smtp_url=inbox.url,
        mail_from="The Gazette <audio@gazette.example>",
        public_url="https://audio.gazette.example",
    )
    ready_clip(built)
    yield built
    built.close()


def report(parts: Parts, email: str | None = "ann@example.org", locale: str | None = "en") -> str:
    return receive(parts, ReportDraft(clip_id="clip_1", category="pronunciation", email=email, locale=locale))


def rejected(parts: Parts, *, reason: str = "", email: str | None = "ann@example.org", locale: str = "en") -> str:
    reference = report(parts, email, locale)
    change_report(parts, reference, "rejected", reason)
    return reference


def revised(parts: Parts, state: str = "ready") -> None:
    """Another revision of the clip, finished now."""
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        old = session.get_one(ClipRevisionRow, ("clip_1", 1))
        values = {column.key: getattr(old, column.key) for column in ClipRevisionRow.__table__.columns}
        session.add(ClipRevisionRow(**values | {"revision": 2, "state": state, "ready_ms": now + 1}))


def kept(parts: Parts, reference: str) -> tuple[str | None, bool]:
    """A report's address, and whether it counts as answered."""
    with parts.database.reading() as session:
        row = session.get_one(ReportRow, reference)
    return row.email, row.answered_ms is not None


def text_of(inbox: Inbox) -> str:
    [text] = inbox.texts()
    return text


def test_a_rejected_report_is_answered_once_with_the_reason(parts: Parts, inbox: Inbox) -> None:
    reference = rejected(parts, reason="The mayor says it like this.")
    assert [answer_reports(parts) for _ in range(2)] == [1, 0]
    assert inbox.recipients == ["ann@example.org"]
    assert "The mayor says it like this." in text_of(inbox)
    assert f"https://audio.gazette.example/feedback/{reference}" in text_of(inbox)
    assert inbox.mails[0]["Subject"] == f"Your report {reference}"
    assert kept(parts, reference) == (None, True)
    assert [deed.what for deed in deeds(parts.database)][:1] == ["report.answered"]


def test_a_corrected_report_is_answered_when_its_revision_can_be_heard(parts: Parts, inbox: Inbox) -> None:
    reference = report(parts)
    change_report(parts, reference, "corrected")
    assert answer_reports(parts) == 0
    revised(parts, "held")
    assert answer_reports(parts) == 0
    assert kept(parts, reference) == ("ann@example.org", False)
    with parts.database.writing() as session:
        session.get_one(ClipRevisionRow, ("clip_1", 2)).state = "ready"
    assert answer_reports(parts) == 1
    assert "It has been corrected." in text_of(inbox)


@pytest.mark.parametrize("state", ["new", "confirmed"])
def test_open_reports_and_those_without_an_address_are_not_answered(parts: Parts, inbox: Inbox, state: str) -> None:
    change_report(parts, report(parts), state)
    rejected(parts, email=None)
    assert answer_reports(parts) == 0
    assert inbox.mails == []


def test_a_report_that_was_opened_and_settled_again_gets_no_second_mail(parts: Parts, inbox: Inbox) -> None:
    reference = rejected(parts)
    answer_reports(parts)
    change_report(parts, reference, "confirmed")
    with parts.database.writing() as session:
        session.get_one(ReportRow, reference).email = "ann@example.org"  # as if it had not been erased
    change_report(parts, reference, "rejected")
    assert answer_reports(parts) == 0
    assert len(inbox.mails) == 1


def test_processes_that_answer_at_once_send_one_mail(parts: Parts, inbox: Inbox) -> None:
    for _ in range(3):
        rejected(parts)
    with ThreadPoolExecutor(4) as pool:
        sent = sum(pool.map(lambda _: answer_reports(parts), range(4)))
    assert (sent, len(inbox.mails)) == (3, 3)


def test_a_process_that_dies_after_the_mail_sends_no_second_one(
    parts: Parts, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = rejected(parts)
    monkeypatch.setattr(answers, "_settle", lambda *_, **__: (_ for _ in ()).throw(SystemExit))
    with pytest.raises(SystemExit):
        answer_reports(parts)
    monkeypatch.undo()
    assert kept(parts, reference) == ("ann@example.org", True)  # the next hour erases it
    assert answer_reports(parts) == 0
    assert len(inbox.mails) == 1


def test_a_process_that_dies_before_the_mail_sends_none(
    parts: Parts, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    rejected(parts)
    monkeypatch.setattr(SmtpConnection, "send", lambda *_: (_ for _ in ()).throw(SystemExit))
    with pytest.raises(SystemExit):
        answer_reports(parts)
    monkeypatch.undo()
    assert answer_reports(parts) == 0
    assert inbox.mails == []


def test_a_broken_connection_counts_as_sent(parts: Parts, inbox: Inbox) -> None:
    inbox.breaks_off = True
    reference = rejected(parts)
    answer_reports(parts)
    inbox.breaks_off = False
    assert answer_reports(parts) == 0
    assert kept(parts, reference) == (None, True)
    assert len(inbox.mails) == 1


@pytest.mark.parametrize(
    ("address", "reply"),
    [
        ("gone@example.org", "550 5.1.1 gone@example.org is unknown"),
        ("ann,eve@example.org", None),
        ("ann@localhost", None),
        ("ann@example.org\r\nBcc: eve@example.org", None),
        ('"eve@example.org,"@example.org', None),
        ("a" * 100 + "@example.org", None),
    ],
)
def test_an_address_that_gets_no_mail_is_named_and_erased(
    parts: Parts, inbox: Inbox, caplog: pytest.LogCaptureFixture, address: str, reply: str | None
) -> None:
    if reply:
        inbox.replies[address] = reply
    reference, other = rejected(parts, email=address), rejected(parts)
    assert answer_reports(parts) == 1
    assert kept(parts, reference) == (None, False)
    assert kept(parts, other) == (None, True)
    assert inbox.recipients == ["ann@example.org"]
    deed = next(one for one in deeds(parts.database) if one.subject == reference)
    assert deed.what == "report.not-answered"
    assert address not in caplog.text + str(deed.details)
    assert reference in caplog.text


def test_what_the_server_puts_off_is_sent_later(parts: Parts, inbox: Inbox) -> None:
    inbox.replies["ann@example.org"] = "451 4.7.1 greylisted"
    reference, other = rejected(parts), rejected(parts, email="ben@example.org")
    assert answer_reports(parts) == 1
    assert kept(parts, reference) == ("ann@example.org", False)
    assert kept(parts, other) == (None, True)
    inbox.replies.clear()
    assert answer_reports(parts) == 1
    assert sorted(inbox.recipients) == ["ann@example.org", "ben@example.org"]


def test_nothing_is_lost_while_the_server_is_away(parts: Parts, inbox: Inbox) -> None:
    reference = rejected(parts)
    away = parts.settings.model_copy(update={"smtp_url": "smtp://127.0.0.1:1"})
    object.__setattr__(parts, "settings", away)
    assert answer_reports(parts) == 0
    assert kept(parts, reference) == ("ann@example.org", False)


def test_without_a_server_nothing_is_sent(parts: Parts) -> None:
    reference = rejected(parts)
    object.__setattr__(parts, "settings", parts.settings.model_copy(update={"smtp_url": ""}))
    assert answer_reports(parts) == 0
    assert kept(parts, reference) == ("ann@example.org", False)


def test_the_language_is_the_one_of_the_page_it_was_sent_from(parts: Parts, inbox: Inbox) -> None:
    rejected(parts, locale="de-AT")
    answer_reports(parts)
    assert inbox.mails[0]["Content-Language"] == "de"


def test_the_mail_names_no_article_that_not_everybody_may_read(parts: Parts, inbox: Inbox) -> None:
    with parts.database.writing() as session:
        article = session.scalars(select(ArticleRow)).one()
        article.visibility, article.title = "members", "The secret ledger"
    reference = rejected(parts)
    with parts.database.reading() as session:
        sentence = session.get_one(ReportRow, reference).sentence
    answer_reports(parts)
    assert sentence
    assert "secret ledger" not in text_of(inbox)
    assert sentence not in text_of(inbox)
