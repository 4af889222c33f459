"""Builds plain-text messages. Values from strangers can't add headers or recipients."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr

import idna

from tts_service.errors import MailRefused

MAX_SUBJECT = 200
_MAX_LOCAL, _MAX_DOMAIN = 64, 253
"""Octets of the two parts of an address (RFC 5321, 4.5.3.1)."""
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)", re.IGNORECASE)
_UNWANTED = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a message says, and to whom."""

    to: str
    """One address, as somebody entered it."""
    subject: str
    text: str
    language: str
    """BCP 47 tag of subject and text."""
    id: str
    """Unique per message; the part of its Message-ID before the @."""


def message_of(draft: Draft, sender: str, at: datetime | None = None) -> EmailMessage:
    """The message, ready to send. `sender`: an address, or `Name <address>`; `at`: its date, now by default.

    Raises MailRefused for a recipient or sender that is not a deliverable address.
    """
    name, plain = parseaddr(sender)
    origin, to = mailbox(plain), mailbox(draft.to)
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = Address(display_name=header_line(name), username=origin.username, domain=origin.domain)
        message["To"] = to
        message["Subject"] = header_line(draft.subject)[:MAX_SUBJECT]
        message["Date"] = at or datetime.now(UTC)
        message["Message-ID"] = f"<{draft.id}@{origin.domain}>"
        # Vacation notices and other robots don't reply to it (RFC 3834).
        message["Auto-Submitted"] = "auto-generated"
        text = draft.text.encode("utf-8", "replace").decode().replace("\x00", "")
        message.set_content(text.rstrip("\n") + "\n", charset="utf-8", cte="quoted-printable")
        message["Content-Language"] = header_line(draft.language)
    except (MessageError, ValueError) as error:  # never with a text of ours
        raise MailRefused("The message can't be written as a mail.") from error
    return message


def mailbox(text: str) -> Address:
    """An address to which mail can be sent, its host in ASCII. Raises MailRefused.

    Refuses what has several readings: comments, quoted parts, lists, address literals.
    """
    local, at, domain = unicodedata.normalize("NFC", text.strip()).rpartition("@")
    try:
        # IDNA 2008: Python's own codec makes another host of straße.example.
        host = idna.encode(domain.rstrip("."), uts46=True, std3_rules=True).decode("ascii")
    except idna.IDNAError:
        host = ""
    labels = host.split(".")
    if not at or len(host) > _MAX_DOMAIN or len(labels) < 2 or not all(map(_LABEL.fullmatch, labels)):
        raise MailRefused("The address names no host that could receive mail.")
    if not 0 < len(local.encode("utf-8", "replace")) <= _MAX_LOCAL or not _is_dot_atom(local):
        raise MailRefused("The part of the address before the @ is not valid.")
    return Address(username=local, domain=host)


def is_mailbox(text: str) -> bool:
    """Whether mail can be sent to this address."""
    try:
        mailbox(text)
    except MailRefused:
        return False
    return True


def header_line(text: str) -> str:
    """A text for a header: line breaks and other control characters become spaces."""
    return " ".join(_UNWANTED.sub(" ", text).split())


def _is_dot_atom(local: str) -> bool:
    """RFC 5322, 3.2.3, with the letters of RFC 6531."""
    return all(
        part
        and all(
            sign in "!#$%&'*+-/=?^_`{|}~" or sign.isalnum() or (ord(sign) > 127 and sign.isprintable()) for sign in part
        )
        for part in local.split(".")
    )
