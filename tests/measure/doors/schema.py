"""Requests made from the OpenAPI document, right and wrong ones, against the whole app: nothing breaks, and every
answer is as the document says.

`python -m tests.measure.doors.schema [examples per operation]` prints the rows and each failure. The callers are a
key with every right, somebody signed in, and nobody; each has a database of its own, with something of everything in
it.
"""

from __future__ import annotations

import json
import logging
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import schemathesis
from fastapi import FastAPI
from fastapi.testclient import TestClient
from rich.console import Console
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure
from schemathesis.core.transport import Response
from schemathesis.engine import Status, events, from_schema
from schemathesis.openapi.checks import RejectedPositiveData

from tests.measure.doors.jobs import fresh
from tests.measure.figures import Figure, exact, show
from tests.parts.factories import make_article
from tests.parts.staff import signed
from tests.parts.web_rows import ready_clip
from tts_service.access.keys import SCOPES, create_key
from tts_service.cms.inbox.addresses import add_hook, options_from
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.submit import submit
from tts_service.listeners.reports import ReportDraft, receive
from tts_service.parts import Parts
from tts_service.web.api import jobs as api_jobs
from tts_service.web.api import webhooks as api_webhooks
from tts_service.web.api.case_events import EVENTS_FOR_S
from tts_service.web.app import create_app
from tts_service.web.sound import live
from tts_service.web.staff.session import cookie_name

EXAMPLES = 200
"""Made-up requests per operation and caller, besides the document's examples and those at its rules' edges."""
STEPS = 8
"""Requests in a row, where one answer leads to the next request."""
_OFF = {"enabled": False}
ROUNDS: tuple[dict[str, Any], ...] = (
    # Values out of earlier answers would end the search early: the same request again counts as nothing new.
    {"stateful": _OFF, "fuzzing": {"extra-data-sources": {"responses": False}}},
    {"examples": _OFF, "coverage": _OFF, "fuzzing": _OFF, "stateful": {"max-steps": STEPS}},
)
"""Phases that share a database: rows of requests need one in which nothing was removed before."""
_BY_SCHEMA = ("invalid_request", "invalid_json", "bad_request")
"""Codes of what the document itself forbids."""
_REFUSED = [400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 428, 429]
"""Answers to what the document forbids."""
_NO_ADDRESS = "must be an http(s) address"
"""More than a pattern can say."""
CALLERS = ("key", "session", "nobody")


