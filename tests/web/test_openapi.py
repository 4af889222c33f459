"""The OpenAPI document: valid, complete for every operation, and each example as its schema says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.measure.openapi_document import composed, document, operations, resolved
from tts_service.access.keys import SCOPES, create_key
from tts_service.parts import Parts
from tts_service.web.app import create_app
from tts_service.web.openapi import TAGS
from tts_service.web.responses import EXAMPLES

PROBLEM = "application/problem+json"
UNCOUNTED = ("GET /healthz", "GET /readyz", "GET /metrics")
SHOWN_NOWHERE = ("audio/", "multipart/byteranges", "application/c2pa", "image/")
"""Media types of which no example is shown."""


def test_it_is_valid_openapi_3_1() -> None:
    assert document()["openapi"].startswith("3.1.")
    validate(document())


def test_every_bound_is_said_as_schemas_say_it() -> None:
    """What stands on a union of types, pydantic writes down by its own name, which no reader knows."""
    assert [name for name in ("ge", "gt", "le", "lt") if f'"{name}":' in json.dumps(document())] == []


def test_it_says_who_offers_this_and_where() -> None:
    assert document()["info"]["contact"]["url"] == "https://audio.example.org/"
    assert document()["info"]["license"]["identifier"] == "Apache-2.0"


def test_every_operation_is_complete() -> None:
    assert [gap for name, operation in operations() for gap in gaps(name, operation)] == []


def test_every_name_of_an_operation_is_there_once() -> None:
    names = [operation["operationId"] for _, operation in operations()]
    assert len(names) == len(set(names)) > 50


def test_who_may_call_is_told_by_schemes_that_are_explained() -> None:
    schemes = document()["components"]["securitySchemes"]
    used = {name for _, operation in operations() for way in operation["security"] for name in way}
    assert used == set(schemes)
    assert all(scheme["description"] for scheme in schemes.values())


def test_every_example_fits_its_schema() -> None:
    places = list(examples(document()))
    assert len(places) > 200
    registry = Registry().with_resource("urn:document", Resource(contents=document(), specification=DRAFT202012))
    found = []
    for pointer, example in places:
        validator = Draft202012Validator({"$ref": f"urn:document#/{pointer}"}, registry=registry)
        found += [f"{pointer}: {error.json_path} {error.message[:200]}" for error in validator.iter_errors(example)]
    assert found == []


def test_every_body_has_an_example_that_fits_its_schema() -> None:
    """Its own, or one made of its fields' examples, as viewers make it."""
    registry = Registry().with_resource("urn:document", Resource(contents=document(), specification=DRAFT202012))
    found = []
    for name, operation in operations():
        for kind, media in media_of(operation):
            if kind.startswith(SHOWN_NOWHERE) or "example" in media or "examples" in media:
                continue
            pointed = json.loads(json.dumps(media["schema"]).replace('"#/', '"urn:document#/'))
            shown = composed(media["schema"])
            errors = Draft202012Validator(pointed, registry=registry).iter_errors(shown)
            found += [f"{name} {kind}: {error.json_path} {error.message[:200]}" for error in errors]
    assert found == []


def test_every_error_has_an_example_of_its_own_and_every_kept_one_is_shown() -> None:
    shown = {code: body for _, operation in operations() for code, body in problems_of(operation)}
    bare = {code for code, body in shown.items() if body["detail"] == body["title"]}
    assert bare == {"webhook_refused"}  # what exactly is wrong with a signature, only the log says
    assert {error.code for error in EXAMPLES} - set(shown) == set()


def test_a_405_names_every_method_of_the_address(parts: Parts) -> None:
    wanted = {
        "/v1/jobs": "GET, HEAD, POST",
        "/v1/lexicon/lex_1": "DELETE, GET, HEAD, PATCH",
        "/v1/lexicon/import": "POST",
        "/v1/clips/clip_1/audio.mp3": "GET, HEAD",
        "/v1/articles/gazette/4/2": "DELETE",
    }
    asked = TestClient(create_app(parts))
    answers = {address: asked.request("TRACE", address) for address in wanted}
    assert {answer.status_code for answer in answers.values()} == {405}
    assert {address: answer.headers["allow"] for address, answer in answers.items()} == wanted


