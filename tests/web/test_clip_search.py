"""Looking up an article's clips: by id, by address, and by address only while nobody knows the id."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from tests.parts.web_rows import ready_clip
from tts_service.db.tables import ArticleRow
from tts_service.parts import Parts
from tts_service.web.app import create_app

URL = "https://example.org/1"


@pytest.fixture
def client(parts: Parts) -> Iterator[TestClient]:
    ready_clip(parts)  # article 1 of gazette
    with TestClient(create_app(parts)) as client:
        yield client


def found(client: TestClient, **query: str) -> list[str]:
    answer = client.get("/v1/clips", params=query)
    assert answer.status_code == 200, answer.text
    return [clip["id"] for clip in answer.json()["clips"]]


def test_an_article_that_catch_up_found_is_there_for_the_template_that_asks_by_id(client: TestClient) -> None:
    assert found(client, site="gazette", article="post-7") == []
    assert found(client, site="gazette", article="post-7", url=URL) == ["clip_1"]
    assert found(client, site="herald", article="post-7", url=URL) == []


def test_another_sites_article_at_the_same_address_is_not_found(client: TestClient) -> None:
    assert found(client, url=URL) == found(client, site="gazette", url=URL) == ["clip_1"]
    assert found(client, site="herald", url=URL) == []


def test_a_closed_article_is_never_looked_for_by_its_address(client: TestClient, parts: Parts) -> None:
    ready_clip(parts, name="2")
    with parts.database.writing() as session:
        session.execute(update(ArticleRow).where(ArticleRow.external_id == "2").values(url=URL, visibility="members"))
    assert found(client, site="gazette", article="2", url=URL) == []
    assert found(client, url=URL) == ["clip_1"]
