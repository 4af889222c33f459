"""Addresses as people enter them: what a browser takes is taken, the rest is told what to write; nobody's password is
kept or shown, and a field's message says what is expected there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from tests.measure.openapi_document import document
from tests.parts.feed_turns import rows
from tests.parts.web_rows import ready_clip
from tests.web.test_jobs import article, is_problem
from tts_service.access.keys import SCOPES, create_key
from tts_service.callbacks.news import _article_facts
from tts_service.cms.feeds.register import add_feed
from tts_service.cms.sources.fields import web_address
from tts_service.db.tables import ArticleRevisionRow, ArticleRow, ClipRevisionRow
from tts_service.errors import AddressRefused
from tts_service.errors.faults import _EXPECTED
from tts_service.newsroom.sites import options_for, set_options
from tts_service.parts import Parts
from tts_service.values import WebAddress
from tts_service.values.web_address import shown_address
from tts_service.web.app import create_app

WITH_PASSWORD = "https://editor:secret@x.example/a"


@pytest.fixture
def client(parts: Parts) -> Iterator[TestClient]:
    headers = {"Authorization": f"Bearer {create_key(parts.database, 'all', SCOPES)}"}
    with TestClient(create_app(parts), headers=headers) as client:
        yield client


def sent(client: TestClient, url: str) -> Any:
    return client.post("/v1/jobs", json=article(url=url) | {"voice": "tone:beep"})


TAKEN = {
    "https://x.example/a b": "https://x.example/a%20b",
    "  https://x.example/pad  ": "https://x.example/pad",
    "https://x.exam\tple/a\nb": "https://x.example/ab",
    "https:\\\\x.example\\a": "https://x.example/a",
    "https:/x.example/a": "https://x.example/a",
    WITH_PASSWORD: "https://x.example/a",
    "https://editor@x.example/a": "https://x.example/a",
}


def test_what_a_browser_takes_is_taken_at_every_door(client: TestClient, parts: Parts) -> None:
    for given, kept in TAKEN.items():
        answer = sent(client, given)
        assert answer.is_success, answer.text
        assert answer.json()["article"]["url"] == kept
        assert web_address(given) == kept
    assert {row.url for row in rows(parts, ArticleRevisionRow)} == set(TAKEN.values())
    assert client.put("/v1/sites/gazette/options", json={"link": " https:/x.example/a b"}).is_success
    assert options_for(parts.database, "gazette").link == "https://x.example/a%20b"


@pytest.mark.parametrize(
    ("given", "write"),
    [
        ("//x.example/a", "write https://x.example/a"),
        ("müller.example", "write https://müller.example"),
        (" www.x.example/ä", "write https://www.x.example/ä"),
        ("ftp://x.example/a", "write it as https://www"),
        ("mailto:a@x.example", "write it as https://www"),
        ("/a/b", "write it as https://www"),
        ("   ", "write it as https://www"),
        ("https://xn--a.example/", "write it as https://www"),
    ],
)
def test_what_is_no_address_is_told_what_to_write(client: TestClient, given: str, write: str) -> None:
    body = is_problem(sent(client, given), 422, "invalid_request")
    assert body["errors"][0]["field"] == "article.url"
    assert body["detail"].startswith(f"article.url: must be an http(s) address: {write}")
    called = client.post("/v1/jobs", json=article() | {"callback_url": given})
    assert write in is_problem(called, 422, "invalid_request")["detail"]
    options = client.put("/v1/sites/gazette/options", json={"link": given})
    assert write in options.json()["detail"]


@pytest.mark.parametrize("host", ["xn--.example", "xn--a.example", "xn--x-.example", "a.xn--a"])
def test_a_host_that_is_no_punycode_is_no_address(host: str) -> None:
    assert WebAddress.read(f"https://{host}/") is None
    assert WebAddress.read("https://xn--mller-kva.xn--p1ai/") == "https://xn--mller-kva.xn--p1ai/"


def test_no_password_is_kept_or_shown(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    made = sent(client, WITH_PASSWORD)
    set_options(parts.database, "gazette", {"link": WITH_PASSWORD, "image": WITH_PASSWORD})
    with parts.database.writing() as session:  # as earlier versions kept it
        session.execute(update(ClipRevisionRow).values(url=WITH_PASSWORD, title=""))
        session.execute(update(ArticleRow).values(url=WITH_PASSWORD))
    for path in (
        "/listen/clip_1",
        "/v1/clips/clip_1",
        "/feeds/gazette.rss",
        made.headers["location"],
        "/v1/sites/gazette/options",
    ):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "secret" not in answer.text, path
        assert "editor" not in answer.text, path
    assert "x.example/a" in client.get("/listen/clip_1").text
    assert _article_facts(rows(parts, ArticleRow)[0])["url"] == shown_address(WITH_PASSWORD) == "https://x.example/a"


def test_an_address_with_a_password_is_not_called(client: TestClient, parts: Parts) -> None:
    for path, body in (
        ("/v1/jobs", article() | {"callback_url": WITH_PASSWORD}),
        ("/v1/callbacks/endpoints", {"url": WITH_PASSWORD}),
        ("/v1/sites/gazette/feeds", {"url": WITH_PASSWORD}),
    ):
        answer = client.post(path, json=body)
        assert "must not contain a user name or password" in is_problem(answer, 422, "invalid_request")["detail"]
        assert "secret" not in answer.text
    with pytest.raises(AddressRefused):
        add_feed(parts, "gazette", WITH_PASSWORD, "test")


# --- other fields ---


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("language", "deutsch (de)", 'such as "en"'),
        ("section", " Sport", "without white space around it"),
        ("visibility", "only members", "such as public or members"),
        ("id", "a\tb", "one line"),
        ("site", "the gazette", "short name"),
    ],
)
def test_a_fields_message_says_what_is_expected(client: TestClient, field: str, value: str, says: str) -> None:
    body = is_problem(client.post("/v1/jobs", json=article(**{field: value})), 422, "invalid_request")
    assert says in body["errors"][0]["message"]


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("tracking", ["utm=x"], "such as fbclid or utm_*"),
        ("title", "a\nb", "one line"),
        ("email", "nobody", "name@"),
        ("language", "deutsch (de)", 'such as "en"'),
        ("description", " ", "blank"),
    ],
)
def test_an_options_message_says_what_is_expected(client: TestClient, option: str, value: Any, says: str) -> None:
    answer = client.put("/v1/sites/gazette/options", json={option: value})
    assert says.replace("name@", "@example.org") in answer.json()["detail"]


def patterns(schema: Any) -> Iterator[str]:
    """Every pattern of a document."""
    if isinstance(schema, dict):
        if isinstance(schema.get("pattern"), str):
            yield schema["pattern"]
        for part in schema.values():
            yield from patterns(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from patterns(part)


ELSEWHERE = {
    r"\S",
    r"^[^:\x00-\x1f\x7f]+:[^\x00-\x1f\x7f]+$",
    r"^[\x00-\x20]*[Hh][Tt][Tt][Pp][Ss]?:",
    "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,6}$",
}
"""Patterns that only the document has: what they ask for is checked, and told, in another way."""


def test_every_pattern_has_words() -> None:
    assert set(patterns(document())) - ELSEWHERE - set(_EXPECTED) == set()