def test_a_whole_number_is_one_in_json_too(parts: Parts) -> None:
    key = {"Authorization": f"Bearer {create_key(parts.database, 'cms', SCOPES)}"}
    asked = TestClient(create_app(parts), headers=key)
    rotate = "/v1/callbacks/sites/gazette/rotate"
    answers = [asked.post(rotate, json={"overlap_h": wrong}).status_code for wrong in (False, "24", 1.5, [])]
    assert answers == [422] * 4
    assert asked.post(rotate, json={"overlap_h": 24.0}).status_code == 200


def gaps(name: str, operation: dict[str, Any]) -> Iterator[str]:
    """What an operation leaves unsaid."""
    for member in ("operationId", "summary", "description", "tags"):
        if not operation.get(member):
            yield f"{name}: {member}"
    if not set(operation.get("tags", ())) <= set(TAGS):
        yield f"{name}: a tag that is nowhere explained"
    for parameter in operation.get("parameters", ()):
        if not parameter.get("description"):
            yield f"{name}: parameter {parameter['name']}"
    body = operation.get("requestBody", {})
    for kind, media in body.get("content", {}).items():
        if not kind.startswith(SHOWN_NOWHERE) and not shows_example(media):
            yield f"{name}: request {kind}"
    wanted = {"429"} if name.partition(" ")[2].startswith("/") and not name.startswith(UNCOUNTED) else set()
    wanted |= {"413"} if body and wanted else set()
    wanted |= {"401"} if operation["security"] and wanted else set()
    for status in wanted - set(operation["responses"]):
        yield f"{name}: {status} is missing"
    for status, answer in operation["responses"].items():
        yield from answer_gaps(f"{name}: {status}", resolved(answer), problem=int(status) >= 400)


def answer_gaps(name: str, answer: dict[str, Any], *, problem: bool) -> Iterator[str]:
    if not answer["description"] or answer["description"] == "Successful Response":
        yield f"{name}: description"
    kinds = answer.get("content", {})
    if problem and kinds and PROBLEM not in kinds:
        yield f"{name}: no problem document"
    for kind, media in kinds.items():
        if not media.get("schema"):
            yield f"{name} {kind}: schema"
        if not kind.startswith(SHOWN_NOWHERE) and not shows_example(media):
            yield f"{name} {kind}: example"


def media_of(operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """(media type, body) of the request and of every response."""
    yield from operation.get("requestBody", {}).get("content", {}).items()
    for answer in operation["responses"].values():
        yield from resolved(answer).get("content", {}).items()


def problems_of(operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """(code, example) of every problem."""
    for kind, media in media_of(operation):
        if kind == PROBLEM:
            yield from ((code, shown["value"]) for code, shown in media["examples"].items())


def shows_example(media: dict[str, Any]) -> bool:
    if "example" in media or media.get("examples"):
        return True
    try:
        composed(media["schema"])
    except LookupError:
        return False
    return True


def examples(found: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """(place of the schema, example) of every example in the document."""
    if isinstance(found, list):
        for place, value in enumerate(found):
            yield from examples(value, f"{pointer}/{place}")
    if not isinstance(found, dict):
        return
    if "schema" in found:
        shown = [found["example"]] if "example" in found else []
        shown += [one["value"] for one in found.get("examples", {}).values()]
        for example in shown:
            yield f"{pointer}/schema".lstrip("/"), example
    elif isinstance(found.get("examples"), list):
        for example in found["examples"]:
            yield pointer.lstrip("/"), example
    for name, value in found.items():
        if name not in ("example", "examples"):
            yield from examples(value, f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}")
