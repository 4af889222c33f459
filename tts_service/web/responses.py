"""The `responses` of routes in FastAPI's own format: errors with examples, files, texts, headers.

A route names the errors that it can raise, including those of its dependencies and of the middleware:
`responses=problems(*KEYED, *JSON_BODY, NotFound)`. tests/web/test_declared_errors.py reports what is missing.
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
"""Errors of almost every route."""
READER: tuple[Declared, ...] = (*PUBLIC, errors.GrantNeeded, errors.GrantExpired, errors.GrantRefused)
"""Routes for readers, who may need a grant."""
KEYED: tuple[Declared, ...] = (*PUBLIC, errors.KeyMissing, errors.NotAllowed)
"""Routes that need an API key."""
STAFF: tuple[Declared, ...] = (*KEYED, errors.SignInNeeded)
"""Routes that also accept a staff session, below /staff."""
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
        errors.AddressRefused(
            "10.0.0.7 is not on the public internet. If it is yours, the operator can allow it with TTS_ALLOW_HOSTS"
        ),
        errors.BodyCompressed("Send the body uncompressed: gzip is not supported."),
        errors.BodyUnreadable("The body is nested deeper than 100."),
        errors.CaseChanged(
            "anna@example.org confirmed this case 12 s ago: look at it again.",
            version=2,
            state="confirmed",
            who="anna@example.org",
            what="case.confirmed",
            at_ms=1_773_041_412_500,
        ),
        errors.Conflict("Job job_019b4c5e77f17a42 has already ended: succeeded."),
        errors.EmptyArticle("The article has no text: send it as text, html, markdown or ssml."),
        errors.FeedbackRefused(
            "This token is too old. Send the clip's current feedback_token as clip_token.",
            reason="token",
        ),
        errors.FeedsOff("The site gazette has no feeds."),
        errors.RecordingLength(
            "The recording lasts 0:42, the synthetic version 5:10: is it another article's? If not, say that its "
            "length is right.",
            recording_ms=42_180,
            expected_ms=310_400,
        ),
        errors.RecordingRefused("The recording has nothing but silence: check the microphone and the file."),
        errors.FormatNotKnown("Unknown audio format 'flac'.", known=["mp3", "m4a", "opus", "wav"]),
        errors.GrantExpired("The grant has expired: obtain a new one."),
        errors.GrantNeeded(
            "This article is restricted: request the audio with a grant, which the article's page obtains."
        ),
        errors.GrantRefused(
            "The grant is for another clip, or was issued before the article's visibility changed: obtain a new one."
        ),
        errors.IdempotencyKeyMalformed("An Idempotency-Key must have 1 to 255 characters; this one has 300."),
        errors.IdempotencyKeyReused(
            "This Idempotency-Key was used for a different request, which created job job_019b4c5e77f17a42: send a "
            "new key with each new request.",
            job="job_019b4c5e77f17a42",
        ),
        errors.InputRefused("Say which clip: ?site=…&article=… or ?url=…"),
        errors.InvalidJson("The body can't be read as JSON: Expecting value."),
        errors.InvalidRequest(
            "article.id: Field required", errors=[{"field": "article.id", "message": "Field required"}]
        ),
        errors.KeyMissing("Send an API key: Authorization: Bearer ltk_…"),
        errors.LanguageNotSpoken("No voice speaks 'tlh'. Languages with a voice: de, en, es, fr, it.", language="tlh"),
        errors.MarkupRefused(
            "SSML, line 3, column 8: processing instructions are not allowed.",
            line=3,
            column=8,
            reason="processing instructions are not allowed",
        ),
        errors.NotAllowed("This key lacks the scope jobs:write.", scope="jobs:write"),
        errors.NotFound("There is no clip clip_0."),
        errors.NothingToSpeak("The text has no words to speak: send letters or digits."),
        errors.NulInAddress("URLs here never contain NUL: remove %00."),
        errors.OptionsRefused("title: must be one line that isn't empty."),
        errors.PolicyRefused("blocks.quote.rate: Input should be less than or equal to 2."),
        errors.QuotaExceeded(
            "The site gazette may send 1200 more characters until 2026-12-01T00:00:00Z, of 500000: this text has 8412.",
            limit=500_000,
            used=498_800,
            asked=8_412,
            until="2026-12-01T00:00:00Z",
            retry_after_s=3_600,
        ),
        errors.RateExceeded("At most 3000 requests in 60 s: try again in 12 s.", retry_after_s=12),
        errors.ReportKeyReused("Another report was sent with this sent_key: create a new one for each report."),
        errors.RequestInFlight(
            "A request with this Idempotency-Key is still being processed: repeat it in a second to get its response."
        ),
        errors.RevisionOvertaken("Clip clip_019b4c5e77f27c10 has revision 3 now: hear the sentence there.", revision=3),
        errors.SignInNeeded("Sign in at /staff/sign-in; `tts-service staff link` prints a link that works once."),
        errors.SiteClosed("The site gazette is being erased: nothing is accepted for it until that is finished."),
        errors.TooLarge("The body is longer than 65536 bytes."),
        errors.VoiceBudgetSpent(
            "Remote voices may speak 50000 characters a month for the site gazette, until 2026-12-01T00:00:00Z: raise "
            "the budget, or let another voice speak.",
            limit=50_000,
            until="2026-12-01T00:00:00Z",
            retry_after_s=3_600,
        ),
        errors.VoiceNotFound("Unknown voice 'piper:nobody'. Voices: hibari:heart.", voice="piper:nobody"),
    )
}
"""Examples of errors whose title doesn't say it all."""


class FieldFault(BaseModel):
    """What is wrong with one field."""

    field: str
    message: str


class Problem(BaseModel):
    """An error (RFC 9457). It can have more members with details, such as `known`, `line` or `job`."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="`urn:tts-service:problem:` followed by the code")
    title: str = Field(description="The same for every problem with this code")
    status: int
    detail: str = Field(description="What happened, where, and what to do")
    code: str = Field(description="Stable name of the error, for programs")
    errors: list[FieldFault] = Field(default=[], description="The invalid fields, at most ten")


def problems(*declared: Declared) -> Responses:
    """The responses for these errors, by status, with an example of each code."""
    found: dict[int, dict[str, dict[str, Any]]] = {}
    for error in declared:
        shown = error if isinstance(error, HTTPException) else EXAMPLES.get(error) or error()
        body = problem_body(shown)
        found.setdefault(body["status"], {})[body["code"]] = body
    return {status: _response(status, bodies) for status, bodies in found.items()}


def reply(description: str, content: dict[str, Any] | None = None, /, **headers: str) -> dict[str, Any]:
    """A response that a route builds itself. `headers`: the meaning of each, with `_` for `-` in its name."""
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
        return {"WWW-Authenticate": _header("How to authenticate.", 'Bearer realm="tts-service"')}
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.INSUFFICIENT_STORAGE):
        return {"Retry-After": _header("Seconds to wait before the next attempt.", RETRY_AFTER_S)}
    found = {}
    if "unsupported_media_type" in codes:
        found["Accept"] = _header("Media types that are accepted.", JSON)
    if errors.BodyCompressed.code in codes:
        found["Accept-Encoding"] = _header("Content codings that are accepted.", "identity")
    return found


def _header(meaning: str, example: int | str) -> dict[str, Any]:
    kind = "integer" if isinstance(example, int) else "string"
    return {"description": meaning, "schema": {"type": kind}, "example": example}
