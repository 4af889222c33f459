"""An unexpected exception in a task or in beat: nothing is lost, the log names it, and everything else goes on."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.parts.callbacks import all_deliveries, happened
from tests.parts.factories import Doorbell, make_article
from tts_service.callbacks import deliver as delivering
from tts_service.callbacks.deliveries import DELIVERIES, LEASE_MS
from tts_service.callbacks.endpoints import EndpointDraft, add_endpoint
from tts_service.db.tables import ClipRevisionRow, DeliveryRow, JobRow
from tts_service.errors import DatabaseUnavailable
from tts_service.jobs import sink
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.dispatch import sweep
from tts_service.jobs.left_out import FORMATS
from tts_service.jobs.submit import submit
from tts_service.parts import Parts
from tts_service.queue.rings import ring_due


class Fault(Exception):
    """Nothing that anybody reckons with."""


def fails(*_: Any, **__: Any) -> Any:
    raise Fault("on purpose")


def jobs_of(parts: Parts) -> list[JobRow]:
    with parts.database.reading() as session:
        return list(session.scalars(select(JobRow).order_by(JobRow.id)))


def job_of(parts: Parts) -> JobRow:
    (job,) = jobs_of(parts)
    return job


def beep(parts: Parts) -> str:
    return submit(parts, make_article(source="One sentence only.", title=None), Wish(voice="tone:beep")).job_id


def another(parts: Parts) -> None:
    submit(parts, make_article(source="Another one.", title=None, external_id="2"), Wish(voice="tone:beep"))


def words_of(caplog: pytest.LogCaptureFixture) -> str:
    return "\n".join(record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING)


class TestTasks:
    def test_a_job_fails_openly_and_the_article_can_be_sent_again(
        self, tasks: Any, parts: Parts, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        add_endpoint(parts, EndpointDraft(url="https://cms.example/hear", site="gazette"))
        job_id = beep(parts)
        with monkeypatch.context() as patch:
            patch.setattr(sink, "keep_script", fails)
            tasks.narrate_next.apply(("normal",))
        [job] = jobs_of(parts)
        assert (job.state, job.lease_owner, (job.error or {})["detail"]) == (
            "failed",
            None,
            "Internal error in this service: Fault",
        )
        assert [delivery.type for delivery in all_deliveries(parts)] == ["clip.failed"]
        assert f"job {job_id} failed unexpectedly" in caplog.text
        assert "Fault: on purpose" in caplog.text

        beep(parts)
        tasks.narrate_next.apply(("normal",))
        assert [job.state for job in jobs_of(parts)] == ["failed", "succeeded"]

    def test_a_bug_in_what_follows_a_job_keeps_no_other_job_waiting(
        self,
        tasks: Any,
        parts: Parts,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        job_id = beep(parts)
        with parts.database.writing() as session:
            session.execute(update(JobRow).values(correction_id="cor_1"))
        another(parts)
        monkeypatch.setattr(tasks, "SHORT_S", 60.0)
        monkeypatch.setattr(tasks, "job_ended", fails)
        tasks.narrate_next.apply(("normal",))

        assert [job.state for job in jobs_of(parts)] == ["succeeded", "succeeded"]
        assert f"job {job_id}: its correction failed unexpectedly" in words_of(caplog)

    def test_after_a_long_job_others_are_rung_for(
        self, tasks: Any, parts: Parts, bell: Doorbell, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        beep(parts)
        another(parts)
        bell.clear()
        monkeypatch.setattr(tasks, "SHORT_S", 0.0)
        tasks.narrate_next.apply(("normal",))

        assert [job.state for job in jobs_of(parts)] == ["succeeded", "queued"]
        assert bell.rung == ["normal"]

    def test_a_ring_while_the_database_is_away_is_one_line_in_the_log(
        self, tasks: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        def is_away(*_: Any) -> None:
            raise DatabaseUnavailable("The database doesn't respond.")

        monkeypatch.setattr(tasks, "claim_next", is_away)
        assert tasks.narrate_next.apply(("normal",)).successful()
        assert words_of(caplog) == "no job of normal can be claimed: The database doesn't respond."

    def test_a_job_whose_end_cannot_be_written_is_swept_up(
        self,
        tasks: Any,
        parts: Parts,
        bell: Doorbell,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        """The database goes away in the middle: neither the error nor the job's state can be written."""
        job_id = beep(parts)
        with monkeypatch.context() as patch:
            patch.setattr(tasks, "run_slice", fails)
            patch.setattr(tasks, "settle_job", fails)
            ended = tasks.narrate_next.apply(("normal",))
        assert isinstance(ended.result, Fault)
        assert f"job {job_id} failed unexpectedly" in words_of(caplog)
        assert job_of(parts).state == "running"

        bell.rung.clear()
        with parts.database.writing() as session:  # its lease is over
            session.execute(update(JobRow).values(lease_until_ms=1))
        assert sweep(parts) == 1
        assert "normal" in bell.rung
        tasks.narrate_next.apply(("normal",))
        assert job_of(parts).state == "succeeded"

    def test_a_delivery_is_tried_again(
        self,
        tasks: Any,
        parts: Parts,
        bell: Doorbell,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        add_endpoint(parts, EndpointDraft(url="https://cms.example/hear", site="gazette"))
        happened(parts)
        [delivery] = all_deliveries(parts)
        tasks.work_on.apply(("callbacks",))  # the client here is no client: a fault while sending
        [delivery] = all_deliveries(parts)
        assert (delivery.state, delivery.attempts) == ("pending", 1)
        assert delivery.id in words_of(caplog)

        with parts.database.writing() as session:
            session.execute(update(DeliveryRow).values(due_ms=0))
        bell.clear()
        monkeypatch.setattr(delivering, "settle_delivery", fails)  # a fault when the result is written
        tasks.work_on.apply(("callbacks",))
        assert f"callbacks {delivery.id} failed unexpectedly" in words_of(caplog)
        [delivery] = all_deliveries(parts)
        assert delivery.state == "pending"
        with parts.database.writing() as session:  # half a minute later
            session.execute(update(DeliveryRow).values(lease_until_ms=1, due_ms=0))
        assert LEASE_MS <= 60_000
        assert ring_due(parts, [DELIVERIES]) == 1

    def test_left_out_formats_stay_due(
        self, tasks: Any, parts: Parts, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        beep(parts)
        tasks.narrate_next.apply(("normal",))
        with parts.database.writing() as session:
            session.execute(update(ClipRevisionRow).values(again_ms=1))
        monkeypatch.setattr("tts_service.jobs.left_out.load", fails)
        tasks.work_on.apply(("formats",))

        assert f"formats {job_of(parts).clip_id}/1 failed unexpectedly" in words_of(caplog)
        with parts.database.writing() as session:  # its lease is over
            session.execute(update(ClipRevisionRow).values(lease_until_ms=1))
        assert ring_due(parts, [FORMATS]) == 1


class TestBeat:
    @pytest.fixture
    def beat(self, tasks: Any, worker_modules: Any) -> Any:
        from workers.schedule import InPlaceScheduler

        celery_app, _ = worker_modules
        scheduler = InPlaceScheduler(app=celery_app.app)
        for entry in scheduler.schedule.values():
            entry.last_run_at -= timedelta(days=1)
        return scheduler

    @staticmethod
    def duties(worker_modules: Any, monkeypatch: pytest.MonkeyPatch, failing: dict[str, Exception]) -> list[str]:
        """Names of beat's tasks in the order in which they are called; those in `failing` fail."""
        called: list[str] = []
        celery_app, _ = worker_modules

        def stands_in(name: str) -> Any:
            def call(*_: Any) -> None:
                called.append(name)
                if name in failing:
                    raise failing[name]

            return call

        for name in {entry["task"] for entry in celery_app.app.conf.beat_schedule.values()}:
            monkeypatch.setitem(celery_app.app.tasks, name, stands_in(name))
        return called

    def test_it_goes_on_with_its_other_duties_and_names_the_one_that_failed(
        self, beat: Any, worker_modules: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        failing: dict[str, Exception] = {"sweep": Fault("on purpose"), "take_events": DatabaseUnavailable("gone")}
        called = self.duties(worker_modules, monkeypatch, failing)
        for _ in range(len(beat.schedule) + 2):
            beat.tick()

        assert set(called) == {entry.task for entry in beat.schedule.values()}
        told = words_of(caplog)
        assert "sweep failed unexpectedly" in told
        assert "take_events: gone" in told
        assert "Fault: on purpose" in caplog.text

    def test_what_failed_is_done_again_when_it_is_due(
        self, beat: Any, worker_modules: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        failing: dict[str, Exception] = {"dispatch": Fault("on purpose")}
        called = self.duties(worker_modules, monkeypatch, failing)
        for _ in range(len(beat.schedule) + 2):
            beat.tick()
        failing.clear()
        for entry in beat.schedule.values():
            entry.last_run_at -= timedelta(days=1)
        beat.populate_heap()
        for _ in range(len(beat.schedule) + 2):
            beat.tick()

        assert called.count("dispatch") >= 2
