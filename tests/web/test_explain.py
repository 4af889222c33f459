"""POST /v1/explain: what is said for each written word, and why."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from tests.web.test_jobs import is_problem, keyed
from tts_service.parts import Parts
from tts_service.web.app import create_app


@pytest.fixture
def client(parts: Parts) -> Iterator[TestClient]:
    with TestClient(create_app(parts), headers=keyed(parts, "reports")) as client:
        yield client


def test_every_word_is_explained_with_its_place(client: TestClient) -> None:
    answer = client.post("/v1/explain", json={"text": "Dr.\u200b Holt paid $1.5 million.", "language": "en"}).json()
    assert answer["text"] == "Dr. Holt paid $1.5 million."
    assert answer["spoken"] == "Doctor Holt paid one point five million dollars"
    assert [(word["written"], word["rule"]) for word in answer["words"]] == [
        ("Dr.", "abbreviation"),
        ("Holt", None),
        ("paid", None),
        ("$1.5 million", "money"),
    ]
    assert [word["next"] for word in answer["words"]][:3] == [None] * 3
    assert all(answer["text"][word["start"] : word["end"]] == word["written"] for word in answer["words"])


def test_the_rule_that_comes_next_is_named(client: TestClient) -> None:
    words = client.post("/v1/explain", json={"text": "At 10 a.m. it rained.", "language": "en"}).json()["words"]
    assert words[1]["next"] == {"rule": "number", "written": "10", "spoken": "ten"}


def test_the_language_is_found_out(client: TestClient) -> None:
    answer = client.post("/v1/explain", json={"text": "Am 1. Oktober beginnt die neue Fahrzeit der Bahn."}).json()
    assert (answer["language"], answer["words"][1]["spoken"]) == ("de", "ersten Oktober")


def test_a_sites_lexicon_counts_for_that_site_only(client: TestClient, parts: Parts) -> None:
    entry = {"scope": "site", "site": "gazette", "language": "en", "graphemes": ["Holt"], "alias": "Hoalt"}
    made = client.post("/v1/lexicon", json=entry, headers=keyed(parts, "lexicon"))
    assert made.status_code == 201, made.text
    asked = {"text": "Holt paid.", "language": "en"}
    words = client.post("/v1/explain", json={**asked, "site": "gazette"}).json()["words"]
    assert (words[0]["spoken"], words[0]["rule"]) == ("Hoalt", "lexicon (site)")
    assert client.post("/v1/explain", json={**asked, "site": "herald"}).json()["words"][0]["spoken"] == "Holt"


def test_who_may_not_ask_and_what_cannot_be_asked(client: TestClient, parts: Parts) -> None:
    asked = {"text": "Holt paid.", "site": "gazette"}
    is_problem(client.post("/v1/explain", json=asked, headers=keyed(parts, "jobs:read")), 403, "not_allowed")
    is_problem(
        client.post("/v1/explain", json=asked, headers=keyed(parts, "reports", site="herald")), 403, "not_allowed"
    )
    assert client.post("/v1/explain", json={"text": ""}).status_code == 422
    assert client.post("/v1/explain", json={"text": "a" * 10_001}).status_code == 422
