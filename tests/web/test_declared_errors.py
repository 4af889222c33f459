"""Each error that an operation can answer with is declared, and nothing else is; staff read each in their language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.exceptions import HTTPException

from tests.measure.openapi_document import document, resolved
from tests.parts.raised_errors import Raised, messages_in, raised_by, reached_from
from tts_service.errors import RemoteTooLarge, RemoteUnavailable, ServiceError
from tts_service.parts import Parts
from tts_service.web.app import create_app
from tts_service.web.doors.bodies import WEBHOOKS
from tts_service.web.doors.counting import UNCOUNTED
from tts_service.web.languages import catalogue
from tts_service.web.pages.refusals import translated
from tts_service.web.problems import JSON, MEDIA_TYPE, problem_body
from tts_service.web.staff import ROUTERS

IMPOSSIBLE = {
    "disk_full": {"GET": "nothing is written", "POST /v1/audio/speech": "its sound isn't kept"},
    "input_refused": {
        "POST /v1/callbacks/endpoints/{endpoint}/rotate": "hours are checked by the schema",
        "POST /v1/callbacks/sites/{site}/rotate": "hours are checked by the schema",
        "POST /v1/webhooks": "a hook's secret is checked when it is entered",
    },
    "options_refused": {"GET": "what is stored was checked", "POST": "what is stored was checked"},
    "outdated": {"POST /v1/jobs": "an article sent here says nothing about its age"},
    "policy_refused": {"GET": "what is stored was checked", "POST": "what is stored was checked"},
}
"""What the source seems to raise: by code, the beginning of the operation's name and why it can't happen."""
OF_ENGINES = {"engine_unavailable", "speech_server_unavailable", "voice_budget_spent"}
"""Whatever speaks raises them, and Speaks is a protocol."""
NOT_SEEN = {
    "GET /readyz": {"disk_full", "store_unavailable"},  # app.state has no types
    "GET /v1/clips/{clip_id}/live.mp3": {"store_unavailable"},  # the response raises it while it is sent
    "POST /v1/audio/speech": OF_ENGINES,
    "POST /v1/jobs": {"site_closed"},  # the session raises it at its flush
    "POST /v1/preview": OF_ENGINES,
    # What is stored can be read everywhere else; here the site may have got too many rules since.
    "POST /v1/corrections/{correction_id}/take-back": {"policy_refused"},
    "POST /v1/feedback": {"unsupported_media_type"},  # answered, not raised
}
"""What can happen although the source doesn't show it."""
NEVER_ON_A_PAGE = (
    "article.ssml",  # staff send no SSML
    "cms.inbox.receive",  # answers the CMS that calls
    "storage.",  # the service's own files
)
"""Modules whose messages no page of the staff shows, although the source seems to lead there."""
PLAIN = ({"type": "string"}, {"anyOf": [{"type": "string"}, {"type": "null"}]})
"""Schemas of parameters that any text fits."""


def test_every_error_that_an_operation_can_answer_with_is_declared(parts: Parts) -> None:
    missing = {name: can - said for name, can, said in operations(create_app(parts)) if can - said}
    assert missing == {}


def test_no_error_is_declared_that_can_not_happen(parts: Parts) -> None:
    idle = {name: said - can for name, can, said in operations(create_app(parts)) if said - can}
    assert idle == {}


def test_what_is_called_impossible_is_found_in_the_source(parts: Parts) -> None:
    found = [(name, raised) for name, _, raised in mounted(create_app(parts))]
    for code, places in IMPOSSIBLE.items():
        for place in places:
            assert any(name.startswith(place) and code in raised for name, raised in found), (code, place)


def test_staff_read_each_refusal_in_their_language() -> None:
    """A message that isn't in the catalogues would stand in English on a German page."""
    routes = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    reached = reached_from(function for route in routes for function in functions_of(route.dependant))
    assert len(reached) > 1_000
    met = {
        (function.__module__.removeprefix("tts_service."), message)
        for function in reached
        for kind, message in messages_in(function)
        if kind.status < 500 or issubclass(kind, RemoteUnavailable | RemoteTooLarge)
    }
    german = catalogue("de")
    said = {one for one in met if re.search("[a-z]", one[1])}  # the others consist of other messages
    unknown = {one for one in said if translated(one[1].replace("{}", "x7"), german) is None}
    assert sorted(one for one in unknown if not one[0].startswith(NEVER_ON_A_PAGE)) == []


def operations(app: FastAPI) -> Iterator[tuple[str, set[str], set[str]]]:
    """(name, codes that can come, codes that are declared) of every operation."""
    for name, context, raised in mounted(app):
        method, _, path = name.partition(" ")
        operation = document()["paths"][path][method.lower()]
        impossible = {code for code, places in IMPOSSIBLE.items() if any(name.startswith(place) for place in places)}
        if not any("staffSession" in way for way in operation["security"]):
            impossible.add("sign_in_needed")
        can = raised - impossible | of_the_doors(path, operation, reads_json=context.body_field is not None)
        yield name, can | NOT_SEEN.get(name, set()), declared(operation)


def mounted(app: FastAPI) -> Iterator[tuple[str, Any, set[str]]]:
    """(name, route, codes that its functions raise) of every operation."""
    for context in iter_route_contexts(app.routes):
        if getattr(context, "include_in_schema", False) and hasattr(context, "dependant"):
            raised = frozenset[type[Exception]]().union(*map(raised_by, functions_of(context.dependant)))
            for method in context.methods or ():
                yield f"{method} {context.path_format}", context, codes_of(raised)


def functions_of(dependant: Dependant) -> Iterator[Any]:
    yield dependant.call
    for below in dependant.dependencies:
        yield from functions_of(below)


def codes_of(raised: Raised) -> set[str]:
    """Codes; a fault of the service (500) is none that an operation declares."""
    ours = {error.code for error in raised if issubclass(error, ServiceError) and error.status != 500}
    framework = {problem_body(error())["code"] for error in raised if issubclass(error, HTTPException)}
    return ours | framework | ({"invalid_request"} if RequestValidationError in raised else set())


def of_the_doors(path: str, operation: dict[str, Any], *, reads_json: bool) -> set[str]:
    """What middleware and framework answer before the route's own functions are asked."""
    codes = set() if path.startswith(UNCOUNTED) else {"nul_in_address", "rate_exceeded"}
    if "requestBody" in operation:
        codes |= {"too_large", "body_compressed"}
        if JSON in operation["requestBody"]["content"] and not path.startswith(WEBHOOKS):
            codes.add("invalid_json")
    if reads_json:
        codes |= {"bad_request", "invalid_request", "unsupported_media_type"}
    if any(may_be_wrong(parameter["schema"]) for parameter in operation.get("parameters", ())):
        codes.add("invalid_request")
    return codes


def may_be_wrong(schema: dict[str, Any]) -> bool:
    bounds = set(schema) - {"type", "anyOf", "title", "description", "examples", "default"}
    return bool(bounds) or {name: rule for name, rule in schema.items() if name in ("type", "anyOf")} not in PLAIN


def declared(operation: dict[str, Any]) -> set[str]:
    """The codes that an operation's responses show."""
    contents = [resolved(response).get("content", {}) for response in operation["responses"].values()]
    return {code for content in contents for code in content.get(MEDIA_TYPE, {}).get("examples", ())}
