"""Metrics: one scrape of any API process tells what all processes did, also after restarts, and only with the token."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from prometheus_client import CollectorRegistry, Counter, Histogram
from sqlalchemy import delete, select, update

from tests.parts.callbacks import all_deliveries, happened
from tests.parts.factories import make_article, make_parts
from tests.parts.metrics import BEARER, TOKEN, scraped, value_of
from tests.parts.quick_render import Workers
from tests.parts.statements import statements
from tests.parts.web_rows import ready_clip
from tts_service.callbacks.endpoints import EndpointDraft, add_endpoint
from tts_service.db.tables import CallbackEndpointRow, JobRow, MetricRow, ProcessRow
from tts_service.errors import DatabaseUnavailable
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.submit import submit
from tts_service.jobs.turns import claim_next
from tts_service.monitoring.gauges import Gauges
from tts_service.monitoring.reporting import Reporter
from tts_service.monitoring.totals import Totals, total_metrics
from tts_service.monitoring.weighing import weigh_store
from tts_service.parts import Parts
from tts_service.telemetry.metrics import STAGES
from tts_service.web.app import create_app


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    made = make_parts(tmp_path, metrics_token=TOKEN)
    yield made
    made.close()


@pytest.fixture
def client(parts: Parts) -> Iterator[TestClient]:
    with TestClient(create_app(parts)) as client:
        yield client


class Process:
    """Stands in for a process: it counts for itself."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self.registry = CollectorRegistry()
        self.done = Counter("tts_done", "Done", ["kind"], registry=self.registry)
        self.took = Histogram("tts_took_seconds", "Took", buckets=(1, 10), registry=self.registry)
        self._totals = Totals(self.registry)

    def write(self) -> None:
        self._totals.write(self._parts.database)

    def seen(self) -> dict[tuple[str, tuple[str, ...]], float]:
        with self._parts.database.reading() as session:
            found = [sample for one in total_metrics(session, self.registry) for sample in one.samples]
        return {(sample.name, tuple(sample.labels.values())): sample.value for sample in found}


