"""A body that is not taken as it was sent: the answer says what would be."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from tests.measure.openapi_document import operations
from tests.parts.web_rows import clip_token, ready_clip
from tests.web.test_jobs import article, is_problem, keyed
from tts_service.access.keys import SCOPES, create_key
from tts_service.parts import Parts
from tts_service.web.app import create_app

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def client(parts: Parts) -> Iterator[TestClient]:
    key = {"Authorization": f"Bearer {create_key(parts.database, 'all', SCOPES)}"}
    with TestClient(create_app(parts), headers=key) as client:
        yield client


def test_another_media_type_is_told_which_are_taken(client: TestClient) -> None:
    kinds = ("text/plain", FORM, "application/xml", "multipart/form-data; boundary=x", "text/json", "nonsense", None)
    for kind in kinds:
        headers = {"Content-Type": kind} if kind else {}
        for path, body in (("/v1/jobs", article()), ("/v1/explain", {"text": "x", "language": "en"})):
            got = client.post(path, content=json.dumps(body).encode(), headers=headers)
            detail = is_problem(got, 415, "unsupported_media_type")["detail"]
            assert "application/json" in detail, kind
            assert "+json" in detail, kind
            assert (kind or "no Content-Type") in detail
            assert got.headers["accept"] == "application/json"


def test_json_by_any_of_its_names_is_taken(client: TestClient) -> None:
    for kind in ("application/json; charset=utf-8", "Application/JSON", "application/ld+json"):
        got = client.post("/v1/jobs", content=json.dumps(article()).encode(), headers={"Content-Type": kind})
        assert got.is_success, got.text
        report = json.dumps({"clip": "clip_nope", "category": "other"}).encode()
        is_problem(client.post("/v1/feedback", content=report, headers={"Content-Type": kind}), 404, "not_found")


def test_feedback_says_that_it_takes_forms_too(client: TestClient) -> None:
    got = client.post("/v1/feedback", content=b"<report/>", headers={"Content-Type": "text/xml"})
    assert FORM in is_problem(got, 415, "unsupported_media_type")["detail"]
    assert got.headers["accept"] == f"application/json, {FORM}"


def test_a_packed_body_is_told_to_come_as_it_is(client: TestClient) -> None:
    body = gzip.compress(json.dumps(article()).encode())
    for path in ("/v1/jobs", "/v1/feedback", "/v1/listening", "/v1/lexicon/import", "/staff/sign-in"):
        for coding in ("gzip", "br", "deflate, gzip"):
            headers = {"Content-Type": "application/json", "Content-Encoding": coding}
            got = client.post(path, content=body, headers=headers)
            assert coding in is_problem(got, 415, "body_compressed")["detail"]
            assert got.headers["accept-encoding"] == "identity"


def test_a_body_that_says_it_is_not_packed_is_taken(client: TestClient) -> None:
    got = client.post("/v1/jobs", json=article(), headers={"Content-Encoding": "identity"})
    assert got.status_code == 202


def test_json_that_is_no_utf_8_is_refused(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    report = {"clip": "clip_1", "category": "other", "clip_token": clip_token(client, "clip_1")}
    for coding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"):
        for path, body in (("/v1/jobs", article()), ("/v1/feedback", report)):
            sent = json.dumps(body).encode(coding)
            for pieces in (sent, iter((sent[:1], sent[1:]))):
                got = client.post(path, content=pieces, headers={"Content-Type": "application/json"})
                assert "UTF-8" in is_problem(got, 400, "invalid_json")["detail"], coding


def test_json_may_begin_with_the_mark_of_utf_8(client: TestClient) -> None:
    body = json.dumps(article()).encode("utf-8-sig")
    assert client.post("/v1/jobs", content=body, headers={"Content-Type": "application/json"}).status_code == 202


def test_the_document_says_it_of_every_body() -> None:
    for name, operation in operations():
        if "requestBody" in operation and name.partition(" ")[2].startswith("/"):
            assert "415" in operation["responses"], name


def test_who_may_not_send_is_told_that_first(parts: Parts) -> None:
    with TestClient(create_app(parts)) as client:
        is_problem(client.post("/v1/jobs", content=b"x", headers={"Content-Type": "text/plain"}), 401, "key_missing")
        got = client.post("/v1/jobs", content=b"x", headers={**keyed(parts, "jobs:read"), "Content-Type": "text/plain"})
        is_problem(got, 403, "not_allowed")
