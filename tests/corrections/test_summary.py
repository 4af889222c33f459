"""The weekly summary: once a week, in each person's language, of their sites."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from tests.parts.factories import make_parts
from tests.parts.mail_server import Inbox, mail_server
from tests.parts.staff import signed
from tests.parts.web_rows import ready_clip
from tts_service.access.staff import add_person, shut_out, staff_named
from tts_service.corrections.figures.summary import send_summaries, want_summary
from tts_service.db.tables import ReportRow, StaffRow
from tts_service.errors import InputRefused
from tts_service.listeners.reports import ReportDraft, receive
from tts_service.mail.smtp import SmtpConnection
from tts_service.parts import Parts
from tts_service.web.app import create_app


def ms(day: str) -> int:
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() * 1000)


MONDAY, NEXT = ms("2099-11-30T06:00"), ms("2099-12-07T06:00")


@pytest.fixture(scope="module")
def server() -> Iterator[Inbox]:
    with mail_server() as inbox:
        yield inbox


@pytest.fixture
def inbox(server: Inbox) -> Inbox:
    server.mails.clear()
    server.recipients.clear()
    server.replies.clear()
    return server


@pytest.fixture
def parts(tmp_path: Path, inbox: Inbox) -> Iterator[Parts]:
    built = make_parts(tmp_path, smtp_url=inbox.url, mail_from="audio@gazette.example")
    yield built
    built.close()


def subscribed(parts: Parts, name: str, language: str = "en", sites: list[str] | None = None) -> str:
    row = add_person(parts.database, name, "staff", "test", sites)
    want_summary(parts.database, row.id, language)
    return row.id


def test_it_is_sent_once_a_week_and_first_in_the_next_one(parts: Parts, inbox: Inbox) -> None:
    subscribed(parts, "ann@example.org")
    assert send_summaries(parts) == 0  # this week's was before
    times = (MONDAY, MONDAY + 60_000, MONDAY + 6 * 86_400_000, NEXT - 60_000, NEXT)
    assert [send_summaries(parts, at) for at in times] == [1, 0, 0, 0, 1]
    assert inbox.recipients == ["ann@example.org"] * 2
    assert len({mail["Message-ID"] for mail in inbox.mails}) == 2


def test_every_report_is_in_one_summary(parts: Parts, inbox: Inbox) -> None:
    ready_clip(parts)
    receive(parts, ReportDraft(clip_id="clip_1", category="other"))
    subscribed(parts, "ann@example.org")
    for week, reported in enumerate(("2099-11-23T00:00", "2099-11-29T23:59", "2099-11-30T00:00", "2099-11-30T07:00")):
        with parts.database.writing() as session:
            session.execute(update(ReportRow).values(created_ms=ms(reported)))
            session.execute(update(StaffRow).values(summary_week=None))
        send_summaries(parts, MONDAY)
        send_summaries(parts, NEXT)
        told = [text.splitlines()[0] for text in inbox.texts()[2 * week :]]
        assert told == (["Reports: 1", "Reports: 0"] if week < 2 else ["Reports: 0", "Reports: 1"])


def test_turned_on_again_it_begins_with_the_next_week(parts: Parts, inbox: Inbox) -> None:
    staff_id = subscribed(parts, "ann@example.org")
    want_summary(parts.database, staff_id, None)
    with parts.database.writing() as session:
        session.get_one(StaffRow, staff_id).summary_week = "2020-W01"
    want_summary(parts.database, staff_id, "de")
    assert send_summaries(parts) == 0
    assert send_summaries(parts, MONDAY) == 1
    want_summary(parts.database, staff_id, "fr")
    assert staff_named(parts.database, "ann@example.org").summary_week == "2099-W49"


def test_processes_that_send_at_once_send_one(parts: Parts, inbox: Inbox) -> None:
    subscribed(parts, "ann@example.org")
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda _: send_summaries(parts, MONDAY), range(4))) == 1
    assert len(inbox.mails) == 1


def test_who_turned_it_off_or_is_locked_gets_none(parts: Parts, inbox: Inbox) -> None:
    off, locked = subscribed(parts, "off@example.org"), subscribed(parts, "locked@example.org")
    want_summary(parts.database, off, None)
    shut_out(parts.database, locked, "test")
    assert send_summaries(parts, MONDAY) == 0


def test_an_editors_summary_is_of_their_sites_and_in_their_language(parts: Parts, inbox: Inbox) -> None:
    ready_clip(parts)
    receive(parts, ReportDraft(clip_id="clip_1", category="other"))
    with parts.database.writing() as session:
        session.execute(update(ReportRow).values(created_ms=MONDAY - 7 * 3_600_000))
    for name, language, sites in (("ours@example.org", "de", ["gazette"]), ("theirs@example.org", "en", ["herald"])):
        subscribed(parts, name, language, sites)
    send_summaries(parts, MONDAY)
    texts = dict(zip(inbox.recipients, inbox.texts(), strict=True))
    languages = {str(mail["To"]): mail["Content-Language"] for mail in inbox.mails}
    assert languages == {"ours@example.org": "de", "theirs@example.org": "en"}
    assert texts["ours@example.org"].splitlines()[0].endswith(": 1")
    assert texts["theirs@example.org"].splitlines()[0] == "Reports: 0"


def test_what_the_server_puts_off_is_sent_later_and_what_it_refuses_is_not(parts: Parts, inbox: Inbox) -> None:
    subscribed(parts, "later@example.org")
    subscribed(parts, "gone@example.org")
    inbox.replies.update({"later@example.org": "451 busy", "gone@example.org": "550 unknown"})
    assert send_summaries(parts, MONDAY) == 0
    inbox.replies.clear()
    assert [send_summaries(parts, MONDAY) for _ in range(2)] == [1, 0]
    assert inbox.recipients == ["later@example.org"]


def test_a_process_that_dies_sends_no_second_one(parts: Parts, inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    subscribed(parts, "ann@example.org")
    sent = SmtpConnection.send

    def send_and_die(connection: SmtpConnection, message: object) -> None:
        sent(connection, message)  # type: ignore[arg-type]
        raise SystemExit

    monkeypatch.setattr(SmtpConnection, "send", send_and_die)
    with pytest.raises(SystemExit):
        send_summaries(parts, MONDAY)
    monkeypatch.undo()
    assert send_summaries(parts, MONDAY) == 0
    assert len(inbox.mails) == 1


@pytest.mark.parametrize(("name", "language"), [("operator", "en"), ("ann@example.org", "xx"), ("ann@localhost", "en")])
def test_what_cant_be_sent_is_refused(parts: Parts, name: str, language: str) -> None:
    row = add_person(parts.database, name, "staff", "test")
    with pytest.raises(InputRefused):
        want_summary(parts.database, row.id, language)
    assert staff_named(parts.database, name).summary is None


def test_it_is_chosen_on_the_account_page(parts: Parts) -> None:
    with TestClient(create_app(parts), base_url=parts.settings.base_url, follow_redirects=False) as client:
        somebody = signed(parts, "ann@example.org", "staff")
        assert 'name="language"' in client.get("/staff/account", headers=somebody.headers).text
        for sent, kept in (("fr", "fr"), ("", None)):
            form = {"form_token": somebody.token, "language": sent}
            got = client.post("/staff/account/summary", data=form, headers=somebody.headers)
            assert got.status_code == 303
            assert staff_named(parts.database, "ann@example.org").summary == kept
        nobody = signed(parts, "operator", "admin")
        assert 'name="language"' not in client.get("/staff/account", headers=nobody.headers).text
