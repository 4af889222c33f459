"""The service as operators see it: each state says what is wrong and what to do, in few statements, and each site's
staff see their own part."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import Mock

import pytest
from sqlalchemy import select, text, update
from typer.testing import CliRunner

from tests.parts.places import operations_sections
from tests.parts.running import ALL_PARTS, Service
from tests.parts.statements import statements, steps
from tests.parts.web_rows import ready_clip, rendering_clip
from tts_service.callbacks.figures import endpoint_figures
from tts_service.cms.inbox.figures import due_events
from tts_service.commands.app import app
from tts_service.db.tables import DeliveryRow, InboundEventRow, JobRow, MetricRow, ProcessRow, SiteFeedRow
from tts_service.errors import DiskFull, StoreUnavailable
from tts_service.jobs.current_jobs import failed_jobs, put_back
from tts_service.jobs.turns import claim_next
from tts_service.monitoring import outages, parts_check, running, weighing
from tts_service.monitoring.outages import SECTIONS
from tts_service.monitoring.parts_check import PartsCheck
from tts_service.monitoring.reporting import Reporter
from tts_service.monitoring.running import Running, running_now
from tts_service.monitoring.totals import forget_days
from tts_service.monitoring.weighing import weigh_store
from tts_service.newsroom.sites import set_options
from tts_service.parts import Parts
from tts_service.retention.doomed import doom
from tts_service.storage.watch import StoreWatch
from tts_service.telemetry.metrics import ENGINE_DEATHS

SITES = ("gazette",)
EVENT = {"source": "ghost", "site": "gazette", "state": "received", "reason": "", "path": "/", "headers": {}}
DELIVERY = {"type": "clip.ready", "site": "gazette", "body": "{}", "state": "pending", "reason": ""}


@pytest.fixture
def service(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """All parts are there, and the broker responds."""
    monkeypatch.setattr(parts_check, "broker_down", lambda _: None)
    made = Service(parts=parts)
    made.begin(*ALL_PARTS)
    yield made


def look(parts: Parts, sites: tuple[str, ...] | None = None) -> Running:
    return running_now(parts, PartsCheck(parts, StoreWatch(parts.store, parts.settings)), sites)


def told(parts: Parts) -> dict[str, str]:
    return {one.part: one.message for one in look(parts).down}


def test_with_everything_there_nothing_needs_attention(service: Service, parts: Parts) -> None:
    found = look(parts)
    assert found.down == []
    assert [(one.part, one.down) for one in found.reached] == [("database", None), ("broker", None), ("store", None)]
    assert sorted((one.part, one.alive) for one in found.processes) == [(part, True) for part in sorted(ALL_PARTS)]


class TestWhatIsWrong:
    def test_no_worker(self, service: Service, parts: Parts) -> None:
        service.end("worker")
        assert list(told(parts)) == ["workers"]
        assert "`tts-service worker`" in told(parts)["workers"]

    def test_a_worker_that_is_silent_counts_as_none(self, service: Service, parts: Parts) -> None:
        service.silent("worker", 61)
        assert list(told(parts)) == ["workers"]

    def test_no_worker_for_callbacks(self, service: Service, parts: Parts) -> None:
        service.end("callbacks")
        assert "--queues callbacks" in told(parts)["callbacks"]

    def test_beat_stands_still(self, service: Service, parts: Parts) -> None:
        service.silent("beat", 90)
        assert "last seen 90 s ago" in told(parts)["beat"]

    def test_a_queue_that_nobody_takes(self, service: Service, parts: Parts) -> None:
        service.due("1", 130)
        assert "130 s" in told(parts)["workers"]

    def test_a_queue_that_is_too_long_for_its_workers(self, service: Service, parts: Parts) -> None:
        service.due("1", 5)
        assert claim_next(parts, "normal", "studio-1:pid:[1]|6|7")
        service.due("2", 599)
        assert told(parts) == {}
        service.due("3", 700)
        assert "queue normal has been due for 11 min although workers are at work" in told(parts)["queue"]

    def test_a_backlog_that_is_expected_is_no_trouble(self, service: Service, parts: Parts) -> None:
        service.due("1", 700)
        with parts.database.writing() as session:
            session.execute(update(JobRow).values(queue="backfill"))
        assert claim_next(parts, "backfill", "studio-1:pid:[1]|6|7")
        service.due("2", 5)
        with parts.database.writing() as session:
            session.execute(
                update(JobRow).where(JobRow.state == "queued").values(queue="backfill", due_ms=JobRow.due_ms - 900_000)
            )
        assert told(parts) == {}

    def test_a_disk_that_is_nearly_full(self, service: Service, parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(outages, "free_mb", lambda _: 3 * parts.settings.min_free_mb - 1)
        assert "TTS_MIN_FREE_MB" in told(parts)["disk"]

    def test_a_store_that_is_away(self, service: Service, parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
        def away(_: object) -> None:
            raise StoreUnavailable("The store doesn't respond for readyz/probe: connection refused.")

        monkeypatch.setattr(StoreWatch, "require", away)
        found = look(parts)
        assert [one.part for one in found.down] == ["store"]
        assert "connection refused): check TTS_STORE_URL" in found.down[0].message

    def test_a_broker_that_is_away(self, service: Service, parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(parts_check, "broker_down", outages.broker_down)
        assert "TTS_BROKER_URL" in told(parts)["broker"]

    def test_a_slow_database(self, service: Service, parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
        seconds = iter((10.0, 11.5))
        monkeypatch.setattr(running, "time", type("Clock", (), {"perf_counter": lambda: next(seconds)}))
        assert "took 1500 ms" in told(parts)["database"]

    def test_an_endpoint_that_is_switched_off(self, service: Service, parts: Parts) -> None:
        name = service.endpoint("cms.example", "5 days of failures.")
        service.endpoint("other.example")
        text = told(parts)["callbacks"]
        assert "cms.example gets no callbacks (5 days of failures)" in text
        assert f"callbacks change {name} --on" in text
        assert "as-good-as-a-key" not in str(look(parts))

    def test_many_articles_that_fail(self, service: Service, parts: Parts) -> None:
        for number in range(4):
            service.failed(str(number), 60)
        service.failed("long ago", 4000)
        assert told(parts) == {}
        service.failed("fifth", 60)
        assert "5 articles failed" in told(parts)["failures"]

    def test_each_names_a_section_of_the_operations_guide(self) -> None:
        assert set(SECTIONS.values()) - operations_sections() == set()


class TestJobs:
    def test_each_is_shown_with_its_stage(self, service: Service, parts: Parts) -> None:
        rendering_clip(parts, name="spoken").speak(0)
        with parts.database.writing() as session:
            now = parts.database.now_ms(session)
            values = {"lease_owner": "elsewhere|1|1", "lease_until_ms": now + 60_000, "started_ms": now}
            session.execute(update(JobRow).values(values))
        [job] = look(parts).jobs
        assert (job.stage, job.done, job.total, job.title, job.left_behind) == (
            "speak",
            1,
            3,
            "New bridge opens",
            False,
        )
        with parts.database.writing() as session:
            session.execute(update(JobRow).values(done=3, lease_until_ms=now - 1))
        [job] = look(parts).jobs
        assert (job.stage, job.left_behind) == ("finish", True)
        with parts.database.writing() as session:
            session.execute(update(JobRow).values(total=None))
        assert look(parts).jobs[0].stage == "prepare"

    def test_only_failures_that_nobody_has_tried_again_are_shown(self, service: Service, parts: Parts) -> None:
        service.failed("1", 60)
        service.failed("2", 4 * 86_400)
        ready_clip(parts, name="3")
        found = look(parts).failed
        assert [(one.id, one.error["code"]) for one in found] == [("job_1", "unspeakable_text")]

    def test_what_was_put_back_is_counted_by_its_reason(self, service: Service, parts: Parts) -> None:
        for number in range(3):
            service.due(str(number), -10)
        with parts.database.writing() as session:
            session.execute(update(JobRow).where(JobRow.site == "gazette").values(waiting="disk_full"))
        assert look(parts).put_back == {"disk_full": 3}

    def test_a_queue_is_counted_up_to_a_bound(
        self, service: Service, parts: Parts, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("tts_service.db.counting.MOST_COUNTED", 2)
        for number in range(4):
            service.due(str(number), 1)
        assert look(parts).queues[1].waiting == 3


def test_a_site_sees_its_own_part(service: Service, parts: Parts) -> None:
    for site in ("gazette", "herald"):
        service.due(f"due of {site}", 5, site)
        service.failed(f"{site}1", 60, site)
        service.endpoint(f"{site}.example", "5 days", site)
    found = look(parts, SITES)
    assert "herald" not in str(found)
    assert (found.queues[1].waiting, len(found.failed), len(found.endpoints)) == (1, 1, 1)
    assert (found.processes, found.keeping) == ([], None)
    assert look(parts).queues[1].waiting == 2


def test_a_site_is_not_told_of_workers_who_work_for_others(service: Service, parts: Parts) -> None:
    service.due("others' article", 200, "herald")
    assert claim_next(parts, "normal", "studio-1:pid:[1]|6|7")
    service.due("waits for its turn", 200, "gazette")
    assert look(parts).down == look(parts, SITES).down == []


def test_a_site_is_told_what_is_down_without_what_the_disk_said(
    service: Service, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "No space left for readyz/probe: [Errno 28] /srv/secret-mount/audio"
    for error, part in ((StoreUnavailable(said), "store"), (DiskFull(said), "disk")):
        monkeypatch.setattr(StoreWatch, "require", Mock(side_effect=error))
        assert said in look(parts).down[0].message
        [down] = look(parts, SITES).down
        assert (down.part, "secret-mount" in str(down), error.title in down.message) == (part, False, True)


def test_a_site_is_shown_only_hosts_of_its_feeds(service: Service, parts: Parts) -> None:
    url = "https://user:pass@gazette.example/rss?token=as-good-as-a-key"
    error = f"remote_unavailable: {url} returned HTTP status 503; it will be retried later."
    with parts.database.writing() as session:
        values = {"url": url, "due_ms": 1, "error": error, "told": {}, "created_ms": 1}
        session.add(SiteFeedRow(id="feed_1", site="gazette", **values))
    assert look(parts).feeds[0].url == url
    [feed] = look(parts, SITES).feeds
    assert (feed.url, feed.error) == (
        "gazette.example",
        "remote_unavailable: gazette.example returned HTTP status 503; it will be retried later.",
    )


@pytest.mark.parametrize("sites", [None, SITES])
def test_it_takes_twelve_statements_however_much_there_is(
    service: Service, parts: Parts, sites: tuple[str, ...] | None
) -> None:
    for number in range(5):
        service.failed(str(number), 60)
        service.endpoint(f"{number}.example", "5 days")
        service.due(f"due {number}", 5)
    check = PartsCheck(parts, StoreWatch(parts.store, parts.settings))
    with statements(parts.database.engine) as seen:
        running_now(parts, check, sites)
    assert len([one for one in seen if one != "BEGIN"]) <= 12


@pytest.mark.parametrize("sites", [None, SITES])
def test_neither_what_was_kept_nor_what_succeeded_is_read(
    service: Service, parts: Parts, sites: tuple[str, ...] | None
) -> None:
    service.failed("1", 60)
    with parts.database.reading() as session, steps(parts.database.engine) as made:
        failed_jobs(session, 1, sites)
        put_back(session, 1, sites)
        endpoint_figures(session, 1, sites)
        session.execute(select(due_events(1, sites)))
    read = {re.sub(r" \(.*", "", one) for one in made if re.search(" (jobs|callback_deliveries|inbound_events) ", one)}
    assert {one.rpartition(" ")[2] for one in read} == {
        "ix_jobs_failed",
        "ix_jobs_due" if sites is None else "ix_jobs_turn",
        "ix_callback_deliveries_turn",
        "ix_inbound_events_turn",
    }
    assert "USE TEMP B-TREE FOR ORDER BY" not in made


@pytest.mark.parametrize("sites", [None, SITES])
def test_what_waits_is_counted_up_to_a_bound(
    service: Service, parts: Parts, monkeypatch: pytest.MonkeyPatch, sites: tuple[str, ...] | None
) -> None:
    monkeypatch.setattr("tts_service.db.counting.MOST_COUNTED", 2)
    endpoint = service.endpoint("cms.example")
    with parts.database.writing() as session:
        for number in range(4):
            doom(parts.database, session, "object", [f"clips/{number}"])
            session.add(InboundEventRow(**EVENT, due_ms=1, received_ms=1, id=f"evt_{number}", event_key=f"{number}"))
            session.add(
                DeliveryRow(
                    **DELIVERY, due_ms=1, created_ms=1, id=f"dlv_{number}", endpoint_id=endpoint, event_id=f"{number}"
                )
            )
    found = look(parts, sites)
    assert (found.events, [one.waiting for one in found.endpoints]) == (3, [3])
    assert found.keeping is None or found.keeping.doomed == 3


def test_broker_and_store_are_asked_every_ten_seconds_at_most(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []
    clock = [0.0]
    monkeypatch.setattr(parts_check, "broker_down", lambda _: asked.append(clock[0]))
    check = PartsCheck(parts, StoreWatch(parts.store, parts.settings), now_s=lambda: clock[0])
    for second in (0.0, 1.0, 9.9, 10.0, 19.0):
        clock[0] = second
        check.responses()
    assert asked == [0.0, 10.0]


class TestKept:
    def test_bytes_by_site_stand_beside_their_quota(self, service: Service, parts: Parts) -> None:
        ready_clip(parts, name="1", site="gazette")
        set_options(parts.database, "gazette", {"stored_bytes": 4000})
        weigh_store(parts)
        keeping = look(parts).keeping
        assert keeping is not None
        assert [(one.site, one.bytes, one.quota) for one in keeping.sites] == [("gazette", 5000, 4000)]
        assert keeping.bytes["clips"] == 5000
        assert keeping.weighed_ms is not None
        assert keeping.backup_ms is None

    def test_what_pruning_would_take_is_looked_up_once_a_day(
        self, service: Service, parts: Parts, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[int] = []
        real = weighing.weigh_all
        monkeypatch.setattr(weighing, "weigh_all", lambda parts: asked.append(1) or real(parts))
        weigh_store(parts)
        weigh_store(parts)
        assert len(asked) == 1


class TestCountedByDay:
    def test_lost_engines_are_shown_by_day(self, service: Service, parts: Parts) -> None:
        reporter = Reporter(lambda: parts.database, "worker", "studio-1:pid:[1]|6|7")
        reporter.report()
        before = look(parts).deaths
        ENGINE_DEATHS.labels("hung").inc(2)
        reporter.report()
        [(day, causes)] = look(parts).deaths.items()
        assert day == time.strftime("%Y-%m-%d", time.gmtime())
        assert causes["hung"] - before.get(day, {}).get("hung", 0) == 2

    def test_they_are_forgotten_after_a_week(self, service: Service, parts: Parts) -> None:
        with parts.database.writing() as session:
            for day in ("2020-01-01", "9999-01-01"):
                labels = f'{{"cause": "died", "day": "{day}"}}'
                session.add(MetricRow(sample="engine_deaths_by_day", labels=labels, value=1))
        forget_days(parts.database)
        deaths = look(parts).deaths
        assert ("2020-01-01" in deaths, "9999-01-01" in deaths) == (False, True)


def test_a_process_says_its_version_and_when_this_one_began(service: Service, parts: Parts) -> None:
    with parts.database.writing() as session:
        session.execute(update(ProcessRow).values(version="0.1.0", started_ms=1))
    service.begin("beat")
    beat = next(one for one in look(parts).processes if one.part == "beat")
    assert beat.version != "0.1.0"
    assert beat.started_ms > 1


def test_a_process_that_was_killed_is_shown_for_an_hour(service: Service, parts: Parts) -> None:
    service.silent("worker", 3000)
    assert [one.alive for one in look(parts).processes if one.part == "worker"] == [False]
    service.silent("worker", 1000)
    assert [one for one in look(parts).processes if one.part == "worker"] == []


def test_a_backup_is_shown_and_one_of_an_earlier_version_is_made_all_the_same(
    service: Service, parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tts_service.commands.backup.settings", lambda: parts.settings)
    assert CliRunner().invoke(app, ["backup", str(tmp_path / "one.tar")]).exit_code == 0
    keeping = look(parts).keeping
    assert keeping is not None
    assert keeping.backup_ms is not None
    with parts.database.writing() as session:
        session.execute(text("DROP TABLE metrics"))
    assert CliRunner().invoke(app, ["backup", str(tmp_path / "two.tar")]).exit_code == 0
    assert (tmp_path / "two.tar").exists()
