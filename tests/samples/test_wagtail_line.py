"""Parts of the Wagtail app that need no Django: the line to the service, what is spoken, the shipped translations."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from tests.measure.cms.wagtail_receiver import HOOK, SECRET, Receiver, receiving
from tests.parts.places import ROOT

APP = ROOT / "samples" / "wagtail" / "listen_to_the_article"
sys.path.insert(0, str(APP.parent))

from listen_to_the_article import line, wording  # noqa: E402


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


def post(receiver: Receiver, **more: Any) -> line.Answer:
    body = json.dumps({"type": "ping"}).encode()
    headers = line.signed_headers(SECRET, "msg_1", body, int(time.time()))
    return line.request(receiver.url + HOOK, **{"headers": headers, "body": body, "timeout_s": 30.0, **more})


def test_what_is_signed_is_taken(receiver: Receiver) -> None:
    answer = post(receiver)
    assert answer.accepted
    assert answer.json()["site"] == "gazette"
    assert receiver.bodies == [{"type": "ping"}]


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_abc", "whsec_QUJD", "QUJD" * 10, "whsec_" + "QUJD" * 40])
def test_a_secret_of_another_form_is_told(secret: str) -> None:
    assert line.signing_key(secret) is None
    with pytest.raises(ValueError, match="LISTEN_SECRET"):
        line.signed_headers(secret, "msg_1", b"{}", 1)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_no_delivery(receiver: Receiver, status: int) -> None:
    """Followed, it would be a GET that somebody answers with 200."""
    receiver.status = status
    answer = post(receiver)
    assert (answer.status, answer.accepted) == (status, False)
    assert "redirects" in answer.reason()
    assert receiver.asked == []


@pytest.mark.parametrize(
    ("status", "word"),
    [(401, "LISTEN_SECRET"), (404, "LISTEN_ADDRESS"), (413, "too long"), (429, "fewer"), (500, "fault"), (418, "418")],
)
def test_every_refusal_has_its_reason(receiver: Receiver, status: int, word: str) -> None:
    receiver.status = status
    assert word in post(receiver).reason()


def test_a_service_that_never_answers_ends_in_time(receiver: Receiver) -> None:
    receiver.silent = threading.Event()
    answer = post(receiver, timeout_s=0.2)
    assert answer.status == 0
    assert "did not answer in time" in answer.reason()


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("http://127.0.0.1:9/", "Nothing listens"),
        ("file:///etc/passwd", "not an http"),
        ("http://no-such-host.invalid/", "cannot be found"),
        ("", "not an http"),
    ],
)
def test_an_address_that_leads_nowhere_is_told_in_words(url: str, word: str) -> None:
    assert word in line.request(url, headers={}, timeout_s=30.0).reason()


@pytest.mark.parametrize("name", ["link_url", "linkUrl", "anchor", "css_class", "contact_email", "image_id", "id"])
def test_machinery_is_not_spoken(name: str) -> None:
    assert wording.is_machinery(name)


@pytest.mark.parametrize("name", ["heading", "text", "link_text", "identity", "caption", "quote", "classics", "body"])
def test_texts_are_spoken(name: str) -> None:
    assert not wording.is_machinery(name)


@pytest.mark.parametrize(
    "value",
    [
        "https://ferry.example/a",
        "//ferry.example",
        "desk@ferry.example",
        "mailto:a@b.example",
        "IMG_2041.jpg",
        "IMG_2041",
        "sec-4a",
        "fares-in-2026",
        "#top",
        "/news/ferry",
        "a1b2c3",
        "",
        "  ",
        "42",
        "www.ferry.example",
    ],
)
def test_addresses_and_identifiers_are_no_words(value: str) -> None:
    assert not wording.is_words(value)


@pytest.mark.parametrize(
    "value",
    [
        "Fares",
        "Fares & times",
        "Zürich-West",
        "mid-2025",
        "Die Fähre fährt wieder.",
        "Ω",
        "See https://ferry.example/ for more",
        "9.30 bis 17.00 Uhr",
        "0151 234 567",
        "CO2-Preis",
    ],
)
def test_words_are_words(value: str) -> None:
    assert wording.is_words(value)


@pytest.mark.parametrize("language", ["de", "es", "fr", "it"])
def test_the_compiled_labels_are_those_that_can_be_read(language: str) -> None:
    folder = APP / "locale" / language / "LC_MESSAGES"
    with (folder / "django.po").open("rb") as read, (folder / "django.mo").open("rb") as compiled:
        written = {message.id: message.string for message in read_po(read) if message.id}
        shipped = {message.id: message.string for message in read_mo(compiled) if message.id}
    assert shipped == written
    assert all(written.values())
    source = "".join(path.read_text("utf-8") for path in APP.rglob("*") if path.suffix in (".py", ".html"))
    assert [text for text in written if text not in source] == []
