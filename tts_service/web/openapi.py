"""The OpenAPI document: facts about the whole service, and what FastAPI leaves out of each operation."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from fastapi import FastAPI
from pydantic import TypeAdapter

from tts_service.public_addresses import public_url
from tts_service.settings import Settings
from tts_service.values.site_options import SiteOptions
from tts_service.values.speech_policy import SpeechPolicy
from tts_service.web.problems import MEDIA_TYPE
from tts_service.web.responses import Problem
from tts_service.web.schemas.listening import ListeningIn
from tts_service.web.schemas.reports import FeedbackForm, FeedbackIn
from tts_service.web.security import FORM_TOKEN, SESSION, SIGNATURES
from tts_service.web.staff.session import cookie_name

DESCRIPTION = """\
Turns published articles into audio clips, and listeners' reports into corrections.

Errors are `application/problem+json` (RFC 9457); programs should rely on `code`. Repeat requests that fail with 429,
503 or 507 after `Retry-After`; change others before you repeat them. An error in this service is a 500 with the code
`internal`.

All responses except those of `/healthz`, `/readyz` and `/metrics` have the headers `RateLimit-Policy` and `RateLimit`.
`HEAD` works wherever `GET` does. Ids are opaque. Times are RFC 3339 in UTC, durations are in milliseconds.

A listener's report contains a token, `clip_token`: the `feedback_token` from the clip's description.
"""
TAGS = {
    "jobs": "For the CMS: send an article, follow its job, cancel it, withdraw the article.",
    "webhooks": "For the CMS: receives its own webhooks, with its own signatures.",
    "callbacks": "For the CMS: endpoints for results, their deliveries, replay.",
    "events": "Callbacks that this service sends to publishers, signed according to Standard Webhooks 1.0.0. The same "
    "event can arrive twice, with the same `webhook-id`. Order is not guaranteed: `revision` increases with each "
    "revision of a clip. Any 2xx within 15 s acknowledges an event; otherwise there are up to eight attempts over 27 "
    "hours. 429 and 503 with `Retry-After` are respected; 410 turns the endpoint off.",
    "clips": "For readers, without a key: clips with their audio, captions, word times and text.",
    "feeds": "For everyone: a site's clips as podcasts.",
    "listening": "Anonymous statistics of how far clips are listened to.",
    "feedback": "For readers: send a report about a clip, see its state.",
    "reports": "For staff and their tools: reports from listeners.",
    "cases": "For staff and their tools: what reports are about, gathered, to be decided together.",
    "voices": "The installed voices.",
    "speech": "For programs that know OpenAI's API: any text, spoken at once.",
    "sites": "A site's speech policy, options, origins, and the feeds that are read to find its articles.",
    "lexicon": "Pronunciations set by editors.",
    "corrections": "For staff and their tools: accepted corrections, what became of their clips, taking them back.",
    "staff": "For staff and their tools.",
    "operation": "For operators: health and metrics.",
}
"""In the order in which they are shown."""
_SENTENCE_END = re.compile(r"(?<=[.:?!])\s")
_DONE = {"200": "Success.", "201": "Created.", "202": "Accepted for processing.", "204": "Success, without content."}
_BY_REFERENCE = (Problem, FeedbackForm, FeedbackIn, ListeningIn, SiteOptions, SpeechPolicy)
"""Models that responses and bodies reference by `$ref`, unknown to FastAPI."""


def service_facts(settings: Settings) -> dict[str, Any]:
    """Arguments of FastAPI that describe the service."""
    return {
        "title": "Listen to the article",
        "description": DESCRIPTION,
        "contact": {"name": "The operator of this service", "url": settings.base_url},
        "license_info": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        "openapi_tags": [{"name": name, "description": meaning} for name, meaning in TAGS.items()],
        "servers": [{"url": settings.base_url, "description": "This service"}],
    }


def install_document(app: FastAPI, settings: Settings) -> None:
    """Let `app` return the completed document, which is made at the first request."""
    generate = app.openapi

    @lru_cache(maxsize=1)
    def completed() -> dict[str, Any]:
        document = generate()
        _complete(document, settings)
        return document

    app.openapi = completed  # type: ignore[method-assign]  # as FastAPI's documentation extends it


def _complete(document: dict[str, Any], settings: Settings) -> None:
    components = document["components"]
    for model in _BY_REFERENCE:
        schema = TypeAdapter[Any](model).json_schema(ref_template="#/components/schemas/{model}")
        components["schemas"] |= schema.pop("$defs", {}) | {model.__name__: schema}
    for unused in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(unused, None)
    schemes = components["securitySchemes"]
    schemes[SESSION.scheme_name]["name"] = cookie_name(settings)
    for scheme in (FORM_TOKEN, *SIGNATURES):
        schemes[scheme.scheme_name] = scheme.model.model_dump(mode="json", by_alias=True, exclude_none=True)
    below_staff = {"url": public_url(settings, "/staff"), "description": "For staff: accepts sessions"}
    for item in (*document["paths"].values(), *document["webhooks"].values()):
        for method, operation in item.items():
            _complete_operation(operation)
            _share_problems(operation["responses"], components.setdefault("responses", {}))
            if _give_session(operation, changes=method != "get"):
                operation["servers"] = [*document["servers"], below_staff]


def _complete_operation(operation: dict[str, Any]) -> None:
    told = " ".join(operation["description"].split())
    operation["summary"] = _SENTENCE_END.split(told, maxsplit=1)[0].rstrip(".:")
    operation.setdefault("security", []).sort(key=lambda way: SESSION.scheme_name in way)
    responses = operation["responses"]
    if responses.get("422", {}).get("description") == "Validation Error":
        del responses["422"]  # FastAPI's own format, which no route here uses
    for status, response in responses.items():
        if response["description"] == "Successful Response":
            response["description"] = _DONE[status]
        for media in response.get("content", {}).values():
            media.pop("itemSchema", None)  # OpenAPI 3.2
    operation["responses"] = dict(sorted(responses.items()))


def _share_problems(responses: dict[str, Any], shared: dict[str, Any]) -> None:
    """Put each set of problems into the document once: most operations share theirs."""
    for status, response in responses.items():
        if set(response.get("content", ())) == {MEDIA_TYPE}:
            codes = response["content"][MEDIA_TYPE]["examples"]
            name = f"{status}_{'_or_'.join(codes)}"
            shared[name] = response
            responses[status] = {"$ref": f"#/components/responses/{name}"}


def _give_session(operation: dict[str, Any], *, changes: bool) -> bool:
    """Whether the operation accepts a session; changes then also need its form token."""
    ways = [way for way in operation["security"] if SESSION.scheme_name in way]
    for way in ways if changes else ():
        way[FORM_TOKEN.scheme_name] = []
    return bool(ways)