class TestTotals:
    def test_counts_of_all_processes_are_added_up_and_outlive_them(self, parts: Parts) -> None:
        first, second = Process(parts), Process(parts)
        first.done.labels("a").inc(3)
        first.write()
        first.done.labels("a").inc()
        second.done.labels("a").inc(10)
        second.took.observe(0.5)
        second.took.observe(5)
        second.write()
        first.write()
        first.write()

        found = Process(parts).seen()
        assert found["tts_done_total", ("a",)] == 14
        assert found["tts_took_seconds_count", ()] == 2
        assert found["tts_took_seconds_sum", ()] == 5.5
        assert [found["tts_took_seconds_bucket", (bound,)] for bound in ("1.0", "10.0", "+Inf")] == [1, 2, 2]

    def test_what_could_not_be_written_is_written_later(self, parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
        process = Process(parts)
        process.done.labels("a").inc(2)
        with monkeypatch.context() as patch:
            patch.setattr(type(parts.database), "writing", _down)
            with pytest.raises(DatabaseUnavailable):
                process.write()
        process.done.labels("a").inc()
        process.write()
        assert process.seen()["tts_done_total", ("a",)] == 3

    def test_a_process_with_nothing_to_tell_writes_nothing(self, parts: Parts) -> None:
        process = Process(parts)
        process.done.labels("a").inc()
        process.write()
        with statements(parts.database.engine) as sent:
            process.write()
        assert sent == []

    def test_buckets_stand_in_the_order_of_their_bounds(self, parts: Parts) -> None:
        process = Process(parts)
        process.took.observe(5)
        process.write()
        bounds = [labels[0] for name, labels in process.seen() if name.endswith("_bucket")]
        assert bounds == ["1.0", "10.0", "+Inf"]


def _down(*_: Any) -> Any:
    raise DatabaseUnavailable("on purpose")


class TestDoor:
    def test_without_a_token_in_the_settings_there_are_no_metrics(self, tmp_path: Path) -> None:
        parts = make_parts(tmp_path / "other")
        with TestClient(create_app(parts)) as client:
            assert client.get("/metrics", headers=BEARER).status_code == 404
            assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404

    @pytest.mark.parametrize(
        "sent", [None, "", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer é"]
    )
    def test_only_the_token_opens(self, client: TestClient, sent: str | None) -> None:
        headers = {} if sent is None else {"Authorization": sent.encode()}
        answer = client.get("/metrics", headers=headers)  # type: ignore[arg-type]
        assert (answer.status_code, "tts_" in answer.text) == (401, False)


class TestFigures:
    def test_an_article_from_its_request_to_its_clip(
        self, parts: Parts, client: TestClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = _counted(parts, client)
        job = submit(
            parts, make_article(source="One sentence. Another one.", title=None), Wish(voice="tone:beep")
        ).job_id
        lease = claim_next(parts, "normal", "worker|1|1")
        assert lease is not None
        assert lease.job_id == job
        Workers(parts, monkeypatch).finish(lease)

        after = _counted(parts, client)
        grown = {key: after[key] - before.get(key, 0) for key in after if after[key] != before.get(key, 0)}
        stages = {stage: value_of(grown, "tts_stage_seconds_count", stage=stage) for stage in STAGES}
        assert stages == {"prepare": 1, "speak": 2, "join": 1, "finish": 1, "publish": 1}
        assert value_of(grown, "tts_segments_total", source="engine") == 2
        assert value_of(grown, "tts_jobs_ended_total", state="succeeded") == 1
        assert value_of(grown, "tts_queue_wait_seconds_count", queue="normal") == 1
        assert value_of(grown, "tts_audio_seconds_total") == 1

    def test_the_oldest_job_that_is_due_gives_the_age_of_its_queue(self, parts: Parts, client: TestClient) -> None:
        job = submit(parts, make_article(), Wish()).job_id
        later = submit(parts, make_article(external_id="2"), Wish(queue="backfill")).job_id
        with parts.database.writing() as session:
            now = parts.database.now_ms(session)
            session.execute(update(JobRow).where(JobRow.id == job).values(due_ms=now - 90_000))
            session.execute(update(JobRow).where(JobRow.id == later).values(due_ms=now + 90_000))
        found = scraped(client)
        ages = {
            queue: value_of(found, "tts_oldest_due_seconds", queue=queue)
            for queue in ("normal", "backfill", "webhooks")
        }
        assert ages["normal"] is not None
        assert 90 <= ages["normal"] < 150
        assert (ages["backfill"], ages["webhooks"]) == (0, 0)

    def test_callbacks_of_a_paused_endpoint_wait_but_are_not_due(self, parts: Parts, client: TestClient) -> None:
        endpoint, _ = add_endpoint(parts, EndpointDraft(url="https://cms.example/hear", site="gazette"))
        ready_clip(parts)
        happened(parts)
        waiting = len(all_deliveries(parts))
        assert waiting > 0
        with parts.database.writing() as session:
            now = parts.database.now_ms(session)
            row = session.get_one(CallbackEndpointRow, endpoint.id)
            row.paused_until_ms = now + 60_000
        found = scraped(client)
        assert value_of(found, "tts_callbacks_waiting") == waiting
        assert value_of(found, "tts_callback_endpoints", state="paused") == 1
        assert value_of(found, "tts_oldest_due_seconds", queue="callbacks") == 0

    def test_rows_are_counted_once_a_minute_however_often_they_are_asked_for(self, parts: Parts) -> None:
        clock = [0.0]
        gauges = Gauges(parts.database, parts.settings, now_s=lambda: clock[0])
        counts = [_count_statements(parts, gauges)]
        for second in (30.0, 59.0, 61.0):
            clock[0] = second
            counts.append(_count_statements(parts, gauges))
        assert counts == [3, 0, 0, 3]

    def test_the_store_is_weighed_by_kind(self, parts: Parts, client: TestClient) -> None:
        parts.store.put("clips/clip_1/1/a.mp3", b"12345")
        parts.store.put("segments/ab/abc", b"123")
        parts.store.put("readyz/probe", b"1")
        weigh_store(parts)
        weigh_store(parts)
        found = scraped(client)
        weights = {
            kind: value_of(found, "tts_kept_bytes", kind=kind) for kind in ("clips", "segments", "live", "other")
        }
        assert weights == {"clips": 5, "segments": 3, "live": 0, "other": 1}


class TestSignsOfLife:
    def test_a_process_is_there_from_its_start_to_its_end(self, parts: Parts, client: TestClient) -> None:
        reporter = Reporter(lambda: parts.database, "worker")
        reporter.report()
        reporter.report()
        assert value_of(scraped(client), "tts_processes", part="worker") == 1
        reporter.close()
        assert value_of(scraped(client), "tts_processes", part="worker") == 0

    def test_one_that_was_killed_is_no_longer_counted_and_later_forgotten(
        self, parts: Parts, client: TestClient
    ) -> None:
        Reporter(lambda: parts.database, "worker", "killed|1|1").report()
        _seen_before(parts, "killed|1|1", 61)
        assert value_of(scraped(client), "tts_processes", part="worker") == 0
        _seen_before(parts, "killed|1|1", 86_401)
        Reporter(lambda: parts.database, "beat", "beat").report()
        with parts.database.reading() as session:
            assert list(session.scalars(select(ProcessRow.owner))) == ["beat"]


def _counted(parts: Parts, client: TestClient) -> Any:
    """This process's counts are those of every test before, too."""
    reporter = Reporter(lambda: parts.database, "worker")
    reporter.report()
    found = scraped(client)
    with parts.database.writing() as session:  # the next reporter begins at 0
        session.execute(delete(MetricRow))
    return found


def _count_statements(parts: Parts, gauges: Gauges) -> int:
    """Statements that read all rows of a table."""
    with parts.database.reading() as session, statements(parts.database.engine) as sent:
        list(gauges.metrics(session))
    return sum(statement.count("GROUP BY") and ".state" in statement.rpartition("GROUP BY")[2] for statement in sent)


def _seen_before(parts: Parts, owner: str, seconds: int) -> None:
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        session.execute(update(ProcessRow).where(ProcessRow.owner == owner).values(seen_ms=now - seconds * 1000))
