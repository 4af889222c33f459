"""Dates without a zone are in the site's; a date in the future keeps no article on top of the feeds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from tests.parts.factories import make_article
from tests.parts.feed_site import Publisher
from tests.parts.quick_render import prepare_job
from tests.parts.small_internet import reply
from tests.web.test_jobs import keyed
from tests.web.test_podcast import filed, read
from tts_service.cms.feeds.fetch import Known, Politeness, fetch_feed
from tts_service.cms.inbox.apply import Arrival, apply_event
from tts_service.cms.sources.article_of import document_of
from tts_service.cms.sources.base import Document, Event, EventKind, Hook, HookOptions
from tts_service.db.tables import ArticleRow, ClipRevisionRow
from tts_service.errors import OptionsRefused
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.lease import claim
from tts_service.jobs.owner import this_owner
from tts_service.jobs.submit import submit
from tts_service.newsroom.sites import set_options
from tts_service.parts import Parts
from tts_service.values import SourceFormat
from tts_service.values.site_options import SiteOptions

BERLIN = {"time_zone": "Europe/Berlin"}
NAIVE, THERE = datetime(2025, 7, 1, 9, 30), datetime(2025, 7, 1, 7, 30, tzinfo=UTC)
TONE = Wish(voice="tone:beep")
HOOK = Hook(id="hook_1", source="directus", site="gazette", secret="s" * 32, options=HookOptions(voice="tone:beep"))


def published(parts: Parts) -> datetime:
    with parts.database.reading() as session:
        ms = session.scalars(select(ArticleRow.published_ms)).one()
    assert ms is not None
    return datetime.fromtimestamp(ms / 1000, UTC)


def document(**values: Any) -> Document:
    return Document(external_id="7", source="One sentence.", source_format=SourceFormat.TEXT, title="Bridge", **values)


@pytest.mark.parametrize(("options", "utc"), [(BERLIN, THERE), ({}, NAIVE.replace(tzinfo=UTC))])
def test_an_article_sent_by_api_is_dated_in_the_sites_zone(
    options: dict[str, Any], utc: datetime, client: TestClient, parts: Parts
) -> None:
    set_options(parts.database, "gazette", options)
    article = {"site": "gazette", "id": "1", "text": "One sentence.", "published_at": "2025-07-01T09:30:00"}
    sent = client.post("/v1/jobs", json={"article": article, "voice": "tone:beep"}, headers=keyed(parts))
    assert (sent.status_code, published(parts)) == (202, utc)


@pytest.mark.parametrize("written", [THERE, THERE.astimezone(datetime.now().astimezone().tzinfo)])
def test_a_date_with_a_zone_stays(written: datetime, parts: Parts) -> None:
    set_options(parts.database, "gazette", {"time_zone": "Asia/Tokyo"})
    submit(parts, make_article(published_at=written), TONE)
    assert published(parts) == THERE


def test_winter_and_summer_time_are_told_apart() -> None:
    berlin = SiteOptions(time_zone="Europe/Berlin")
    assert berlin.dated(datetime(2025, 1, 1, 9)) == datetime(2025, 1, 1, 8, tzinfo=UTC)
    assert berlin.dated(datetime(2025, 7, 1, 9)) == datetime(2025, 7, 1, 7, tzinfo=UTC)
    assert berlin.dated(None) is None


def test_a_webhooks_article_is_dated_in_the_sites_zone(parts: Parts) -> None:
    set_options(parts.database, "gazette", BERLIN)
    entry = {"id": 7, "title": "Bridge", "body": "One sentence.", "date_published": "2025-07-01T09:30:00"}
    event = Event(kind=EventKind.PUBLISHED, external_id="7", document=document_of(entry, HOOK, "7"), changed_ms=1)
    done = apply_event(parts, HOOK, event, Arrival(received_ms=2))
    assert done is not None
    assert (done.state, published(parts)) == ("queued", THERE)


@pytest.mark.parametrize(("name", "state"), [("publish_at", "withdrawn"), ("expires_at", "queued")])
def test_an_embargo_and_an_end_are_in_the_sites_zone(name: str, state: str, parts: Parts) -> None:
    """Honolulu is ten hours behind: what there is still to come is over in UTC."""
    set_options(parts.database, "gazette", {"time_zone": "Pacific/Honolulu"})
    soon = (datetime.now(UTC) - timedelta(hours=5)).replace(tzinfo=None, microsecond=0)
    event = Event(kind=EventKind.PUBLISHED, external_id="7", document=document(**{name: soon}), changed_ms=1)
    done = apply_event(parts, HOOK, event, Arrival(received_ms=2))
    assert done is not None
    due = soon.replace(tzinfo=UTC) + timedelta(hours=10)
    assert (done.state, done.due_ms) == (state, round(due.timestamp() * 1000))


def test_a_feeds_dates_are_in_the_sites_zone(site: Publisher) -> None:
    item = "<item><link>http://gazette.example/a</link><pubDate>Tue, 01 Jul 2025 09:30:00</pubDate></item>"
    body = f'<rss version="2.0"><channel>{item}</channel></rss>'
    site.pages["/rss"] = reply(body.encode(), "Content-Type: application/rss+xml")
    politeness = Politeness(pause_s=0, sleep=lambda _: None)
    zone = SiteOptions(time_zone="Europe/Berlin").zone
    feed = fetch_feed(site.outbound, "http://gazette.example/rss", Known(), politeness, zone).feed
    assert feed is not None
    assert feed.entries[0].changed_ms == round(THERE.timestamp() * 1000)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("2025-07-01T09:30:00", "2025-07-01T09:30:00+02:00"),
        ("2025-01-01T09:30:00", "2025-01-01T09:30:00+01:00"),
        ("2025-07-01T09:30:00Z", "2025-07-01T09:30:00+00:00"),
    ],
)
def test_a_pages_own_date_is_in_the_sites_zone(written: str, kept: str, parts: Parts) -> None:
    set_options(parts.database, "gazette", BERLIN)
    head = f'<meta property="article:published_time" content="{written}">'
    page = f"<!doctype html><html><head>{head}</head><body><article><p>One sentence only.</p></article></body></html>"
    article = make_article(source=page, source_format=SourceFormat.HTML, published_at=None)
    job_id = submit(parts, article, TONE).job_id
    lease = claim(parts, job_id, this_owner())
    assert lease is not None
    prepare_job(parts, lease)
    with parts.database.reading() as session:
        assert session.scalars(select(ClipRevisionRow.published_at)).one() == kept


@pytest.mark.parametrize("zone", ["Berlin", "CET+1", "../../etc/passwd", "/etc/localtime", "", "Europe", 7, None])
def test_what_is_no_time_zone_is_refused(zone: Any, parts: Parts) -> None:
    with pytest.raises(OptionsRefused, match="time_zone"):
        set_options(parts.database, "gazette", {"time_zone": zone})


def test_a_date_in_the_future_keeps_no_article_on_top(client: TestClient, parts: Parts) -> None:
    now = round(datetime.now(UTC).timestamp() * 1000)
    filed(parts, "typo", at=now + 400 * 86_400_000)
    filed(parts, "new", at=now - 1000)
    filed(parts, "old", at=now - 86_400_000)
    made_ms = {row.id: row.created_ms for row in _articles(parts)}
    feed = read(client)
    assert made_ms["art_typo"] < now - 86_400_000  # it arrived before the others were published
    assert [entry.id for entry in feed.entries] == ["clip_new", "clip_old", "clip_typo"]
    assert all(datetime(*entry.published_parsed[:6], tzinfo=UTC) <= datetime.now(UTC) for entry in feed.entries)


def _articles(parts: Parts) -> list[ArticleRow]:
    with parts.database.reading() as session:
        return list(session.scalars(select(ArticleRow)))
