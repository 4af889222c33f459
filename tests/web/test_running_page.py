"""The page Running and GET /v1/running: what operators read first, and what each site's staff may see of it."""

from __future__ import annotations

import json
from gettext import NullTranslations
from typing import Any

import pytest
from fastapi.testclient import TestClient
from selectolax.lexbor import LexborHTMLParser
from typer.testing import CliRunner

from tests.parts.running import ALL_PARTS, Service
from tests.parts.staff import signed
from tests.web.test_jobs import keyed
from tts_service.callbacks.figures import EndpointFigures
from tts_service.commands import status as status_command
from tts_service.commands.app import app
from tts_service.jobs.current_jobs import FailedJob
from tts_service.jobs.figures import QueueFigures
from tts_service.jobs.store_owner import OTHER_OWNER
from tts_service.monitoring import parts_check
from tts_service.monitoring.outages import SECTIONS, PartDown, beat_down
from tts_service.monitoring.troubles import beat_and_workers, disabled_endpoints, many_failures, slow_database
from tts_service.parts import Parts
from tts_service.retention.ownership import UNKNOWN_OBJECTS
from tts_service.web.pages.refusals import translated

ENDPOINT = EndpointFigures(
    id="cbk_1",
    site=None,
    host="cms.example",
    waiting=0,
    oldest_due_ms=None,
    failures=9,
    paused_until_ms=None,
    disabled_reason="5 days of failures.",
)
FAILED = FailedJob(id="job_1", site="gazette", article_id="art_1", external_id="1", title="T", failed_ms=0, error={})


def queue(*, due_ms: int, running: int) -> QueueFigures:
    return QueueFigures(queue="normal", waiting=1, oldest_due_ms=due_ms, running=running, taken_ms=0)


@pytest.fixture
def service(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> Service:
    monkeypatch.setattr(parts_check, "broker_down", lambda _: None)
    made = Service(parts=parts)
    made.begin(*ALL_PARTS)
    return made


def shown(client: TestClient, parts: Parts, name: str = "anna@example.org", **person: Any) -> Any:
    headers = signed(parts, name, **person).headers | {"Accept": "text/html"}
    answer = client.get("/staff/running", headers=headers)
    assert answer.status_code == 200
    return LexborHTMLParser(answer.text)


def text_of(page: Any, selector: str) -> str:
    return " ".join(" ".join(one.text() for one in page.css(selector)).split())


def test_all_well_is_said_in_the_first_line(client: TestClient, parts: Parts, service: Service) -> None:
    page = shown(client, parts)
    assert text_of(page, "#told") == "Everything works."
    assert page.css(".down") == []


def test_what_is_down_comes_first_with_what_to_do_and_where_to_read_more(
    client: TestClient, parts: Parts, service: Service
) -> None:
    service.end("worker")
    service.silent("beat", 90)
    page = shown(client, parts)
    assert text_of(page, "#told") == "2 things need attention: beat, workers"
    assert "start tts-service worker" in text_of(page, ".down")
    assert "docs/operations.md#workers" in text_of(page, ".down")


def test_a_failed_article_is_tried_again_from_here(client: TestClient, parts: Parts, service: Service) -> None:
    service.failed("1", 60)
    page = shown(client, parts)
    assert "crashed 3 times" in text_of(page, "#failed")
    [form] = page.css("#failed form")
    fields = {one.attributes["name"]: one.attributes["value"] for one in form.css("input")}
    answer = client.post(form.attributes["action"], data=fields, headers=signed(parts).headers)
    assert answer.status_code == 403  # another session's form
    who = signed(parts)
    answer = client.post(form.attributes["action"], data=fields | {"form_token": who.token}, headers=who.headers)
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/running")
    assert text_of(shown(client, parts), "#failed") == ""


def test_editors_see_their_sites_and_nothing_of_the_installation(
    client: TestClient, parts: Parts, service: Service
) -> None:
    for site in ("gazette", "herald"):
        service.failed(f"{site}1", 60, site)
        service.due(f"due-{site}", 5, site)
    page = shown(client, parts, "editor@example.org", role="staff", sites=["gazette"])
    told = text_of(page, "main")
    assert "gazette" in told
    assert "herald" not in told
    assert page.css("#processes, #h-kept, #h-engines") == []


def test_what_strangers_wrote_is_escaped(client: TestClient, parts: Parts, service: Service) -> None:
    service.endpoint("cms.example", "<script>alert(1)</script>")
    page = shown(client, parts)
    assert "<script>alert(1)</script>" in text_of(page, "#endpoints")
    assert [one.attributes["src"] for one in page.css("script")] == ["/static/desk/running.js"]


def test_the_api_says_the_same(client: TestClient, parts: Parts, service: Service) -> None:
    service.end("worker")
    service.failed("1", 60)
    found = client.get("/v1/running", headers=keyed(parts)).json()
    assert [one["part"] for one in found["down"]] == ["workers"]
    assert (found["failed"][0]["article"], found["failed"][0]["code"]) == ("1", "unspeakable_text")
    assert found["storage"]["free_mb"] > 0
    assert {one["part"] for one in found["processes"]} == {"api", "beat", "callbacks"}


def test_the_shell_says_it_too_and_its_exit_code(
    parts: Parts, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status_command, "built", lambda: parts)
    run = CliRunner().invoke
    assert run(app, ["status"]).exit_code == 0
    service.end("worker")
    told = run(app, ["status"])
    assert told.exit_code == 1
    assert "No worker is running" in told.output
    assert json.loads(run(app, ["status", "--json"]).output)["down"][0]["part"] == "workers"


def test_each_message_can_be_translated(parts: Parts) -> None:
    """One that the catalogues don't know would stand in English on a German page."""
    english = NullTranslations()
    told = [
        *(one for one in (beat_down(None, 0), beat_down(1, 90_001), slow_database(1500)) if one),
        *beat_and_workers(None, set(), [], 0),
        *beat_and_workers(0, {"worker"}, [queue(due_ms=0, running=0)], 900_000),
        *beat_and_workers(0, {"worker"}, [queue(due_ms=0, running=1)], 900_000),
        *disabled_endpoints([ENDPOINT]),
        many_failures([FAILED] * 5, 0),
        PartDown(part="store", message=UNKNOWN_OBJECTS),
        PartDown(part="store", message=OTHER_OWNER),
    ]
    assert len({one.message for one in told if one}) == 12
    assert [one.message for one in told if one and translated(one.message, english) is None] == []
    assert {one.part for one in told if one} <= set(SECTIONS)
