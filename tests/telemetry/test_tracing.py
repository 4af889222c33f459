"""Traces: from the request over the job's turn to the engine, and never with a secret. Off, nothing is imported."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.parts.factories import make_article, make_parts
from tests.web.test_jobs import keyed
from tts_service.engines.child.speak import EngineChild
from tts_service.jobs.about_job import about_job
from tts_service.jobs.slices import run_slice
from tts_service.jobs.turns import claim_next
from tts_service.parts import Parts
from tts_service.telemetry import tracing
from tts_service.web.app import create_app

CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
"""traceparent of a CMS that is traced itself."""


@pytest.fixture
def exporter() -> Any:
    pytest.importorskip("opentelemetry.exporter.otlp.proto.http", reason="the extra `tracing` isn't installed")
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    return InMemorySpanExporter()


@pytest.fixture
def traced_parts(tmp_path: Path, exporter: Any) -> Iterator[Parts]:
    parts = make_parts(tmp_path, traces_url="http://127.0.0.1:9/v1/traces")
    tracing.start_tracing(parts.settings, "api", exporter)
    yield parts
    tracing.stop_tracing()
    parts.close()


def spans(exporter: Any) -> dict[str, Any]:
    """The finished spans by name; the last of those with the same name."""
    tracing._provider.force_flush()
    return {span.name: span for span in exporter.get_finished_spans()}


def test_one_trace_leads_from_the_request_to_the_engine(
    traced_parts: Parts, exporter: Any, engine: EngineChild
) -> None:
    body = {"article": {"site": "gazette", "id": "42", "title": "T", "text": "One sentence.", "language": "en"}}
    with TestClient(create_app(traced_parts)) as client:
        headers = {**keyed(traced_parts), "traceparent": CALLER}
        assert client.post("/v1/jobs", json=body | {"voice": "tone:beep"}, headers=headers).status_code == 202
        lease = claim_next(traced_parts, "normal", "worker|1|1")
        assert lease is not None
        with about_job(traced_parts, lease):
            run_slice(traced_parts, engine, lease)
        found = spans(exporter)
    by_id = {span.context.span_id: span.name for span in found.values()}
    way, at = [], found["engine"]
    while at is not None:
        way.append(at.name)
        at = found.get(by_id.get(at.parent.span_id, "")) if at.parent else None
    assert way == ["engine", "speak", "turn", "submit", "POST /v1/jobs"]
    assert {f"{span.context.trace_id:032x}" for span in found.values()} == {CALLER.split("-")[1]}
    told = dict(found["turn"].attributes)
    assert (told["tts.job"], told["tts.site"], told["tts.article"]) == (lease.job_id, "gazette", "42")


def test_no_span_has_what_is_as_good_as_a_key(traced_parts: Parts, exporter: Any) -> None:
    with TestClient(create_app(traced_parts)) as client:
        client.get("/v1/clips/clip_1?grant=SECRET")
        client.get("/staff/invitation?token=SECRET")
        client.get("/no-such-path/SECRET")
        client.get("/healthz")
        found = spans(exporter)
    assert found
    assert [span.name for span in found.values() if "SECRET" in span.to_json() or "health" in span.name] == []


def test_what_is_not_traced_stores_nothing_with_its_job(parts: Parts) -> None:
    from tts_service.jobs.acceptable import Wish
    from tts_service.jobs.submit import submit

    submit(parts, make_article(), Wish())
    assert tracing.current_traceparent() is None


def test_without_the_setting_nothing_that_traces_is_imported() -> None:
    """redis imports the SDK's metrics where they are installed."""
    look = (
        "import sys, workers.tasks, tts_service.web.app; "
        "print([n for n in sys.modules if n.startswith(('opentelemetry.sdk.trace', 'opentelemetry.exporter'))])"
    )
    got = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert got.stdout.strip() == "[]"
