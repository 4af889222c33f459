"""Pages that every browser and checker can read, whatever stands in an article."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from tests.measure.listen.validators import feed_errors
from tests.parts.places import ROOT
from tests.parts.web_rows import ready_clip
from tts_service.db.tables import ClipRevisionRow
from tts_service.parts import Parts
from tts_service.web.pages.templating import web_address


def test_characters_that_no_page_may_have_are_left_out(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    with parts.database.writing() as session:
        session.execute(update(ClipRevisionRow).values(title="Bell\x07, \x0bformfeed\x9f \ufffe tab\tend"))
    for page in ("/listen/clip_1", "/embed/clip_1", "/about/clip_1", "/feedback?clip=clip_1"):
        assert "Bell, formfeed  tab\tend" in client.get(page).text, page


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("https://example.org/a?b=<c>&d=é f", "https://example.org/a?b=%3Cc%3E&d=%C3%A9%20f"),
        ('https://example.org/"\\^`{|}', "https://example.org/%22/%5E%60%7B%7C%7D"),
        ("https://example.org/100%25", "https://example.org/100%25"),
        ("javascript:alert(1)", ""),
        (None, ""),
    ],
)
def test_a_link_leads_to_an_address_as_addresses_are_written(given: str | None, shown: str) -> None:
    assert web_address(given) == shown


def test_what_is_in_a_field_is_what_was_typed() -> None:
    """Signs that are shown in place of controls would be sent, and kept, as text."""
    changed = re.compile(r'value="[^"]*\| visible|<textarea[^<]*\| visible')
    for template in (ROOT / "tts_service/web/templates").glob("*.html"):
        assert changed.findall(template.read_text("utf-8")) == [], template.name


@pytest.mark.parametrize(
    "document",
    [b"<rss><channel></rss>", b"<rss version='2.0'><channel><item><title>x</title></item></channel></rss>"],
    ids=["broken", "without a sound"],
)
def test_the_check_of_feeds_notices_a_bad_one(document: bytes) -> None:
    assert feed_errors("a.rss", document) != []
