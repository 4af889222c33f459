"""The document's `webhooks`: what this service calls publishers with (callbacks.news writes it)."""

from __future__ import annotations

from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, Field

from tts_service.web.document.declare import Reply
from tts_service.web.document.examples import EVENTS

_Kind = TypeVar("_Kind", bound=str)
_Data = TypeVar("_Data", bound=BaseModel)
_MEANINGS = {
    "clip.ready": "A revision is what listeners hear now",
    "clip.failed": "A job ended without a clip; an earlier revision is heard as before",
    "clip.withdrawn": "The clip is offline",
    "report.received": "A listener reported something",
    "report.resolved": "Staff corrected what was reported, or rejected the report",
    "callback.test": "You asked for a test",
}
_CONTRACT = (
    "Sent by POST, signed after Standard Webhooks 1.0.0. The same event may come twice, with the same `webhook-id`, "
    "and in any order: `revision` counts up for each clip. Any 2xx within 15 s ends its eight tries, which go over 27 "
    "hours; 429 and 503 with `Retry-After` are waited for; 410 switches the endpoint off."
)
_HEADERS = {
    "webhook-id": ("The event's id, the same at every try", "evt_01HX0000000000000000000001"),
    "webhook-timestamp": ("Seconds since 1970 when this try was signed", "1766500000"),
    "webhook-signature": ("`v1,` and HMAC-SHA256 in base64; one for each secret, with a space between", "v1,c2lnbmVk"),
}
ANSWERS = (
    Reply(status=204, says="Taken; any 2xx will do."),
    Reply(status=410, says="Never again: the endpoint is switched off."),
    Reply(status=429, says="Later: `Retry-After` is waited for, up to an hour."),
    Reply(status=503, says="Later: `Retry-After` is waited for, up to an hour."),
)


class EventArticle(BaseModel):
    """The article, as the CMS knows it."""

    id: str
    url: str | None
    title: str | None


class ClipFacts(BaseModel):
    """What every event about a clip has."""

    site: str
    article: EventArticle
    clip: str
    current_revision: int | None = Field(description="What listeners hear; null: nothing yet")
    url: str = Field(description="The clip's description")
    listen_url: str
    revision: int
    state: str


class ReadyRendition(BaseModel):
    """A finished file."""

    format: str
    media_type: str
    bytes: int
    sha256: str


class ClipReady(ClipFacts):
    """A revision is ready."""

    job: str
    language: str
    voice: str
    duration_ms: int | None
    audio: dict[str, str] = Field(description="Address by format")
    renditions: list[ReadyRendition]


class EventError(BaseModel):
    """Why a job failed."""

    code: str | None
    title: str | None
    detail: str | None


class ClipFailed(ClipFacts):
    """A job failed."""

    job: str
    error: EventError


class ReportFacts(ClipFacts):
    """What a report is about; nothing the listener wrote."""

    report: str
    category: str
    position_ms: int
    sentence: str | None
    token: int | None
    updated_ms: int


class TestFacts(BaseModel):
    """A test."""

    endpoint: str
    site: str | None
    text: str


class EventOut(BaseModel, Generic[_Kind, _Data]):
    """An event: `type`, when it happened, and what it is about. Below 20 kB."""

    type: _Kind
    timestamp: str = Field(description="When it happened, RFC 3339")
    data: _Data


SCHEMAS: dict[str, type[BaseModel]] = {
    "clip.ready": EventOut[Literal["clip.ready"], ClipReady],
    "clip.failed": EventOut[Literal["clip.failed"], ClipFailed],
    "clip.withdrawn": EventOut[Literal["clip.withdrawn"], ClipFacts],
    "report.received": EventOut[Literal["report.received"], ReportFacts],
    "report.resolved": EventOut[Literal["report.resolved"], ReportFacts],
    "callback.test": EventOut[Literal["callback.test"], TestFacts],
}


def webhooks() -> dict[str, Any]:
    """Every event as a path item; their schemas are inline, since nothing else uses them."""
    return {kind: {"post": _operation(kind)} for kind in SCHEMAS}


def _operation(kind: str) -> dict[str, Any]:
    schema = SCHEMAS[kind].model_json_schema(ref_template="#/components/schemas/{model}")
    schema.pop("$defs", None)
    schema["title"] = kind
    parameters = [
        {
            "name": name,
            "in": "header",
            "required": True,
            "description": meaning,
            "schema": {"type": "string"},
            "example": example,
        }
        for name, (meaning, example) in _HEADERS.items()
    ]
    return {
        "operationId": kind.replace(".", "_"),
        "summary": _MEANINGS[kind],
        "tags": ["events"],
        "description": f"{_MEANINGS[kind]}. {_CONTRACT}",
        "security": [{"standardWebhooks": []}],
        "parameters": parameters,
        "requestBody": {
            "required": True,
            "description": "The event.",
            "content": {"application/json": {"schema": schema, "example": EVENTS[kind]}},
        },
        "responses": {str(answer.status): {"description": answer.says} for answer in ANSWERS},
    }


def data_models() -> list[type[BaseModel]]:
    """The models of `data`, for the document's components."""
    return [ClipReady, ClipFailed, ClipFacts, ReportFacts, TestFacts]
