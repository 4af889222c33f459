"""Mail through a real SMTP server: taken, refused, later, unknown; what is never said of it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.parts.factories import make_settings
from tests.parts.mail_server import PASSWORD, USER, Inbox, mail_server
from tts_service.errors import MailRefused, MailUnavailable, MailUncertain
from tts_service.mail.message import Draft, message_of
from tts_service.mail.smtp import smtp_connection, smtp_server
from tts_service.settings import Settings


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with mail_server() as server:
        yield server


def mail(to: str = "ann@example.org") -> EmailMessage:
    draft = Draft(to=to, subject="Your report", text="Hello.\n.\nA line with a dot.", language="en", id="R-1")
    return message_of(draft, "The Gazette <audio@gazette.example>")


def settings(folder: Path, url: str) -> Settings:
    return make_settings(folder, smtp_url=url, mail_from="audio@gazette.example")


def test_several_mails_arrive_whole_through_one_connection(inbox: Inbox, tmp_path: Path) -> None:
    with smtp_connection(settings(tmp_path, inbox.url)) as connection:
        for to in ("ann@example.org", "jörg@bücher.example"):
            connection.send(mail(to))
    assert inbox.recipients == ["ann@example.org", "jörg@xn--bcher-kva.example"]
    assert [text.replace("\r\n", "\n") for text in inbox.texts()] == ["Hello.\n.\nA line with a dot.\n"] * 2


def test_a_refused_recipient_is_named_by_the_code_and_the_next_one_is_served(inbox: Inbox, tmp_path: Path) -> None:
    inbox.replies["gone@example.org"] = "550 5.1.1 <gone@example.org> is unknown here"
    inbox.replies["later@example.org"] = "451 4.7.1 greylisted, later@example.org"
    with smtp_connection(settings(tmp_path, inbox.url)) as connection:
        with pytest.raises(MailRefused, match=r"answered 550 5\.1\.1\.") as refused:
            connection.send(mail("gone@example.org"))
        with pytest.raises(MailUnavailable, match=r"answered 451 4\.7\.1\.") as later:
            connection.send(mail("later@example.org"))
        connection.send(mail())
    assert "example.org" not in refused.value.message + later.value.message
    assert inbox.recipients == ["ann@example.org"]


@pytest.mark.parametrize("reply", ["530 5.7.0 Authentication required", "550 no"])
def test_a_refused_sender_costs_no_recipient_the_mail(inbox: Inbox, tmp_path: Path, reply: str) -> None:
    inbox.sender_reply = reply
    with (
        smtp_connection(settings(tmp_path, inbox.url)) as connection,
        pytest.raises(MailUnavailable, match=f"answered {reply[:3]}"),
    ):
        connection.send(mail())


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        ("530 5.7.0 Authentication required", MailUnavailable),
        ("550 5.7.1 relaying denied", MailUnavailable),
        ("550 5.1.1 unknown user", MailRefused),
        ("553 mailbox name not allowed", MailRefused),
        ("550 no such user", MailRefused),
    ],
)
def test_only_what_concerns_the_recipient_refuses_it(
    inbox: Inbox, tmp_path: Path, reply: str, error: type[MailRefused | MailUnavailable]
) -> None:
    inbox.replies["ann@example.org"] = reply
    with smtp_connection(settings(tmp_path, inbox.url)) as connection, pytest.raises(error):
        connection.send(mail())


def test_a_connection_lost_while_the_message_is_taken_is_neither_sent_nor_unsent(inbox: Inbox, tmp_path: Path) -> None:
    inbox.breaks_off = True
    with smtp_connection(settings(tmp_path, inbox.url)) as connection:
        with pytest.raises(MailUncertain):
            connection.send(mail())
        with pytest.raises(MailUnavailable):
            connection.send(mail())
    assert len(inbox.mails) == 1


def test_a_server_that_is_away_is_asked_again_later(tmp_path: Path) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"smtp://127.0.0.1:{nobody.getsockname()[1]}"
    with pytest.raises(MailUnavailable, match="can't be reached"), smtp_connection(settings(tmp_path, url)):
        pass


@pytest.mark.parametrize(("password", "taken"), [(PASSWORD, True), ("wrong/secret#1", False)])
def test_passwords_open_the_server_and_are_never_repeated(
    inbox: Inbox, tmp_path: Path, caplog: pytest.LogCaptureFixture, password: str, taken: bool
) -> None:
    url = f"smtp://{USER}:{quote(password, safe='')}@127.0.0.1:{inbox.port}"
    error = ""
    caplog.set_level("DEBUG")
    try:
        with smtp_connection(settings(tmp_path, url)) as connection:
            connection.send(mail())
    except MailUnavailable as refused:
        error = refused.message
    assert (len(inbox.mails) == 1, error == "") == (taken, taken)
    assert password not in error + caplog.text + repr(smtp_server(url))


def test_no_password_travels_in_the_clear(inbox: Inbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tts_service.mail.smtp._LOCAL", ())
    url = f"smtp://{USER}:{quote(PASSWORD, safe='')}@127.0.0.1:{inbox.port}"
    with pytest.raises(MailUnavailable, match="no encryption"), smtp_connection(settings(tmp_path, url)):
        pass
