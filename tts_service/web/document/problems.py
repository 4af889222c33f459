"""Which problems an operation may answer, as OpenAPI responses: what was declared, and what the doors say."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from tts_service.errors import ServiceError
from tts_service.web.document.declare import Declared
from tts_service.web.document.examples import PROBLEMS
from tts_service.web.problems import JSON, MEDIA_TYPE, RETRY_AFTER_S

Problems = dict[int, dict[str, str]]
"""By status: title by code."""
REF = "#/components/schemas/Problem"
_RETRIED = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.INSUFFICIENT_STORAGE)


class FieldFault(BaseModel):
    """What is wrong with one field."""

    field: str
    message: str


class Problem(BaseModel):
    """An error (RFC 9457). More members may follow: what exactly was meant, such as `known`, `line`, `job`."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="`urn:tts-service:problem:` and the code")
    title: str = Field(description="The same for every problem of this code")
    status: int
    detail: str = Field(description="What happened, where, and what to do about it")
    code: str = Field(description="What a program decides by")
    errors: list[FieldFault] = Field(default=[], description="The fields at fault, at most ten")


def problems_of(declared: Iterable[Declared], doors: Problems) -> Problems:
    """Everything that may go wrong: at these functions, and at the doors."""
    found: Problems = {status: dict(codes) for status, codes in doors.items()}
    said = list(declared)
    spared = {error for one in said for error in one.spares}
    for one in said:
        for error in (error for error in one.raises if error not in spared):
            found.setdefault(error.status, {})[error.code] = error().title
        for status, code, title in one.problems:
            found.setdefault(status, {})[code] = title
    return found


def response_of(status: int, codes: dict[str, str]) -> dict[str, Any]:
    """The response object for all problems of one status."""
    lines = [f"`{code}`: {title}." for code, title in sorted(codes.items())]
    examples = {
        code: {"summary": title, "value": example_of(status, code, title)} for code, title in sorted(codes.items())
    }
    narrowed = {"status": {"const": status}, "code": {"enum": sorted(codes)}}
    schema = {"allOf": [{"$ref": REF}, {"properties": narrowed}]}
    response: dict[str, Any] = {
        "description": " ".join(lines),
        "content": {MEDIA_TYPE: {"schema": schema, "examples": examples}},
    }
    if status in _RETRIED:
        response["headers"] = {"Retry-After": _header("Seconds to wait before the next try.", RETRY_AFTER_S)}
    if status == HTTPStatus.UNSUPPORTED_MEDIA_TYPE:
        taken = {
            "unsupported_media_type": ("Accept", "Media types that are taken.", JSON),
            "body_compressed": ("Accept-Encoding", "Content codings that are taken.", "identity"),
        }
        said = [taken[code] for code in codes if code in taken]
        response["headers"] = {name: _header(meaning, example) for name, meaning, example in said}
    if status == HTTPStatus.UNAUTHORIZED:
        response["headers"] = {"WWW-Authenticate": _header("How to say who you are.", 'Bearer realm="tts-service"')}
    return response


def example_of(status: int, code: str, title: str) -> dict[str, Any]:
    """A problem of this code as it may come."""
    return {
        "type": f"urn:tts-service:problem:{code}",
        "title": title,
        "status": status,
        "code": code,
        **({"detail": title} | PROBLEMS.get(code, {})),
    }


def all_errors() -> list[type[ServiceError]]:
    """Every kind of error there is."""

    def below(error: type[ServiceError]) -> list[type[ServiceError]]:
        return [error, *(found for one in error.__subclasses__() for found in below(one))]

    return below(ServiceError)


def _header(meaning: str, example: int | str) -> dict[str, Any]:
    kind = "integer" if isinstance(example, int) else "string"
    return {"description": meaning, "schema": {"type": kind}, "example": example}
