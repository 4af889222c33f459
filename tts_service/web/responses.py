"""The `responses` of routes in FastAPI's own form: errors with an example each, files, texts, headers.

A route names the errors that it can raise, those of its dependencies and of the middleware included:
`responses=problems(*KEYED, *JSON_BODY, NotFound)`. tests/web/test_declared_errors.py finds what is missing.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from tts_service import errors
from tts_service.errors import ServiceError
from tts_service.web.problems import JSON, MEDIA_TYPE, RETRY_AFTER_S, problem_body

Responses = dict[int | str, dict[str, Any]]
Declared = type[ServiceError] | HTTPException

MEDIA_TYPE_REFUSED = HTTPException(415, "Send application/json or application/x-www-form-urlencoded.")
BODY_UNDECODABLE = HTTPException(400, "The body can't be read: send JSON in UTF-8.")

PUBLIC: tuple[Declared, ...] = (errors.NulInAddress, errors.RateExceeded, errors.DatabaseUnavailable)
"""What almost every route can answer."""
READER: tuple[Declared, ...] = (*PUBLIC, errors.GrantNeeded, errors.GrantExpired, errors.GrantRefused)
"""Routes for readers, who may need a grant."""
KEYED: tuple[Declared, ...] = (*PUBLIC, errors.KeyMissing, errors.NotAllowed)
"""Routes that need an API key."""
STAFF: tuple[Declared, ...] = (*KEYED, errors.SignInNeeded)
"""Routes that take a staff session as well, below /staff."""
ANY_BODY: tuple[Declared, ...] = (errors.TooLarge, errors.BodyCompressed)
"""Routes with a body."""
JSON_BODY: tuple[Declared, ...] = (
    *ANY_BODY,
    errors.InvalidJson,
    errors.InvalidRequest,
    BODY_UNDECODABLE,
    MEDIA_TYPE_REFUSED,
)
"""Routes whose JSON body FastAPI reads."""

EXAMPLES: dict[type[ServiceError], ServiceError] = {
    type(error): error
    for error in (
        errors.AddressRefused("https://10.0.0.7/audio leads to 10.0.0.7, which is never called from here."),
        errors.BodyCompressed("Send the body without Content-Encoding: it is taken as it was signed."),
        errors.BodyUnreadable("The body is nested deeper than 100 levels."),
        errors.Conflict("Job job_019b4c5e77f17a42 has ended already: succeeded."),
        errors.EmptyArticle("The article has no text: send it as text, html, markdown or ssml."),
        errors.FeedbackRefused(
            "This token is too old. Take feedback_token from the clip's description and send it as clip_token.",
            reason="token",
        ),
        errors.FeedsOff("The site gazette has no feeds."),
        errors.FormatNotKnown("There is no audio format 'wav'.", known=["mp3", "m4a", "opus"]),
        errors.GrantExpired("This grant has expired: ask for another one."),
        errors.GrantNeeded("This is for subscribers: ask for a grant by POST /v1/clips/{clip_id}/grants."),
        errors.GrantRefused("This grant is of another clip."),
        errors.IdempotencyKeyMalformed("An Idempotency-Key has 1 to 255 visible ASCII characters."),
        errors.IdempotencyKeyReused(
            "This Idempotency-Key came with another request: use a new one.", job="job_019b4c5e77f17a42"
        ),
        errors.InputRefused("Say which: ?site=…&article=… or ?url=…"),
        errors.InvalidJson("The body can't be read as JSON: Expecting value."),
        errors.InvalidRequest(
            "article.id: Field required", errors=[{"field": "article.id", "message": "Field required"}]
        ),
        errors.KeyMissing("Send an API key: Authorization: Bearer ltk_…"),
        errors.LanguageNotSpoken("No voice speaks 'tlh'."),
        errors.MarkupRefused(
            "Line 3, column 8: <audio> is not taken.", line=3, column=8, reason="<audio> is not taken"
        ),
        errors.NotAllowed("This key lacks the right jobs:write.", scope="jobs:write"),
        errors.NotFound("There is no clip clip_0."),
        errors.NulInAddress("No address here has a NUL."),
        errors.OptionsRefused("title: String should match the pattern."),
        errors.PolicyRefused("blocks.quote.rate: Input should be less than or equal to 2."),
        errors.RateExceeded("At most 3000 in 60 s: try again in 12 s.", retry_after_s=12),
        errors.ReportKeyReused("This sent_key came with another report: draw a new one."),
        errors.RequestInFlight("The same Idempotency-Key is being worked on: repeat the request in a second."),
        errors.SignInNeeded("Sign in at /staff/sign-in; `tts-service staff link` prints a link that works once."),
        errors.TooLarge("The body is longer than 65536 bytes."),
        errors.VoiceNotFound("There is no voice 'piper:nobody'."),
    )
}
"""Of the others, the title says it all."""


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


def problems(*declared: Declared) -> Responses:
    """The responses for these errors, by status, with an example of each code."""
    found: dict[int, dict[str, dict[str, Any]]] = {}
    for error in declared:
        shown = error if isinstance(error, HTTPException) else EXAMPLES.get(error) or error()
        body = problem_body(shown)
        found.setdefault(body["status"], {})[body["code"]] = body
    return {status: _response(status, bodies) for status, bodies in found.items()}


def reply(description: str, content: dict[str, Any] | None = None, /, **headers: str) -> dict[str, Any]:
    """A response that a route builds itself. `headers`: what each of them says, with `_` for `-` in its name."""
    shown = {
        name.replace("_", "-"): {"description": meaning, "schema": {"type": "string"}}
        for name, meaning in headers.items()
    }
    return {"description": description, "content": content or {}, "headers": shown}


def body(content: dict[str, Any]) -> dict[str, Any]:
    """The `openapi_extra` of a route that reads its body itself."""
    return {"requestBody": {"required": True, "content": content}}


def text(media_type: str, example: str) -> dict[str, Any]:
    """The `content` of a text."""
    return {media_type: {"schema": {"type": "string"}, "example": example}}


def binary(*media_types: str) -> dict[str, Any]:
    """The `content` of bytes."""
    return {media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in media_types}


def by_name(model: str, *media_types: str) -> dict[str, Any]:
    """The `content` of JSON whose model openapi.py knows."""
    return {media_type: {"schema": {"$ref": f"#/components/schemas/{model}"}} for media_type in media_types}


def _response(status: int, bodies: dict[str, dict[str, Any]]) -> dict[str, Any]:
    codes = sorted(bodies)
    narrowed = {"status": {"const": status}, "code": {"enum": codes}}
    return {
        "description": " ".join(f"`{code}`: {bodies[code]['title']}." for code in codes),
        "content": {
            MEDIA_TYPE: {
                "schema": {"allOf": [{"$ref": "#/components/schemas/Problem"}, {"properties": narrowed}]},
                "examples": {code: {"summary": bodies[code]["title"], "value": bodies[code]} for code in codes},
            }
        },
        "headers": _headers(status, codes),
    }


def _headers(status: int, codes: list[str]) -> dict[str, Any]:
    if status == HTTPStatus.UNAUTHORIZED:
        return {"WWW-Authenticate": _header("How to say who you are.", 'Bearer realm="tts-service"')}
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.INSUFFICIENT_STORAGE):
        return {"Retry-After": _header("Seconds to wait before the next try.", RETRY_AFTER_S)}
    found = {}
    if "unsupported_media_type" in codes:
        found["Accept"] = _header("Media types that are taken.", JSON)
    if errors.BodyCompressed.code in codes:
        found["Accept-Encoding"] = _header("Content codings that are taken.", "identity")
    return found


def _header(meaning: str, example: int | str) -> dict[str, Any]:
    kind = "integer" if isinstance(example, int) else "string"
    return {"description": meaning, "schema": {"type": kind}, "example": example}
