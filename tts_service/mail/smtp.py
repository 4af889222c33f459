"""Sends messages through the configured SMTP server.

Every error says whether the server has the message: MailRefused, it will never take it; MailUnavailable, it doesn't
have it and may take it later; MailUncertain, the connection broke while the server was taking it. Errors and logs name
the server and its reply code, never a password, an address or the server's words, which repeat the address.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import unquote, urlsplit

from tts_service.errors import MailRefused, MailUnavailable, MailUncertain
from tts_service.settings import Settings

TIMEOUT_S = 20.0
"""Maximum wait for the connection and for each reply."""
PORTS = {"smtp": 587, "smtps": 465}
"""Usual port of each scheme."""
_ENHANCED = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}\b")
_LOCAL = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """The server that takes mail from this service."""

    host: str
    port: int
    tls: bool
    """Whether the connection begins with TLS (smtps); otherwise STARTTLS is used where the server offers it."""
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def name(self) -> str:
        """For messages."""
        return f"{self.host}:{self.port}"


def smtp_server(url: str) -> SmtpServer:
    """The server of a setting such as smtp://user:password@mail.example.org:587. Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError("not an SMTP address")
    return SmtpServer(
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        tls=parts.scheme == "smtps",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


class SmtpConnection:
    """An open connection; several messages are sent through it, one after the other."""

    def __init__(self, server: SmtpServer, smtp: smtplib.SMTP) -> None:
        self._server = server
        self._smtp = smtp

    def send(self, message: EmailMessage) -> None:
        """Hands a message over. Raises MailRefused, MailUnavailable, MailUncertain."""
        sender = message["From"].addresses[0].addr_spec
        [to] = [address.addr_spec for address in message["To"].addresses]
        international = not (sender.isascii() and to.isascii())
        try:
            self._smtp.ehlo_or_helo_if_needed()
            if international and not self._smtp.has_extn("smtputf8"):
                raise MailRefused(f"{self._server.name} doesn't deliver to addresses with letters beyond ASCII.")
            options = ["SMTPUTF8", "BODY=8BITMIME"] if international else []
            self._require_sender_taken(self._smtp.mail(sender, options))
            self._require_mail_taken(self._smtp.rcpt(to))
        except (OSError, smtplib.SMTPException) as error:
            raise MailUnavailable(f"{self._server.name} closed the connection.") from error
        try:
            reply = self._smtp.data(message.as_bytes(policy=SMTP.clone(utf8=international)))
        except smtplib.SMTPDataError as error:
            reply = (error.smtp_code, _bytes(error.smtp_error))
        except (OSError, smtplib.SMTPException) as error:
            raise MailUncertain(f"{self._server.name} broke off while it was taking a message.") from error
        self._require_mail_taken(reply)

    def _require_sender_taken(self, reply: tuple[int, bytes]) -> None:
        """A refused sender says nothing about the recipient and would be refused with the next mail too: the error has
        no code."""
        if not _taken(reply):
            raise MailUnavailable(self._answered(reply))

    def _require_mail_taken(self, reply: tuple[int, bytes]) -> None:
        if _taken(reply):
            return
        # 530 and 5.7.x: this service may not send there, which other settings can change
        refused = 500 <= reply[0] < 600 and reply[0] != 530 and not _enhanced(reply).startswith("5.7.")
        with suppress(OSError, smtplib.SMTPException):
            self._smtp.rset()
        raise (MailRefused if refused else MailUnavailable)(self._answered(reply), code=reply[0])

    def _answered(self, reply: tuple[int, bytes]) -> str:
        return f"{self._server.name} answered {f'{reply[0]} {_enhanced(reply)}'.strip()}."


@contextmanager
def smtp_connection(settings: Settings) -> Iterator[SmtpConnection]:
    """A connection to the server of the settings. Raises MailUnavailable, also where a password would travel in the
    clear."""
    server = smtp_server(settings.smtp_url)
    try:
        smtp = _connected(server, settings)
    except smtplib.SMTPResponseException as error:
        raise MailUnavailable(f"{server.name} answered {error.smtp_code}.", code=error.smtp_code) from None
    except (OSError, smtplib.SMTPException) as error:  # no `from`: an error of smtplib may repeat what was sent
        raise MailUnavailable(f"{server.name} can't be reached ({type(error).__name__}).") from None
    try:
        yield SmtpConnection(server, smtp)
    finally:
        with suppress(OSError, smtplib.SMTPException):
            smtp.quit()
        smtp.close()


def _connected(server: SmtpServer, settings: Settings) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if settings.outbound_ca_file is not None:
        context.load_verify_locations(settings.outbound_ca_file)
    smtp: smtplib.SMTP
    if server.tls:
        smtp = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_S, context=context)
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
    try:
        smtp.ehlo_or_helo_if_needed()
        secure = server.tls
        if not secure and smtp.has_extn("starttls"):
            smtp.starttls(context=context)
            smtp.ehlo()
            secure = True
        if server.user:
            if not secure and server.host not in _LOCAL:
                raise MailUnavailable(f"{server.name} offers no encryption, so the password is not sent: use smtps://.")
            smtp.login(server.user, server.password)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _taken(reply: tuple[int, bytes]) -> bool:
    return 200 <= reply[0] < 300


def _enhanced(reply: tuple[int, bytes]) -> str:
    """The enhanced status code of a reply, such as 5.1.1; empty: it has none."""
    found = _ENHANCED.search(reply[1])
    return found.group().decode() if found else ""


def _bytes(words: bytes | str) -> bytes:
    return words if isinstance(words, bytes) else words.encode("utf-8", "replace")
