"""A whole service whose traces go to a real receiver and whose logs are JSON, over the death of a worker."""

from __future__ import annotations

import json
import os
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.parts.otlp_receiver import Receiver, receiving
from tests.parts.service import Running, running, until

pytest.importorskip("opentelemetry.exporter.otlp.proto.http", reason="the extra `tracing` isn't installed")
pytestmark = pytest.mark.slow

TRACE = "0af7651916cd43dd8448eb211c80319c"
CALLER = f"00-{TRACE}-b7ad6b7169203331-01"
"""traceparent of a CMS that is traced itself."""
SENTENCES = " ".join(f"Sentence number {number} is about the harbour and its ships." for number in range(120))
"""So many that the worker dies in their midst."""
MAIL = "listener@home.example"
GRANT = "secret-in-a-grant"
SILENT, NOTHING = "silent", "<figure><img src='x.jpg'><figcaption>Photo: a bridge.</figcaption></figure>"
"""Id and text of an article that fails, as nothing of it is read."""


@pytest.fixture(scope="module")
def collector() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, collector: Receiver) -> Iterator[Running]:
    """One that has done something of everything, with a worker that died meanwhile."""
    data = tmp_path_factory.mktemp("telemetry") / "data"
    oddities = {"log_format": "json", "traces_url": collector.url, "worker_slots": 1, "lease_s": 6, "sweep_s": 1}
    with running(data, warm_voices="", **oddities) as found:
        with found.client() as client:
            article = {"site": "gazette", "id": "42", "title": "T", "text": SENTENCES, "language": "en"}
            wish = {"article": article, "voice": "pyttsx3:en"}
            job = client.post("/v1/jobs", json=wish, headers={"traceparent": CALLER}).json()["id"]
            until(lambda: client.get(f"/v1/jobs/{job}").json()["progress"]["done"] >= 2, 60, "two sentences")
            [slot] = [pid for pid in found.pids("celery", "worker", "breaking") if _is_slot(found, pid)][:1]
            os.kill(slot, signal.SIGKILL)
            assert found.ended(job)["state"] == "succeeded"
            other = {"site": "gazette", "id": SILENT, "html": NOTHING, "language": "en"}
            assert found.ended(found.post(other, voice="pyttsx3:en")["id"])["state"] == "failed"
            clip = client.get(f"/v1/jobs/{job}").json()["clip"]["id"]
            token = client.get(f"/v1/clips/{clip}").json()["feedback_token"]
            report = {"clip_id": clip, "category": "other", "comment": "x", "email": MAIL, "token": token}
            client.post("/v1/feedback", json=report)
            client.get(f"/v1/clips/{clip}?grant={GRANT}")
            collector.wait_for("POST /v1/jobs", "submit", "turn", "prepare", "speak", "engine", "finish", "publish")
        yield found


def _is_slot(service: Running, pid: int) -> bool:
    """A slot is the child of a worker's main process."""
    parent = int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    return parent in service.pids("celery", "worker", "breaking")


def test_one_trace_leads_from_the_request_over_a_workers_death_to_the_engine(
    service: Running, collector: Receiver
) -> None:
    mine = [one for one in collector.spans if one.trace == TRACE]
    by_id = {one.id: one for one in mine}
    ways = Counter()
    for span in (one for one in mine if one.name == "engine"):
        way = [span]
        while way[-1].parent in by_id:
            way.append(by_id[way[-1].parent])
        ways[" < ".join(one.name for one in way)] += 1
    assert "engine < speak < turn < submit < POST /v1/jobs" in ways, ways
    assert {one.part for one in mine} >= {"api", "worker"}
    assert {one.attributes.get("tts.article") for one in mine if one.name == "turn"} == {"42"}
    assert [one.name for one in mine if one.name == "submit"] == ["submit"]


def test_no_span_has_a_secret_or_a_listeners_address(service: Running, collector: Receiver) -> None:
    told = "".join(one.raw for one in collector.spans)
    assert [word for word in (MAIL, GRANT, service.key) if word in told] == []


def test_every_line_of_every_process_is_json_with_job_and_article(service: Running) -> None:
    lines = list(_lines(service))
    told_by = {name for name, _ in lines}  # of the death: the worker's main process or beat, whoever notices first
    assert told_by >= {"worker.log"}
    assert [(name, line) for name, line in lines if not _read(line)] == []
    about = [(name, found) for name, line in lines if (found := _read(line)).get("job")]
    assert {name for name, _ in about} >= {"worker.log"}
    in_workers = [one for name, one in about if name == "worker.log"]
    assert ("gazette", SILENT) in {(one["site"], one["article"]) for one in in_workers}


def test_no_line_has_a_secret_or_a_listeners_address(service: Running) -> None:
    told = "".join(line for _, line in _lines(service))
    assert [word for word in (MAIL, GRANT, service.key) if word in told] == []


def _lines(service: Running) -> Iterator[tuple[str, str]]:
    for path in sorted((service.data / "logs").glob("*.log")):
        if not path.name.startswith("valkey"):
            yield from ((path.name, line) for line in path.read_text("utf-8").splitlines() if line)


def _read(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) and {"time", "level", "logger", "message"} <= set(found) else {}
