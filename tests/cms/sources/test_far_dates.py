"""Dates at the ends of the calendar: CMSs send 0001-01-01 for "no date" and 9999-12-31 for "never"."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from tests.cms.sources.test_site_dates import HOOK, document
from tests.parts.feed_turns import rows
from tests.web.test_jobs import article, keyed
from tts_service.article.page_facts import _moment as page_moment
from tts_service.cms.feeds.parse import moment_ms
from tts_service.cms.inbox.apply import Arrival, apply_event
from tts_service.cms.sources.base import Event, EventKind
from tts_service.cms.sources.fields import moment, site_moment
from tts_service.db.tables import ArticleRow, JobRow
from tts_service.newsroom.sites import set_options
from tts_service.parts import Parts
from tts_service.values.moments import LATEST, in_range, utc_of
from tts_service.web.app import create_app
from tts_service.web.reading import iso

LATEST_MS = round(LATEST.timestamp() * 1000)
EMPTY = (
    "0000-00-00 00:00:00",
    "0000-00-00",
    "0001-01-01T00:00:00",
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "0001-01-01",
    "0001-01-01T23:59:59-12:00",
)
NEVER = ("9999-12-31T23:59:59", "9999-12-31T23:59:59.999999-12:00", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59+14:00")
ZONES = ("Europe/Berlin", "Pacific/Honolulu", "Pacific/Kiritimati")


@pytest.fixture
def client(parts: Parts) -> Iterator[TestClient]:
    with TestClient(create_app(parts), headers=keyed(parts), raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize("zone", ZONES[:2])
def test_every_date_at_the_ends_is_taken_by_the_api(client: TestClient, parts: Parts, zone: str) -> None:
    set_options(parts.database, "gazette", {"time_zone": zone})
    for number, date in enumerate((*EMPTY, *NEVER)):
        sent = article(id=str(number), published_at=date) | {"voice": "tone:beep", "publish_at": date}
        answer = client.post("/v1/jobs", json=sent)
        assert answer.status_code == 202, (date, answer.text)
        assert client.get(answer.headers["location"]).status_code == 200
        due = answer.json()["not_before"]
        assert (due[:4] == "9999") == (date in NEVER), date
    assert client.get("/feeds/gazette.rss").status_code == 200
    kept = [row.published_ms for row in rows(parts, ArticleRow)]
    assert kept[: len(EMPTY)] == [None] * len(EMPTY)
    assert all(ms is not None and LATEST_MS - 86_400_000 < ms <= LATEST_MS for ms in kept[len(EMPTY) :])


def test_an_embargo_without_a_zone_is_in_the_sites(client: TestClient, parts: Parts) -> None:
    set_options(parts.database, "gazette", {"time_zone": "Europe/Berlin"})
    for date, due in (
        ("2036-07-01T10:00", "2036-07-01T08:00:00.000Z"),
        ("2036-12-01", "2036-11-30T23:00:00.000Z"),
        ("2036-07-01T10:00:00+00:00", "2036-07-01T10:00:00.000Z"),
    ):
        answer = client.post("/v1/jobs", json=article() | {"voice": "tone:beep", "publish_at": date})
        assert answer.is_success, answer.text
        assert answer.json()["not_before"] == due


def test_a_job_kept_with_a_time_beyond_the_calendar_is_shown(client: TestClient, parts: Parts) -> None:
    made = client.post("/v1/jobs", json=article() | {"voice": "tone:beep"})
    with parts.database.writing() as session:
        session.execute(update(JobRow).values(due_ms=LATEST_MS * 2))
    assert client.get(made.headers["location"]).json()["not_before"] == iso(LATEST_MS)


@pytest.mark.parametrize("zone", ZONES[:2])
def test_a_webhooks_dates_at_the_ends_keep_their_meaning(parts: Parts, zone: str) -> None:
    """An embargo until "never" stays one, an end at "no date" is none."""
    set_options(parts.database, "gazette", {"time_zone": zone})

    clock = count(1)

    def state(**dates: Any) -> str:
        now = next(clock)
        event = Event(kind=EventKind.PUBLISHED, external_id="7", document=document(**dates), changed_ms=now)
        done = apply_event(parts, HOOK, event, Arrival(received_ms=now))
        assert done is not None
        return done.state

    for date in NEVER:
        assert state(publish_at=site_moment(date)) == "withdrawn", date
    for date in EMPTY:
        read = site_moment(date)
        assert state(published_at=read, publish_at=read, expires_at=read) in ("queued", "unchanged"), date
    for date in (datetime.min, datetime.max):  # from a source that reads dates in its own way
        assert state(published_at=date, expires_at=date) in ("queued", "unchanged"), date


def test_dates_from_everywhere_are_none_or_in_range() -> None:
    for date in EMPTY:
        assert (moment(date), site_moment(date), moment_ms(date, ZoneInfo("Asia/Tokyo")), page_moment(date)) == (
            None,
            None,
            None,
            None,
        )
    for date in NEVER:
        for zone in map(ZoneInfo, ZONES):
            assert (moment_ms(date, zone) or 0) <= LATEST_MS
        read = moment(date)
        assert read is not None
        assert LATEST - timedelta(days=1) <= read <= LATEST
    assert moment_ms("Mon, 01 Jan 0001 00:00:00 +0000") is None
    for zone in map(ZoneInfo, ZONES):
        assert in_range(datetime(2025, 7, 1, 9, tzinfo=zone)) == datetime(2025, 7, 1, 9, tzinfo=zone)
        assert LATEST.astimezone(zone).year == utc_of(10**18).astimezone(zone).year == 9999
    assert in_range(datetime(2, 1, 1, tzinfo=UTC)) == datetime(2, 1, 1, tzinfo=UTC)


def test_after_a_fault_of_ours_the_connection_is_said_to_end(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server closes it once it has logged the error: without the header the next request would be reset."""
    monkeypatch.setattr("tts_service.web.api.jobs.submit", lambda *_: 1 / 0)
    answer = client.post("/v1/jobs", json=article())
    assert (answer.status_code, answer.headers["connection"]) == (500, "close")
