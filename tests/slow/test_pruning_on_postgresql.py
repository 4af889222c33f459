"""Pruning, quotas and metrics on PostgreSQL, with rows that match each condition."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from tests.corrections.desk_bench import Newsroom
from tests.parts.callbacks import all_deliveries, happened, set_row
from tests.parts.factories import delete_all_rows, make_parts
from tests.parts.metrics import TOKEN, scraped, value_of
from tests.parts.quick_render import Workers
from tests.retention.test_prune import DAY_MS, Clock, edited, names, revisions
from tts_service.callbacks.endpoints import EndpointDraft, add_endpoint
from tts_service.db.tables import AuditRow, DeliveryRow, InboundEventRow, JobRow, ListeningRow
from tts_service.errors import QuotaExceeded
from tts_service.jobs.store_owner import OTHER_OWNER, OWNER_OBJECT
from tts_service.monitoring.reporting import Reporter
from tts_service.monitoring.weighing import weigh_store
from tts_service.newsroom import quotas
from tts_service.newsroom.sites import set_options
from tts_service.parts import Parts
from tts_service.retention import orphans
from tts_service.retention.doomed import LATE_WRITES_MS, delete_doomed
from tts_service.retention.ownership import UNKNOWN_OBJECTS, adopt_store
from tts_service.retention.prune import Pruner, prune_all, weigh_all
from tts_service.values.site_options import USUAL
from tts_service.web.app import create_app

pytestmark = pytest.mark.slow


@pytest.fixture
def parts(tmp_path: Path, postgres: str) -> Iterator[Parts]:
    built = make_parts(tmp_path, database_url=postgres, metrics_token=TOKEN)
    delete_all_rows(built.database)
    yield built
    built.close()


@pytest.fixture
def newsroom(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> Newsroom:
    return Newsroom(parts, Workers(parts, monkeypatch))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def test_an_earlier_version_goes_after_the_sites_days(newsroom: Newsroom, clock: Clock) -> None:
    parts = newsroom.parts
    clip = edited(newsroom, 2)
    clock.days(parts, 2)
    assert names(parts, "live/") == set()
    assert revisions(parts, clip) == [1, 2, 3]
    clock.days(parts, USUAL.keep_audio_days)
    assert revisions(parts, clip) == [3]
    with parts.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(JobRow)) == 1
    assert {name.rpartition("/")[2] for name in names(parts, "segments/")} == set(newsroom.keys(clip, 3))


def test_a_dry_run_says_what_then_goes_of_every_kind(
    newsroom: Newsroom, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = newsroom.parts
    monkeypatch.setattr(orphans, "GRACE_MS", 0)
    clip = edited(newsroom, 2)
    prune_all(parts)  # the earlier versions' time begins
    set_options(parts.database, "gazette", {"keep_webhooks_days": 10, "keep_audio_days": 1})
    set_options(parts.database, "courier", {"keep_webhooks_days": 40})
    add_endpoint(parts, EndpointDraft(url="https://cms.example/hear", site="gazette"))
    happened(parts)
    happened(parts)
    old, recent = all_deliveries(parts)[-2:]
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        for number, (site, days) in enumerate(((None, 31), ("gazette", 11), ("gazette", 7), ("courier", 31))):
            session.add(event_row(f"evt_{number}", site, now - days * DAY_MS))
        session.add(ListeningRow(clip_id=clip, revision=3, day="2020-01-01", what="play", times=3))
        session.add(audit_row("aud_old", now - 1000 * DAY_MS))
        session.add(audit_row("aud_recent", now - 700 * DAY_MS))
    set_row(parts, old.id, DeliveryRow, state="delivered", done_ms=now - 11 * DAY_MS)
    set_row(parts, recent.id, DeliveryRow, state="delivered", done_ms=now - 7 * DAY_MS)
    parts.store.put("segments/ab/abcd", b"12")
    parts.store.put(f"clips/{clip}/9/a.mp3", b"123")
    parts.store.put(f"clips/{clip}/99999999999/a.mp3", b"1234")
    clock.ahead_ms = int(1.5 * DAY_MS)
    told = weigh_all(parts)
    done = prune_all(parts)
    assert (told.amounts, told.bytes) == (done.amounts, done.bytes)
    wanted = {"webhooks": 2, "callbacks": 1, "audit lines": 1, "listening figures": 1, "stray files": 3, "segments": 2}
    assert {kind: count for kind, count in told.amounts.items() if kind in wanted} == wanted
    assert told.amounts["revisions"] == 2


def event_row(event_id: str, site: str | None, received_ms: int) -> InboundEventRow:
    return InboundEventRow(
        id=event_id,
        source="ghost",
        site=site,
        state="done",
        reason="",
        path="/",
        headers={},
        received_ms=received_ms,
        due_ms=received_ms,
    )


def audit_row(row_id: str, at_ms: int) -> AuditRow:
    return AuditRow(id=row_id, at_ms=at_ms, who="service", what="site.policy", subject="gazette", details={})


def test_orphans_in_s3_go(
    tmp_path: Path, postgres: str, s3: dict[str, str], monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    parts = make_parts(tmp_path, database_url=postgres, **s3)
    delete_all_rows(parts.database)
    monkeypatch.setattr(orphans, "GRACE_MS", 0)
    newsroom = Newsroom(parts, Workers(parts, monkeypatch))
    clip = edited(newsroom, 1)
    kept = names(parts, "")
    parts.store.put(f"clips/{clip}/7/a.mp3", b"sound")
    parts.store.put("segments/ab/abcd", b"sound")
    assert Pruner(parts).turn().amounts["stray files"] == 2
    clock.ahead_ms = LATE_WRITES_MS
    delete_doomed(parts)
    assert names(parts, "") - {"pruning/clock", OWNER_OBJECT} == kept
    parts.close()


def test_two_installations_on_one_bucket_are_told_apart(
    tmp_path: Path, postgres: str, s3: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = make_parts(tmp_path, database_url=postgres, **s3), make_parts(tmp_path / "two", **s3)
    delete_all_rows(one.database)
    monkeypatch.setattr(orphans, "GRACE_MS", 0)
    edited(Newsroom(one, Workers(one, monkeypatch)), 0)
    kept = names(one, "")
    assert Pruner(two).turn().store_refusal == UNKNOWN_OBJECTS
    assert Pruner(one).turn().store_refusal is None
    assert prune_all(two).store_refusal == OTHER_OWNER
    assert names(one, "") - {"pruning/clock", OWNER_OBJECT} == kept
    adopt_store(two.database, two.store)
    assert Pruner(one).turn().store_refusal == OTHER_OWNER
    assert prune_all(two).amounts["stray files"] == len(kept)
    assert names(one, "") == {"pruning/clock", OWNER_OBJECT}
    one.close()
    two.close()


def test_quotas_of_characters_and_bytes_are_kept(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = newsroom.parts
    monkeypatch.setattr(quotas, "_BYTES_FOR_S", 0.0)
    newsroom.publish(text="One sentence.")
    for options in ({"characters_a_day": 20}, {"characters_a_month": 20}, {"stored_bytes": 1}):
        set_options(parts.database, "gazette", options)
        with pytest.raises(QuotaExceeded) as refused:
            newsroom.save("2", "Another sentence.")
        assert refused.value.details["used"] > 1
    newsroom.save("3", "Another sentence.", site="courier")


def test_reports_add_up_and_a_scrape_tells_them(newsroom: Newsroom) -> None:
    parts = newsroom.parts
    add_endpoint(parts, EndpointDraft(url="https://cms.example/hear", site="gazette"))
    newsroom.publish(text="One sentence.")
    happened(parts)
    weigh_store(parts)
    weigh_store(parts)
    reporter = Reporter(lambda: parts.database, "worker", "worker|1|1")
    reporter.report()
    with TestClient(create_app(parts)) as client:
        before = scraped(client)
        newsroom.publish(text="Another sentence.")
        reporter.report()
        after = scraped(client)
    ended = [value_of(found, "tts_jobs_ended_total", state="succeeded") or 0 for found in (before, after)]
    assert ended[1] == ended[0] + 1
    assert value_of(after, "tts_processes", part="worker") == 1
    assert (value_of(after, "tts_callbacks_waiting") or 0) >= 1
    assert (value_of(after, "tts_kept_bytes", kind="clips") or 0) > 0
