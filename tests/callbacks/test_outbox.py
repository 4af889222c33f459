"""An event is kept with what it tells of, or not at all; who hears it, and what is in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from tests.listeners.test_feedback_once import columns
from tests.parts.callbacks import URL, VOUCHED, all_deliveries, happened, rings, set_row
from tests.parts.factories import Doorbell, make_article, make_parts
from tests.parts.web_rows import ready_clip, rendering_clip
from tts_service.callbacks.deliveries import DELIVERIES
from tts_service.callbacks.endpoints import (
    Change,
    EndpointDraft,
    add_endpoint,
    change_endpoint,
    list_endpoints,
    remove_endpoint,
)
from tts_service.callbacks.news import brief, clip_ready
from tts_service.db.tables import ArticleRow, CallbackEndpointRow, ClipRevisionRow, ClipRow, JobRow
from tts_service.engines.child.speak import EngineChild
from tts_service.errors import AddressRefused, Conflict, InputRefused, NotFound, UnspeakableText
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.control import cancel, withdraw, withdraw_as_of
from tts_service.jobs.dispatch import sweep
from tts_service.jobs.lease import LOST_ATTEMPTS, claim
from tts_service.jobs.outcome import settle_job
from tts_service.jobs.slices import run_slice
from tts_service.jobs.submit import submit
from tts_service.listeners.reports import ReportDraft, change_report, receive
from tts_service.parts import Parts
from tts_service.queue.rings import ring_due

TONE = Wish(voice="tone:beep")


@pytest.fixture
def parts(tmp_path: Path, bell: Doorbell) -> Iterator[Parts]:
    built = make_parts(tmp_path, bell, allow_hosts=VOUCHED, public_url="https://listen.example.org")
    yield built
    built.close()


def hearing(parts: Parts, **wanted: Any) -> str:
    return add_endpoint(parts, EndpointDraft(**({"url": URL, "site": "gazette"} | wanted)))[0].id


def told(parts: Parts) -> list[tuple[str, dict[str, Any]]]:
    """(type, data) of every delivery."""
    bodies = [json.loads(row.body) for row in all_deliveries(parts)]
    return [(body["type"], body["data"]) for body in bodies]


class TestWhatHappened:
    def test_a_finished_clip_is_told_with_its_revision_and_where_it_lies(self, parts: Parts) -> None:
        hearing(parts)
        job_id = submit(parts, make_article(url="https://example.org/bridge"), TONE).job_id
        lease = claim(parts, job_id, "test")
        assert lease is not None
        with EngineChild(parts.settings) as engine:
            assert run_slice(parts, engine, lease)

        [(kind, data)] = told(parts)
        assert kind == "clip.ready"
        assert (data["job"], data["revision"], data["current_revision"]) == (job_id, 1, 1)
        assert data["article"] == {"id": "1", "url": "https://example.org/bridge", "title": "New bridge opens"}
        assert data["audio"] == {"mp3": f"https://listen.example.org/v1/clips/{data['clip']}/r/1/audio.mp3"}
        assert data["duration_ms"] > 1000
        assert data["renditions"][0]["sha256"]

    def test_a_revision_that_is_finished_too_late_to_be_heard_is_not_told(self, parts: Parts) -> None:
        hearing(parts)
        job_id = submit(parts, make_article(), TONE).job_id
        lease = claim(parts, job_id, "test")
        assert lease is not None
        with parts.database.writing() as session:
            session.execute(update(ClipRow).values(current_revision=2))
        with EngineChild(parts.settings) as engine:
            assert run_slice(parts, engine, lease)

        assert told(parts) == []

    def test_a_failed_job_is_told_with_its_error(self, parts: Parts) -> None:
        hearing(parts)
        job_id = submit(parts, make_article(), TONE).job_id
        lease = claim(parts, job_id, "test")
        assert lease is not None
        settle_job(parts, lease, UnspeakableText("Sentence 3 can't be spoken.\x07"))

        [(kind, data)] = told(parts)
        assert (kind, data["job"], data["revision"]) == ("clip.failed", job_id, 1)
        assert data["error"]["code"] == "unspeakable_text"
        assert data["error"]["detail"] == "Sentence 3 can't be spoken. "

    def test_a_job_whose_worker_vanished_too_often_is_told_as_failed(self, parts: Parts) -> None:
        hearing(parts)
        job_id = submit(parts, make_article(), TONE).job_id
        claim(parts, job_id, "elsewhere|1|1")
        set_row(parts, job_id, JobRow, attempts=LOST_ATTEMPTS, lease_until_ms=1)
        sweep(parts)

        assert [(kind, data["error"]["code"]) for kind, data in told(parts)] == [("clip.failed", "worker_lost")]

    def test_a_withdrawn_clip_is_told_once(self, parts: Parts) -> None:
        hearing(parts)
        made = ready_clip(parts)
        withdraw(parts, "gazette", "1")
        withdraw(parts, "gazette", "1")

        assert [(kind, data["clip"], data["revision"]) for kind, data in told(parts)] == [
            ("clip.withdrawn", made.id, 1)
        ]

    def test_an_article_that_never_had_a_clip_is_no_news(self, parts: Parts) -> None:
        hearing(parts)
        withdraw_as_of(parts, "gazette", "never seen", 1_700_000_000_000)

        assert told(parts) == []

    def test_a_cancelled_job_calls_nobody(self, parts: Parts) -> None:
        hearing(parts)
        cancel(parts, submit(parts, make_article(), TONE).job_id)

        assert told(parts) == []

    def test_a_report_is_told_when_it_comes_and_when_it_is_resolved(self, parts: Parts) -> None:
        hearing(parts)
        made = ready_clip(parts)
        reference = receive(parts, ReportDraft(clip_id=made.id, category="pronunciation", position_ms=100, token=0))
        with parts.database.writing() as session:
            session.add(ClipRevisionRow(**columns(session.get_one(ClipRevisionRow, (made.id, 1))) | {"revision": 2}))
            session.get_one(ClipRow, made.id).current_revision = 2
        for state in ("confirmed", "corrected", "corrected", "new", "rejected"):
            change_report(parts, reference, state)
        change_report(parts, reference, note="only a note")

        assert [(kind, data["report"], data["state"]) for kind, data in told(parts)] == [
            ("report.received", reference, "new"),
            ("report.resolved", reference, "corrected"),
            ("report.resolved", reference, "rejected"),
        ]
        assert told(parts)[0][1]["sentence"] == made.sentences[0]
        assert [data["corrected_revision"] for _, data in told(parts)] == [None, 2, None]

    def test_nothing_a_listener_wrote_leaves_the_house(self, parts: Parts) -> None:
        hearing(parts)
        made = ready_clip(parts)
        receive(
            parts, ReportDraft(clip_id=made.id, category="other", comment="Kilroy was here", email="kilroy@example.org")
        )

        assert "ilroy" not in all_deliveries(parts)[0].body

    def test_the_body_stays_below_20_kb_whatever_the_article_has(self, parts: Parts) -> None:
        hearing(parts)
        made = ready_clip(parts)
        worst = '"\\' * 1000
        with parts.database.writing() as session:
            job = session.get_one(JobRow, made.job)
            job.error = {"code": "x", "title": worst, "detail": worst}
            article = session.get_one(ArticleRow, job.article_id)
            article.title, article.url, article.external_id = worst, worst, '"' * 200
            clip_ready(parts, session, made.job)
        receive(parts, ReportDraft(clip_id=made.id, category="other"))

        assert max(len(row.body.encode()) for row in all_deliveries(parts)) < 20_000

    @pytest.mark.parametrize("text", ["x" * 100_000, "ä" * 100_000, "\x1b[31m" * 20_000, "🎧" * 100_000, "\ud800" * 9])
    def test_a_text_in_an_event_is_short_and_plain(self, text: str) -> None:
        told = brief(text) or ""

        assert len(told.encode()) <= 1000
        assert told.isprintable()


class TestOneTransaction:
    def test_what_is_undone_is_not_told(self, parts: Parts, bell: Doorbell) -> None:
        hearing(parts)
        made = ready_clip(parts)
        with pytest.raises(RuntimeError), parts.database.writing() as session:
            clip_ready(parts, session, made.job)
            raise RuntimeError

        assert all_deliveries(parts) == []
        assert rings(bell) == 0

    def test_a_publication_and_its_event_are_one(self, parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
        made = rendering_clip(parts)
        reached: list[str] = []

        def broken(*_: Any) -> None:
            reached.append("told")
            raise RuntimeError

        monkeypatch.setattr("tts_service.jobs.control.clip_withdrawn", broken)
        with pytest.raises(RuntimeError):
            withdraw(parts, "gazette", "1")

        with parts.database.reading() as session:
            assert session.get_one(ClipRow, made.id).state == "rendering"
        assert reached == ["told"]

    def test_the_broker_is_told_after_the_event_is_kept(self, parts: Parts, bell: Doorbell) -> None:
        hearing(parts)
        seen: list[list[str]] = []

        def listening(*_: object) -> int:
            seen.append([row.state for row in all_deliveries(parts)])
            return 1

        object.__setattr__(parts, "fill", listening)
        happened(parts)

        assert seen == [["pending"]]

    def test_a_fault_in_ringing_is_no_fault_of_what_happened(self, parts: Parts) -> None:
        hearing(parts)

        def broken(*_: object) -> int:
            raise RuntimeError

        object.__setattr__(parts, "fill", broken)
        happened(parts)

        assert [row.state for row in all_deliveries(parts)] == ["pending"]

    def test_a_broker_that_is_down_loses_nothing(self, parts: Parts, bell: Doorbell) -> None:
        hearing(parts)
        bell.broken = True
        happened(parts)
        assert ring_due(parts, [DELIVERIES]) == 0
        bell.broken = False

        assert (ring_due(parts, [DELIVERIES]), rings(bell)) == (1, 1)


class TestWhoHears:
    def test_the_sites_own_and_those_of_every_site(self, parts: Parts) -> None:
        mine, everybodys = hearing(parts), hearing(parts, site=None)
        hearing(parts, site="courier")
        happened(parts)

        assert sorted(row.endpoint_id for row in all_deliveries(parts)) == sorted([mine, everybodys])

    def test_all_hear_the_same_event_by_the_same_id(self, parts: Parts) -> None:
        hearing(parts)
        hearing(parts)
        happened(parts)
        happened(parts)

        ids = [row.event_id for row in all_deliveries(parts)]
        assert (len(ids), len(set(ids))) == (4, 2)

    def test_only_the_events_it_asked_for(self, parts: Parts) -> None:
        hearing(parts, events=("clip.failed", "report.received"))
        for kind in ("clip.ready", "clip.failed", "clip.withdrawn", "report.received", "report.resolved"):
            happened(parts, kind)

        assert [row.type for row in all_deliveries(parts)] == ["clip.failed", "report.received"]

    def test_one_that_is_off_or_removed_hears_nothing(self, parts: Parts) -> None:
        off, gone = hearing(parts), hearing(parts)
        change_endpoint(parts, off, Change(enabled=False))
        remove_endpoint(parts, gone)
        happened(parts)
        change_endpoint(parts, off, Change(enabled=True))
        happened(parts)

        assert [row.endpoint_id for row in all_deliveries(parts)] == [off]

    def test_switching_off_ends_what_waits(self, parts: Parts) -> None:
        off = hearing(parts)
        happened(parts)
        change_endpoint(parts, off, Change(enabled=False))

        assert [row.state for row in all_deliveries(parts)] == ["failed"]

    def test_one_that_is_left_alone_is_not_rung_for(self, parts: Parts, bell: Doorbell) -> None:
        paused = hearing(parts)
        set_row(parts, paused, CallbackEndpointRow, paused_until_ms=99_999_999_999_999)
        happened(parts)

        assert (len(all_deliveries(parts)), rings(bell), ring_due(parts, [DELIVERIES])) == (1, 0, 0)

    @pytest.mark.parametrize(
        "url",
        [
            "http://example.org/hook",
            "https://127.0.0.1/hook",
            "https://localhost/hook",
            "https://169.254.169.254/latest",
            "https://user:pass@example.org/",
            "https://example.org:22/",
            "https://metadata.internal/",
            "ftp://example.org/",
            "https://[::1]/",
            "https://0x7f000001/",
        ],
    )
    def test_an_address_that_is_never_called_is_refused(self, parts: Parts, url: str) -> None:
        with pytest.raises(AddressRefused):
            add_endpoint(parts, EndpointDraft(url=url, site="gazette"))
        with pytest.raises(AddressRefused):
            submit(parts, make_article(), Wish(voice="tone:beep", callback_url=url))
        known = hearing(parts)
        with pytest.raises(AddressRefused):
            change_endpoint(parts, known, Change(url=url))

        assert [row.url for row in list_endpoints(parts.database)] == [URL]

    def test_what_is_entered_is_checked(self, parts: Parts) -> None:
        with pytest.raises(InputRefused):
            hearing(parts, events=("clip.exploded",))
        with pytest.raises(InputRefused):
            hearing(parts, note="x" * 201)
        with pytest.raises(NotFound):
            remove_endpoint(parts, "cbk_nobody")


class TestJobsOwnAddress:
    WISH = Wish(voice="tone:beep", callback_url="http://cms.lan/done?article=1")

    def fail(self, parts: Parts, job_id: str) -> None:
        lease = claim(parts, job_id, "test")
        assert lease is not None
        settle_job(parts, lease, UnspeakableText("no"))

    def test_a_job_that_ended_calls_its_callback_url(self, parts: Parts, bell: Doorbell) -> None:
        job_id = submit(parts, make_article(), self.WISH).job_id
        self.fail(parts, job_id)

        [row] = all_deliveries(parts)
        assert (row.url, row.type) == ("http://cms.lan/done?article=1", "clip.failed")
        assert rings(bell) == 1

    def test_jobs_of_one_site_share_a_host_and_its_secret(self, parts: Parts) -> None:
        for number in range(3):
            wish = Wish(voice="tone:beep", callback_url=f"http://CMS.lan/done?article={number}")
            self.fail(parts, submit(parts, make_article(external_id=str(number)), wish).job_id)
        other = submit(parts, make_article(site="courier"), self.WISH).job_id
        self.fail(parts, other)

        found = [(row.site, row.url, row.secret_owner) for row in list_endpoints(parts.database)]
        assert found == [
            ("gazette", "http://cms.lan", "site:gazette"),
            ("courier", "http://cms.lan", "site:courier"),
        ]

    def test_who_sends_the_same_article_again_is_called_too(self, parts: Parts) -> None:
        job_id = submit(parts, make_article(), TONE).job_id
        again = submit(parts, make_article(), self.WISH)
        self.fail(parts, job_id)

        assert (again.job_id, again.created) == (job_id, False)
        assert [row.url for row in all_deliveries(parts)] == ["http://cms.lan/done?article=1"]

    def test_a_jobs_host_goes_by_what_jobs_say(self, parts: Parts) -> None:
        self.fail(parts, submit(parts, make_article(), self.WISH).job_id)
        [host] = list_endpoints(parts.database)

        with pytest.raises(Conflict):
            remove_endpoint(parts, host.id)
        happened(parts)
        assert len(all_deliveries(parts)) == 1
