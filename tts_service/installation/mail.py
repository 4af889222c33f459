"""Settings of outgoing mail: the SMTP server, and the address that mail comes from."""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import parseaddr

from tts_service.errors import MailRefused
from tts_service.installation.addresses import port_is_fine, split
from tts_service.installation.fault import Fault, fault_of
from tts_service.mail.message import mailbox
from tts_service.mail.smtp import PORTS
from tts_service.settings import Settings

_SERVER = "smtp://user:password@mail.example.org:587"


def mail_faults(settings: Settings) -> Iterator[Fault]:
    """An unusable server or sender, and one without the other."""
    if settings.smtp_url:
        yield from _server(settings.smtp_url)
        if not settings.mail_from:
            yield fault_of("smtp_url", "mail needs a sender: set TTS_MAIL_FROM=audio@example.org too, or remove it")
        elif not settings.public_url:
            yield fault_of(
                "smtp_url",
                "links in mails lead to this machine only: set TTS_PUBLIC_URL=https://audio.example.org too",
                False,
            )
    if settings.mail_from:
        yield from _sender(settings.mail_from)
        if not settings.smtp_url:
            yield fault_of(
                "mail_from", f"it has no effect on its own: set TTS_SMTP_URL={_SERVER} too, or remove it", False
            )


def _server(url: str) -> Iterator[Fault]:
    scheme, found, _ = url.partition("://")
    parts = split(url)
    if not found:
        yield fault_of("smtp_url", f"it has no scheme: write one such as {_SERVER}")
    elif scheme not in PORTS:
        yield fault_of("smtp_url", f"{scheme}:// is not supported: write {_SERVER}")
    elif parts is None or not port_is_fine(parts) or any(map(str.isspace, url)):
        yield fault_of(
            "smtp_url",
            "host and port can't be read: percent-encode the password and write the port as a number, "
            f"such as {_SERVER}",
        )
    elif not parts.hostname:
        yield fault_of("smtp_url", f"it names no host: write one such as {_SERVER}")
    elif parts.path.strip("/") or parts.query or parts.fragment:
        yield fault_of("smtp_url", f"nothing may follow the port: percent-encode the password, as in {_SERVER}")
    elif bool(parts.username) != bool(parts.password):
        yield fault_of("smtp_url", f"user and password go together: write both, as in {_SERVER}, or neither")


def _sender(text: str) -> Iterator[Fault]:
    try:
        mailbox(parseaddr(text)[1])
    except MailRefused:
        yield fault_of("mail_from", "it is no e-mail address: write one such as audio@example.org")
