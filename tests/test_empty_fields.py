"""CMSs send an empty string for a field that nobody filled in: it means the same as leaving it out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.catchup_parts import rows
from tests.test_web_jobs import keyed
from tts_service.app import create_app
from tts_service.db.tables import ArticleRevisionRow, JobRow
from tts_service.parts import Parts

ARTICLE = {"site": "gazette", "id": "1", "text": "The bridge is open.", "language": "en"}


@pytest.fixture
def client(parts: Parts) -> Iterator[TestClient]:
    with TestClient(create_app(parts), base_url="http://127.0.0.1:8000") as client:
        yield client


def test_empty_strings_mean_not_given(client: TestClient, parts: Parts) -> None:
    empty = dict.fromkeys(
        ("url", "title", "author", "published_at", "section", "tags", "visibility", "html", "markdown", "ssml"), ""
    )
    wish = dict.fromkeys(("publish_at", "callback_url"), "")
    sent = {"article": ARTICLE | empty, "voice": "tone:beep", **wish}
    answer = client.post("/v1/jobs", json=sent, headers=keyed(parts))
    assert answer.status_code == 202, answer.text
    again = client.post("/v1/jobs", json={"article": ARTICLE, "voice": "tone:beep"}, headers=keyed(parts))
    assert again.status_code == 200, "the same job"

    [kept] = rows(parts, ArticleRevisionRow)
    assert [kept.url, kept.title, kept.author, kept.published_at, kept.section, kept.tags] == [None] * 6
    [job] = rows(parts, JobRow)
    assert (job.callback_url, job.queue) == (None, "normal")


@pytest.mark.parametrize("field", ["voice", "language"])
def test_an_empty_voice_or_language_is_the_usual_one(client: TestClient, parts: Parts, field: str) -> None:
    sent: dict[str, Any] = {
        "article": ARTICLE | {"language": "" if field == "language" else "en"},
        "voice": "tone:beep",
    }
    sent |= {"voice": ""} if field == "voice" else {}
    assert client.post("/v1/jobs", json=sent, headers=keyed(parts)).status_code == 202
    assert getattr(rows(parts, JobRow if field == "voice" else ArticleRevisionRow)[0], field) is None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"text": ""}, "empty_article"),
        ({"text": None}, "invalid_request"),
        ({"id": ""}, "invalid_request"),
        ({"site": ""}, "invalid_request"),
        ({"html": "<p>a</p>"}, "invalid_request"),
        ({"url": " "}, "invalid_request"),
    ],
)
def test_what_must_be_there_may_not_be_empty(
    client: TestClient, parts: Parts, change: dict[str, Any], code: str
) -> None:
    answer = client.post("/v1/jobs", json={"article": ARTICLE | change}, headers=keyed(parts))
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_an_address_beyond_ascii_is_taken_and_kept_as_a_uri(client: TestClient, parts: Parts) -> None:
    sent = {"article": ARTICLE | {"url": "HTTPS://Müller.example:443/straße?q=ü"}, "voice": "tone:beep"}
    answer = client.post("/v1/jobs", json=sent, headers=keyed(parts))
    assert answer.status_code == 202
    assert rows(parts, ArticleRevisionRow)[0].url == "https://xn--mller-kva.example/stra%C3%9Fe?q=%C3%BC"
