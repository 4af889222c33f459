"""/readyz, and what staff see, name the part that is down."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text, update

from tests.parts.factories import make_article, make_parts
from tts_service.db.migrate import upgrade
from tts_service.db.tables import JobRow
from tts_service.errors import Conflict
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.submit import submit
from tts_service.jobs.turns import claim_next
from tts_service.monitoring import outages
from tts_service.monitoring.outages import OutageCheck, parts_down
from tts_service.monitoring.reporting import Reporter
from tts_service.parts import Parts


def down(parts: Parts) -> dict[str, str]:
    return {one.part: one.message for one in parts_down(parts.database, parts.settings)}


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """It responds."""
    monkeypatch.setattr(outages, "broker_down", lambda _: None)


@pytest.fixture
def beat(parts: Parts) -> None:
    Reporter(lambda: parts.database, "beat", "beat").report()


def due_since(parts: Parts, seconds: int) -> None:
    submit(parts, make_article(), Wish())
    with parts.database.writing() as session:
        session.execute(update(JobRow).values(due_ms=parts.database.now_ms(session) - seconds * 1000))


@pytest.mark.usefixtures("broker", "beat")
class TestWorkers:
    def test_a_job_that_nobody_takes_is_noticed(self, parts: Parts) -> None:
        due_since(parts, 110)
        assert down(parts) == {}
        due_since(parts, 130)
        assert list(down(parts)) == ["workers"]
        assert "queue normal" in down(parts)["workers"]
        assert "130 s" in down(parts)["workers"]

    def test_workers_that_are_all_at_work_are_not_down(self, parts: Parts) -> None:
        submit(parts, make_article(external_id="2"), Wish())
        assert claim_next(parts, "normal", "worker|1|1")
        submit(parts, make_article(), Wish())
        with parts.database.writing() as session:
            now = parts.database.now_ms(session)
            session.execute(update(JobRow).where(JobRow.state == "queued").values(due_ms=now - 900_000))
            session.execute(text("UPDATE queue_turns SET taken_ms = 1"))
        assert down(parts) == {}


def test_a_fresh_service_says_which_parts_do_not_run(parts: Parts, client: TestClient) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert [one["part"] for one in answer.json()["down"]] == ["broker", "beat"]
    assert "tts-service beat" in answer.json()["down"][1]["message"]


@pytest.mark.usefixtures("broker", "beat")
def test_with_everything_there_nothing_is_down(client: TestClient) -> None:
    assert client.get("/readyz").json() == {"status": "ok", "database": "ok", "store": "ok", "down": []}


@pytest.mark.usefixtures("broker")
def test_beat_that_stands_still_is_noticed(parts: Parts, beat: None) -> None:
    with parts.database.writing() as session:
        session.execute(text("UPDATE processes SET seen_ms = seen_ms - 61000"))
    assert "last seen 61 s ago" in down(parts)["beat"]


@pytest.mark.usefixtures("broker", "beat")
def test_a_disk_that_is_nearly_full_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = make_parts(tmp_path / "full", min_free_mb=200)
    Reporter(lambda: parts.database, "beat", "beat").report()
    monkeypatch.setattr(outages, "free_mb", lambda _: 599)
    assert "599 MB are free" in down(parts)["disk"]
    monkeypatch.setattr(outages, "free_mb", lambda _: 600)
    assert down(parts) == {}


def test_it_is_asked_every_ten_seconds_at_most(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(outages, "parts_down", lambda *_: asked.append(1) or [])
    clock = [0.0]
    watch = OutageCheck(parts, now_s=lambda: clock[0])
    for second in (0.0, 1.0, 9.0, 10.0, 11.0):
        clock[0] = second
        watch.down()
    assert len(asked) == 2


def test_a_database_of_a_newer_version_is_refused_with_both_versions(parts: Parts) -> None:
    with parts.database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9000'"))
    with pytest.raises(Conflict, match=r"version 9000.*up to 00"):
        upgrade(parts.database)
