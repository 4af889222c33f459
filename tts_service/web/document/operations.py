"""One operation of the document, completed: names, parameters, guards, bodies, every answer, an example of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any

from fastapi.dependencies.models import Dependant
from pydantic import TypeAdapter

from tts_service.errors import BodyCompressed, RateExceeded, SignInNeeded
from tts_service.web.document import examples
from tts_service.web.document.declare import Body, Bytes, Declared, Reply, TextBody, declared_of
from tts_service.web.document.guards import FORM_TOKEN, SESSION
from tts_service.web.document.problems import Problems, problems_of, response_of
from tts_service.web.doors.bodies import WEBHOOKS
from tts_service.web.doors.counting import UNCOUNTED

JSON = "application/json"
_SENTENCE_END = re.compile(r"(?<=[.:?!])\s")
_REF = "#/components/schemas/"
_DONE = {200: "Done.", 201: "Made.", 202: "Taken: it will be done.", 204: "Done; there is nothing to say."}
_PLAIN = ({"type": "string"}, {"anyOf": [{"type": "string"}, {"type": "null"}]})
"""What any text fits."""


@dataclass(slots=True, kw_only=True)
class Components:
    """What operations share."""

    schemas: dict[str, Any]
    servers: list[dict[str, str]]
    """Of operations that are there below /staff as well."""
    responses: dict[str, Any] = field(default_factory=dict)

    def schema_of(self, model: Any) -> dict[str, Any]:
        """A reference to a model's schema, which is kept."""
        name = model.__name__
        if name not in self.schemas:
            made = TypeAdapter(model).json_schema(ref_template=f"{_REF}{{model}}")
            self.schemas |= made.pop("$defs", {})
            self.schemas[name] = made
        return {"$ref": f"{_REF}{name}"}

    def response(self, status: int, codes: Mapping[str, str]) -> dict[str, Any]:
        """A reference to the answer for these problems, which is kept."""
        name = f"{status}_" + "_or_".join(sorted(codes))
        self.responses.setdefault(name, response_of(status, dict(codes)))
        return {"$ref": f"#/components/responses/{name}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MountedRoute:
    """A route as it is mounted."""

    method: str
    path: str
    for_staff: bool
    """Whether it is there below /staff as well, where a session counts."""
    name: str
    told: str
    """Its function's docstring."""
    dependant: Dependant
    reads_json: bool
    """Whether the framework reads its body."""

    def declared(self) -> list[Declared]:
        """What was said at its function and at every dependency."""
        said = [declared_of(one.call) for one in _all_of(self.dependant)]
        return said if self.for_staff else [_without_sessions(one) for one in said]


def complete(operation: dict[str, Any], found: MountedRoute, components: Components) -> None:
    """Fill in what FastAPI left out."""
    declared = found.declared()
    operation["operationId"] = found.name
    told = " ".join(found.told.split())
    operation["summary"] = _SENTENCE_END.split(told, maxsplit=1)[0].rstrip(".:")
    operation["description"] = found.told.strip()
    if "parameters" in operation:
        operation["parameters"] = [_parameter(one) for one in operation["parameters"] if not _is_key(one)]
    operation["security"] = _guards(declared, found.method)
    if found.for_staff:
        operation["servers"] = components.servers
    _take(operation, declared, components)
    doors = _doors(operation, found)
    operation["responses"] = _answers(operation["responses"], declared, components)
    for status, codes in problems_of(declared, doors).items():
        said = operation["responses"].get(str(status))
        answer = components.response(status, codes)
        # The same status may come with a page for browsers.
        operation["responses"][str(status)] = answer if said is None else _both(said, response_of(status, codes))
    operation["responses"] = dict(sorted(operation["responses"].items()))


def _without_sessions(said: Declared) -> Declared:
    guards = tuple(way for way in said.guards if SESSION not in way)
    return replace(said, guards=guards, raises=tuple(error for error in said.raises if error is not SignInNeeded))


def _all_of(dependant: Dependant) -> Iterable[Dependant]:
    yield dependant
    for below in dependant.dependencies:
        yield from _all_of(below)


def _is_key(parameter: Mapping[str, Any]) -> bool:
    # OpenAPI ignores a parameter of this name: the security schemes say it.
    return bool(parameter["in"] == "header" and parameter["name"].lower() == "authorization")


def _parameter(given: dict[str, Any]) -> dict[str, Any]:
    meaning, example = examples.PARAMETERS.get(given["name"], ("", None))
    given.setdefault("description", meaning)
    if example is not None:
        given["example"] = example
    return given


def _guards(declared: Iterable[Declared], method: str) -> list[dict[str, list[str]]]:
    left_out = (FORM_TOKEN,) if method == "get" else ()
    return [
        {name: list(rights) for name, rights in way.items() if name not in left_out}
        for one in declared
        for way in one.guards
    ]


def _take(operation: dict[str, Any], declared: Iterable[Declared], components: Components) -> None:
    """The request's body, with an example for each media type."""
    for one in declared:
        if one.takes:
            content = {kind: _media(body, components) for kind, body in one.takes.items()}
            operation["requestBody"] = {"required": True, "content": content}
    for media in operation.get("requestBody", {}).get("content", {}).values():
        _exemplify(media)


def _doors(operation: Mapping[str, Any], found: MountedRoute) -> Problems:
    """What goes wrong before the route is asked."""
    doors: Problems = {}
    places = {parameter["in"] for parameter in operation.get("parameters", ())}
    if places & {"path", "query"}:
        doors.setdefault(HTTPStatus.BAD_REQUEST, {})["nul_in_address"] = "NUL in the address"
    if "requestBody" in operation:
        doors.setdefault(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {})["too_large"] = "The body is too large"
        doors.setdefault(BodyCompressed.status, {})[BodyCompressed.code] = BodyCompressed().title
        if JSON in operation["requestBody"]["content"] and not found.path.startswith(WEBHOOKS):
            doors.setdefault(HTTPStatus.BAD_REQUEST, {})["invalid_json"] = "The body is not JSON"
    if found.reads_json:
        doors.setdefault(BodyCompressed.status, {})["unsupported_media_type"] = "Unsupported Media Type"
        doors.setdefault(HTTPStatus.BAD_REQUEST, {})["bad_request"] = "Bad Request"
    if found.reads_json or any(_may_be_wrong(one["schema"]) for one in operation.get("parameters", ())):
        title = "Something in the request is not as it must be"
        doors.setdefault(HTTPStatus.UNPROCESSABLE_ENTITY, {})["invalid_request"] = title
    if not found.path.startswith(UNCOUNTED):
        doors.setdefault(RateExceeded.status, {})[RateExceeded.code] = RateExceeded().title
    return doors


def _may_be_wrong(schema: Mapping[str, Any]) -> bool:
    rules = {name: rule for name, rule in schema.items() if name in ("type", "anyOf")}
    bounds = set(schema) - {"type", "anyOf", "title", "description", "examples", "default"}
    return bool(bounds) or rules not in _PLAIN


def _answers(known: Mapping[str, Any], declared: Iterable[Declared], components: Components) -> dict[str, Any]:
    """Answers that are no problems; what was declared stands for what the return type says."""
    given = {str(answer.status): _answer(answer, components) for one in declared for answer in one.gives}
    own = {status: answer for status, answer in known.items() if status != "422"}
    if given and all("schema" not in media or not media["schema"] for one in own.values() for media in _contents(one)):
        own = {}  # the route makes its answers itself: nothing is known of them but what it declares
    for status, answer in own.items():
        answer["description"] = _DONE.get(int(status), answer["description"])
        for media in _contents(answer):
            _exemplify(media)
    return own | given


def _contents(answer: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = answer.get("content", {})
    return found.values()


def _answer(answer: Reply, components: Components) -> dict[str, Any]:
    made: dict[str, Any] = {"description": answer.says}
    if answer.content:
        made["content"] = {kind: _exemplified(_media(body, components)) for kind, body in answer.content.items()}
    if answer.headers:
        made["headers"] = {
            name: {"description": meaning, "schema": {"type": "string"}} for name, meaning in answer.headers.items()
        }
    return made


def _media(body: Body, components: Components) -> dict[str, Any]:
    if isinstance(body, TextBody):
        return {"schema": {"type": "string"}, "example": body.example}
    if isinstance(body, Bytes):
        return {"schema": {"type": "string", "format": "binary"}}
    return {"schema": components.schema_of(body)}


def _exemplified(media: dict[str, Any]) -> dict[str, Any]:
    _exemplify(media)
    return media


def _exemplify(media: dict[str, Any]) -> None:
    name = str(media.get("schema", {}).get("$ref", "")).removeprefix(_REF) or _optional(media)
    if name in examples.MODELS and "example" not in media:
        media["example"] = examples.MODELS[name]


def _optional(media: Mapping[str, Any]) -> str:
    """The model's name of a body that may be left out."""
    ways = media.get("schema", {}).get("anyOf", [])
    return next((str(way["$ref"]).removeprefix(_REF) for way in ways if "$ref" in way), "")


def _both(said: dict[str, Any], problem: dict[str, Any]) -> dict[str, Any]:
    both = {**said, **problem, "description": f"{said['description']} {problem['description']}"}
    both["content"] = {**said.get("content", {}), **problem["content"]}
    both["headers"] = {**said.get("headers", {}), **problem.get("headers", {})}
    return both
