"""An SMTP server that keeps what it takes, and misbehaves on request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "tts", "kestrels/at#dawn"


@dataclass(slots=True)
class Inbox:
    """What an SMTP server took, and how it answers."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    replies: dict[str, str] = field(default_factory=dict)
    """Replies to recipients that it doesn't take."""
    sender_reply: str = ""
    """Reply to every sender, where it takes none."""
    breaks_off: bool = False
    """Whether it closes the connection when it has a message, without a reply."""

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def texts(self) -> list[str]:
        """The texts of the mails, in the order of their arrival."""
        return [str(mail.get_content()) for mail in self.mails]

    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.sender_reply:
            return self.sender_reply
        envelope.mail_from = address
        envelope.mail_options += options
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _o: Any
    ) -> str:
        if address in self.replies:
            return self.replies[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content or b""
        self.mails.append(
            message_from_bytes(content if isinstance(content, bytes) else content.encode(), policy=default)
        )  # type: ignore[arg-type]
        self.recipients += envelope.rcpt_tos
        if self.breaks_off:
            assert server.transport is not None
            server.transport.abort()
        return "250 OK"


def _knows(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
    fits = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=fits, handled=False)


class _AnyPort(Controller):
    """Takes a free port: the base class connects to the port that it was given."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_server(**options: Any) -> Iterator[Inbox]:
    """A server on this machine; options as of aiosmtpd's SMTP."""
    inbox = Inbox()
    controller = _AnyPort(
        inbox,
        hostname="127.0.0.1",
        port=0,
        authenticator=_knows,
        auth_require_tls=False,
        enable_SMTPUTF8=True,
        **options,
    )
    controller.start()
    try:
        inbox.port = controller.port
        yield inbox
    finally:
        controller.stop()
