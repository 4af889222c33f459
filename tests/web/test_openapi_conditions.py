"""What is refused although each field by itself is fine: where a schema can say it, the document's does."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pytest
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.measure.openapi_document import document
from tests.web.test_jobs import article
from tts_service.access.keys import SCOPES, create_key
from tts_service.parts import Parts
from tts_service.web.app import create_app

WORD = {"site": "gazette", "language": "en", "graphemes": ["Elmsworth"]}
POLICY = "/v1/sites/gazette/policy"


def job(**source: Any) -> dict[str, Any]:
    return {"article": {"site": "gazette", "id": "1", **source}, "voice": "tone:beep"}


REFUSED: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("POST", "/v1/jobs", job()),
    ("POST", "/v1/jobs", job(text="a", html="b")),
    ("POST", "/v1/jobs", job(text="")),
    ("POST", "/v1/jobs", job(text=" \n\t ")),
    ("POST", "/v1/jobs", job(markdown="\n")),
    ("POST", "/v1/jobs", article() | {"formats": ["mp3", "ogg"]}),
    ("POST", "/v1/jobs", article() | {"voice": "joe"}),
    ("POST", "/v1/jobs", article() | {"voice": "piper:"}),
    ("POST", "/v1/lexicon", WORD),
    ("POST", "/v1/lexicon", WORD | {"alias": "a", "ipa": "a"}),
    ("POST", "/v1/lexicon", WORD | {"alias": "a", "scope": "global"}),
    ("POST", "/v1/lexicon", WORD | {"alias": "a", "scope": "article"}),
    ("POST", "/v1/lexicon", WORD | {"alias": "a", "article": "7"}),
    ("POST", "/v1/lexicon", WORD | {"alias": "a", "language": "en_GB"}),
    ("POST", "/v1/lexicon", WORD | {"alias": "a", "language": "english language"}),
    ("PUT", POLICY, {"notice": {"texts": {"ex!": "A voice."}}}),
    ("PUT", POLICY, {"pauses": {"heading_ms": 10_001}}),
    ("PUT", POLICY, {"blocks": {"headline": {"rate": 3}}}),
)
TAKEN: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("POST", "/v1/jobs", job(text="The bridge is open.", html=None)),
    ("POST", "/v1/jobs", job(html="<p>The bridge is open.") | {"formats": ["opus", "mp3"]}),
    ("POST", "/v1/lexicon", WORD | {"alias": "Elms worth"}),
    ("POST", "/v1/lexicon", WORD | {"ipa": "ˈelm", "scope": "article", "article": "7", "language": "en-GB"}),
    ("POST", "/v1/lexicon", {"scope": "global", "language": "en", "graphemes": ["Weir"], "alias": "Wear", "ipa": None}),
    ("PUT", POLICY, {"notice": {"texts": {"en-GB": "A voice."}}, "pauses": {"heading_ms": 0}}),
)


@lru_cache(maxsize=8)
def validator(method: str, path: str) -> Draft202012Validator:
    path = path.replace("gazette", "{site}")
    place = f"paths/{path.replace('/', '~1')}/{method.lower()}/requestBody/content/application~1json/schema"
    registry = Registry().with_resource("urn:document", Resource(contents=document(), specification=DRAFT202012))
    return Draft202012Validator({"$ref": f"urn:document#/{place}"}, registry=registry)


@pytest.fixture
def client(parts: Parts) -> Iterator[TestClient]:
    key = {"Authorization": f"Bearer {create_key(parts.database, 'all', SCOPES)}"}
    with TestClient(create_app(parts), headers=key) as client:
        yield client


def test_what_is_refused_breaks_the_schema(client: TestClient) -> None:
    for method, path, body in REFUSED:
        assert client.request(method, path, json=body).status_code in (400, 422), body
        assert not validator(method, path).is_valid(body), body


def test_what_fits_the_schema_is_taken(client: TestClient) -> None:
    for method, path, body in TAKEN:
        answer = client.request(method, path, json=body)
        assert answer.is_success, answer.text
        assert validator(method, path).is_valid(body), body


def test_a_change_gives_one_way_to_say_it(client: TestClient) -> None:
    entry = client.post("/v1/lexicon", json=WORD | {"alias": "Elms worth"}).json()["id"]
    patch = Draft202012Validator(document()["components"]["schemas"]["EntryChange"])
    for body, fine in (
        ({"alias": "a", "ipa": "a"}, False),
        ({"alias": "a"}, True),
        ({"alias": "a", "ipa": None}, True),
    ):
        assert client.patch(f"/v1/lexicon/{entry}", json=body).is_success == fine == patch.is_valid(body), body
