"""The OpenAPI document: what FastAPI is told about the service as a whole, and what it leaves out of each operation."""

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

Errors are `application/problem+json` (RFC 9457): decide by `code`. Requests that fail with 429, 503 or 507 may be
repeated after `Retry-After`; others not without a change. A fault of ours is a 500 with the code `internal`.

Every answer but those to `/healthz`, `/readyz` and `/metrics` has the headers `RateLimit-Policy` and `RateLimit`.
Wherever GET is, HEAD is too. Ids are opaque. Times are RFC 3339 in UTC, spans are milliseconds.

A listener's report carries a token in its body: `clip_token`, which is `feedback_token` of the clip's description.
"""
TAGS = {
    "jobs": "For the CMS: send an article, see what becomes of it, stop it, withdraw it.",
    "webhooks": "For the CMS: what it calls by itself, signed as it signs.",
    "callbacks": "For the CMS: who hears of results, what was sent, sending it again.",
    "events": "What this service calls publishers with, signed after Standard Webhooks 1.0.0. The same event may come "
    "twice, with the same `webhook-id`, and in any order: `revision` counts up for each clip. Any 2xx within 15 s ends "
    "its eight tries, which go over 27 hours; 429 and 503 with `Retry-After` are waited for; 410 switches the endpoint "
    "off.",
    "clips": "For readers, without a key: the clip, its audio, captions, word times and text.",
    "feeds": "For anybody: a site's clips as podcasts.",
    "listening": "How far clips are listened to, without saying whose ears they are.",
    "feedback": "For readers: a report about what was heard, and what became of it.",
    "reports": "For staff and their tools: what listeners reported.",
    "voices": "The voices there are.",
    "sites": "How a site's articles are spoken, where its pages are, which feeds are read.",
    "lexicon": "How editors want words said.",
    "staff": "For staff and their tools; below /staff a session counts, too.",
    "operation": "For operators: health and counts.",
}
"""In the order in which they are shown."""
_SENTENCE_END = re.compile(r"(?<=[.:?!])\s")
_DONE = {"200": "Done.", "201": "Made.", "202": "Taken: it will be done.", "204": "Done; there is nothing to say."}
_BY_REFERENCE = (Problem, FeedbackForm, FeedbackIn, ListeningIn, SiteOptions, SpeechPolicy)
"""Models that responses and bodies name by `$ref`: FastAPI doesn't know of them."""


def service_facts(settings: Settings) -> dict[str, Any]:
    """What FastAPI's own arguments say of the service."""
    return {
        "title": "Listen to the article",
        "description": DESCRIPTION,
        "contact": {"name": "The operator of this service", "url": settings.base_url},
        "license_info": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        "openapi_tags": [{"name": name, "description": meaning} for name, meaning in TAGS.items()],
        "servers": [{"url": settings.base_url, "description": "This service"}],
    }


def install_document(app: FastAPI, settings: Settings) -> None:
    """Let `app` show the completed document; it is made when it is first asked for."""
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
    below_staff = {"url": public_url(settings, "/staff"), "description": "For staff: a session counts here"}
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
        del responses["422"]  # FastAPI's own form of it, which no route here answers with
    for status, response in responses.items():
        if response["description"] == "Successful Response":
            response["description"] = _DONE[status]
        for media in response.get("content", {}).values():
            media.pop("itemSchema", None)  # OpenAPI 3.2
    operation["responses"] = dict(sorted(responses.items()))


def _share_problems(responses: dict[str, Any], shared: dict[str, Any]) -> None:
    """Most operations answer with the same problems: each set stands in the document once."""
    for status, response in responses.items():
        if set(response.get("content", ())) == {MEDIA_TYPE}:
            codes = response["content"][MEDIA_TYPE]["examples"]
            name = f"{status}_{'_or_'.join(codes)}"
            shared[name] = response
            responses[status] = {"$ref": f"#/components/responses/{name}"}


def _give_session(operation: dict[str, Any], *, changes: bool) -> bool:
    """Whether a session counts here; a change then needs its form token, too."""
    ways = [way for way in operation["security"] if SESSION.scheme_name in way]
    for way in ways if changes else ():
        way[FORM_TOKEN.scheme_name] = []
    return bool(ways)