@schemathesis.serializer("audio/wav", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/flac")
def sound_bytes(_context: Any, value: Any) -> bytes:
    """Whatever was made up, as the bytes of a sound file."""
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.hook
def before_call(_context: Any, case: Any, _options: dict[str, Any]) -> None:
    """End the stream of the queue at once: nothing changes in it, and the client would wait for a minute."""
    query = case.query or {}
    if case.path.endswith("/cases/events") and str(query.get("for_s") or EVENTS_FOR_S).isdecimal():
        case.query = {**query, "for_s": 0}


OF_EACH = 5
"""Things of each kind that are there: some are removed on the way."""


@dataclass(slots=True, kw_only=True)
class Found:
    """What came of one caller's requests."""

    caller: str
    operations: Counter[str] = field(default_factory=Counter)
    """Made-up requests by operation."""
    cases: Counter[str] = field(default_factory=Counter)
    """Requests by phase."""
    failures: dict[str, str] = field(default_factory=dict)
    """By check, operation and kind: what was sent, what came."""
    server_errors: int = 0
    violations: int = 0
    errors: list[str] = field(default_factory=list)
    """What couldn't be tried at all."""


def figures(examples: int = EXAMPLES) -> list[Figure]:
    """The rows of this part."""
    return [row for caller in CALLERS for row in _rows(search(caller, examples=examples))]


def search(caller: str, *, examples: int, seed: int | None = None, rounds: Sequence[dict[str, Any]] = ROUNDS) -> Found:
    """Send requests as one of CALLERS. `seed`: the same ones every time."""
    logging.getLogger("tts_service").setLevel(logging.CRITICAL)
    found = Found(caller=caller)
    for phases in rounds:
        _search(found, {"generation": {"max-examples": examples}, "phases": phases}, seed)
    return found


def _search(found: Found, wanted: dict[str, Any], seed: int | None) -> None:
    with world() as (parts, known):
        app = create_app(parts)
        settings = _settings(parts, found.caller, known)
        settings |= {"phases": wanted["phases"], "generation": settings["generation"] | wanted["generation"]}
        config = SchemathesisConfig.from_dict(settings | ({"seed": seed} if seed is not None else {}))
        schema = schemathesis.openapi.from_dict(_document(app, found.caller), config=config)
        schema.app = app
        schema.hook(filter_failure)
        for event in from_schema(schema).execute():
            if isinstance(event, events.ScenarioFinished):
                _take(found, event)
            elif isinstance(event, events.NonFatalError):
                found.errors.append(f"{event.label}: {event.value}")
            elif isinstance(event, events.FatalError):
                raise RuntimeError("the search broke off") from event.exception


@contextmanager
def world() -> Iterator[tuple[Parts, dict[str, list[str]]]]:
    """Parts with something of everything, and what is there, by the parameter that names it."""
    with (
        fresh(
            "",
            rate_webhooks="",
            rate_login="",
            rate_login_address="",
            rate_login_account="",
            rate_feedback_token="",
            rate_feedback_address="",
            rate_feedback_clip="",
            rate_listening="",
        ) as parts,
        # Nobody works on the jobs here: what waits for them would wait to the end.
        patch.object(api_jobs, "EVENTS_FOR_S", api_jobs.EVENT_POLL_S),
        patch.object(live, "HEAD_WAIT_S", 0.05),
        patch.object(live, "WAIT_S", 0.05),
        # However busy the machine is, a webhook is answered what was found.
        patch.object(api_webhooks, "ANSWER_WITHIN_S", 60.0),
    ):
        yield parts, _fill(parts)


def _fill(parts: Parts) -> dict[str, list[str]]:
    names = [f"{number}" for number in range(1, OF_EACH + 1)]
    clips = [ready_clip(parts, name=name).id for name in names]
    jobs = [submit(parts, make_article(external_id=f"new{name}"), Wish(voice="tone:beep")).job_id for name in names]
    reports = [receive(parts, ReportDraft(clip_id=clips[0], category="other")) for _ in names]
    hooks = [add_hook(parts.database, source, "gazette", options_from({})).id for source in ("ghost", "strapi")]
    key = {"Authorization": f"Bearer {create_key(parts.database, 'maker', SCOPES)}"}
    client = TestClient(create_app(parts), headers=key)

    def made(path: str, body: Any = None) -> str:
        answer = client.post(path, json=body)
        assert answer.is_success, answer.text
        return str(answer.json().get("id"))

    entries = [
        made("/v1/lexicon", {"site": "gazette", "language": "en", "graphemes": [f"Word{name}"], "alias": "x"})
        for name in names
    ]
    endpoints = [made("/v1/callbacks/endpoints", {"url": f"https://cms.example/{name}"}) for name in names]
    deliveries = [made(f"/v1/callbacks/endpoints/{endpoints[0]}/test") for _ in names]
    for name in names:
        made("/v1/sites/gazette/feeds", {"url": f"https://gazette.example/{name}.xml"})
    return {
        "clip_id": clips,
        "job_id": jobs,
        "reference": reports,
        "hook": hooks,
        "source": ["ghost", "strapi"],
        "entry_id": entries,
        "endpoint": endpoints,
        "delivery": deliveries,
        "site": ["gazette", "herald"],
        "external_id": [f"new{name}" for name in names],
        "article": names,
        "url": [f"https://gazette.example/{name}.xml" for name in names],
    }


def _settings(parts: Parts, caller: str, known: dict[str, list[str]]) -> dict[str, Any]:
    """Settings of schemathesis."""
    return {
        **_proofs(parts, caller),
        "base-url": "http://testserver",
        "dictionaries": {name: {"values": values} for name, values in known.items()},
        "parameters": {name: {"dictionary": name, "probability": 0.5} for name in known},
        "generation": {
            "allow-x00": True,
            "with-security-parameters": caller == "nobody",
            "database": "none",
            "no-shrink": True,
        },
        # oEmbed 1.0 wants 501 for formats that aren't made; live audio that nobody has begun yet is waited for.
        "operations": [
            {
                "include-operation-id": name,
                "checks": {"not_a_server_error": {"expected-statuses": ["2xx", "3xx", "4xx", status]}},
            }
            for name, status in (("oembed", 501), ("live_audio", 503))
        ]
        + [
            # A job that was cancelled is still told of.
            {"include-operation-id": ["cancel_job", "show_job"], "checks": {"use_after_free": _OFF}},
            # An article's id may have slashes, and end in /grants: it can be withdrawn there.
            {
                "include-operation-id": "grant_article",
                "checks": {"unsupported_method": _OFF, "allow_header_conformance": _OFF},
            },
        ],
        "checks": {"negative_data_rejection": {"expected-statuses": _REFUSED}},
        "suppress-health-check": ["all"],
        "continue-on-failure": True,
        "request-timeout": 60,
        "max-stream-events": 4,
    }


def _proofs(parts: Parts, caller: str) -> dict[str, Any]:
    """What shows who calls."""
    if caller == "key":
        return {"auth": {"openapi": {"apiKey": {"bearer": create_key(parts.database, "search", SCOPES)}}}}
    if caller == "nobody":
        return {}
    browser = signed(parts)
    return {
        "auth": {
            "openapi": {"staffSession": {"api_key": browser.person.token}, "staffFormToken": {"api_key": browser.token}}
        },
        "headers": {"Origin": browser.headers["Origin"]},
    }


def _document(app: FastAPI, caller: str) -> dict[str, Any]:
    """The document as it holds for a caller: a session counts below /staff, where some of the operations are too."""
    found: dict[str, Any] = json.loads(json.dumps(app.openapi()))
    if caller != "session":
        return found
    found["components"]["securitySchemes"]["staffSession"]["name"] = cookie_name(app.state.parts.settings)
    paths: dict[str, Any] = {}
    for path, item in found["paths"].items():
        for method, operation in item.items():
            below = "staffSession" in {name for way in operation["security"] for name in way}
            operation["security"] = [way for way in operation["security"] if "staffSession" in way]
            paths.setdefault(f"/staff{path}" if below else path, {})[method] = operation
    return found | {"paths": paths}


def _take(found: Found, event: events.ScenarioFinished) -> None:
    if event.recorder.label != "Stateful tests":
        found.operations[event.recorder.label] += len(event.recorder.cases) if event.phase.value == "fuzzing" else 0
    found.cases[event.phase.value] += len(event.recorder.interactions)
    for case_id, checks in event.recorder.checks.items():
        for check in checks:
            if check.status is Status.FAILURE and check.failure_info is not None:
                failure: Failure = check.failure_info.failure
                broken = check.name == "not_a_server_error"
                found.server_errors += broken
                found.violations += not broken
                name = f"{check.name}: {failure.operation}: {failure.title}"
                response = event.recorder.interactions[case_id].response
                came = response.content[:300] if response else b""
                sent = check.failure_info.code_sample
                found.failures.setdefault(name, f"{failure.message[:600]}\n  {sent[:600]}\n  {came!r}")


def filter_failure(context: Any, failure: Failure, case: Any, response: Response) -> bool:
    """False for a request that fits its schema and was refused for what no schema can say: there is no such voice, …

    Told to schemathesis by its name: what is dropped later would still end the search at this operation.
    """
    if not isinstance(failure, RejectedPositiveData):
        return True
    if response.headers.get("content-type", [""])[0].startswith("text/html"):
        return False  # the form again, with what is wrong in it
    problem = response.json()
    return problem["code"] in _BY_SCHEMA and _NO_ADDRESS not in problem["detail"]


def _rows(found: Found) -> list[Figure]:
    sent = sum(found.cases.values())
    note = ", ".join(f"{phase} {count}" for phase, count in found.cases.items())
    asked = f"{found.caller}: requests to {len(found.operations)} operations"
    fewer = sorted(name for name, count in found.operations.items() if count < EXAMPLES)
    failed = "; ".join([*found.failures, *found.errors])[:600]
    return [
        exact(name=asked, value=sent, note=note),
        Figure(
            name=f"{found.caller}: operations with {EXAMPLES} made-up requests and more",
            value=len(found.operations) - len(fewer),
            unit="",
            low=0,
            high=len(found.operations),
            note=f"there are no more different ones of {', '.join(fewer)}"[:600] if fewer else "",
        ),
        _none(f"{found.caller}: server errors", found.server_errors, failed if found.server_errors else ""),
        _none(f"{found.caller}: answers unlike the document", found.violations + len(found.errors), failed),
    ]


def _none(name: str, count: int, note: str) -> Figure:
    return exact(name=name, value=count, target=0, sense="=", note=note)


def main() -> None:
    examples = int(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLES
    console = Console(width=140)
    callers = sys.argv[2:] or CALLERS
    rows: list[Figure] = []
    for caller in callers:
        found = search(caller, examples=examples)
        rows += _rows(found)
        for name, told in found.failures.items():
            console.print(f"{caller}: {name}\n  {told}", markup=False, highlight=False)
        for error in found.errors:
            console.print(f"{caller}: {error}", markup=False, highlight=False)
    show(console, rows, "doors: schema")


if __name__ == "__main__":
    main()
