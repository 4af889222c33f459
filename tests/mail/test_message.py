"""Messages: what strangers enter adds no header and no recipient."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tts_service.errors import MailRefused
from tts_service.mail.message import Draft, mailbox, message_of

SENDER = "The Gazette <audio@gazette.example>"


def draft(**more: str) -> Draft:
    values = {"to": "ann@example.org", "subject": "Your report", "text": "Hello", "language": "en", "id": "R-1"}
    return Draft(**(values | more))


def test_a_message_says_who_sends_it_and_that_nobody_reads_replies() -> None:
    message = message_of(draft(text="Grüße — ✓\n"), SENDER)
    assert str(message["From"]) == SENDER
    assert str(message["To"]) == "ann@example.org"
    assert message["Message-ID"] == "<R-1@gazette.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "en"
    assert message.get_content() == "Grüße — ✓\n"


@pytest.mark.parametrize(
    "line_break", ["\r\n", "\n", "\r", "\x00", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\r\n ", "\n\n"]
)
def test_line_breaks_add_no_header(line_break: str) -> None:
    evil = f"x{line_break}Bcc: eve@example.org"
    message = message_of(draft(subject=evil, language=evil), f"G{evil} <audio@gazette.example>")
    read = message_from_bytes(message.as_bytes(), policy=default)
    assert read["Bcc"] is None
    assert [address.addr_spec for address in read["To"].addresses] == ["ann@example.org"]
    with pytest.raises(MailRefused):
        message_of(draft(to=f"ann@example.org{line_break}Bcc: eve@example.org"), SENDER)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "@",
        "ann",
        "ann@",
        "@example.org",
        "ann@localhost",
        "ann@[127.0.0.1]",
        "ann@example..org",
        "ann@-example.org",
        "ann,eve@example.org",
        "ann;eve@example.org",
        "ann@example.org,eve@example.org",
        "Ann <ann@example.org>",
        "ann(eve)@example.org",
        '"ann eve"@example.org',
        "ann..b@example.org",
        ".ann@example.org",
        "ann\\@example.org",
        "a" * 65 + "@example.org",
        "ann@" + "a" * 64 + ".org",
        "ann@" + ".".join(["a" * 60] * 5),
        "ann@exa_mple.org",
        "ann@example.org\x00",
        "a\u202enn@example.org",
        "a:b@example.org",
    ],
)
def test_what_is_no_single_address_is_refused(address: str) -> None:
    with pytest.raises(MailRefused):
        mailbox(address)


@pytest.mark.parametrize(
    ("address", "written"),
    [
        (" ann@example.org ", "ann@example.org"),
        ("Ann.b+audio@EXAMPLE.org", "Ann.b+audio@example.org"),
        ("o'hara=x@example.org", "o'hara=x@example.org"),
        ("jörg@bücher.example", "jörg@xn--bcher-kva.example"),
        ("ann@straße.example", "ann@xn--strae-oqa.example"),
        ("jo\u0308rg@example.org", "jörg@example.org"),
        ("ann@example.org.", "ann@example.org"),
    ],
)
def test_ordinary_and_international_addresses_are_taken(address: str, written: str) -> None:
    assert mailbox(address).addr_spec == written


@settings(max_examples=40)
@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=200))
def test_no_text_adds_a_recipient_or_a_header(to: str, subject: str, text: str) -> None:
    try:
        message = message_of(draft(to=to, subject=subject, text=text), SENDER)
    except MailRefused:
        message = message_of(draft(subject=subject, text=text), SENDER)
    read = message_from_bytes(message.as_bytes(), policy=default)
    assert len(read["To"].addresses) == 1
    assert {name.lower() for name in read} == {
        "from",
        "to",
        "subject",
        "date",
        "message-id",
        "content-language",
        "auto-submitted",
        "content-type",
        "content-transfer-encoding",
        "mime-version",
    }


@given(st.text(alphabet=st.sampled_from("aé.@,;:<>()[]\\\"' -\n\r\x00"), max_size=12))
def test_an_address_made_of_the_signs_that_mean_something_stays_one(local: str) -> None:
    try:
        message = message_of(draft(to=f"{local}@example.org"), SENDER)
    except MailRefused:
        return
    read = message_from_bytes(message.as_bytes(policy=message.policy.clone(utf8=True)), policy=default)
    assert [address.domain for address in read["To"].addresses] == ["example.org"]
