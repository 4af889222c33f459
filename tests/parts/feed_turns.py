"""Turns with feeds for tests, and articles that webhooks brought or missed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from tests.parts.factories import make_article
from tests.parts.feed_site import Publisher, ago
from tests.parts.queues import drain
from tts_service.cms.feeds.fetch import Politeness
from tts_service.cms.feeds.register import add_feed, feeds_of, read_soon
from tts_service.cms.feeds.turn import FEEDS, read_due_feed
from tts_service.db.tables import JobRow
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.submit import submit
from tts_service.parts import Parts

TONE = Wish(voice="tone:beep")


def turn(parts: Parts, site: Publisher) -> dict[str, int]:
    """Every feed is due now: one turn with each."""
    read_soon(parts, "gazette")
    states: dict[str, int] = {}
    for counts in drain(parts, FEEDS, lambda fenced, one: read_due_feed(fenced, site.outbound, one, lambda _: None)):
        for state, count in counts.items():
            states[state] = states.get(state, 0) + count
    return states


def told(parts: Parts) -> dict[str, Any]:
    [feed] = feeds_of(parts.database, "gazette")
    return feed.told


def rows(parts: Parts, table: type[Any]) -> list[Any]:
    with parts.database.reading() as session:
        return list(session.scalars(select(table)))


def jobs(parts: Parts) -> list[JobRow]:
    with parts.database.reading() as session:
        return list(session.scalars(select(JobRow).order_by(JobRow.id)))


def polite() -> Politeness:
    """Politeness that doesn't wait."""
    return Politeness(pause_s=0, sleep=lambda _: None)


def missed_webhook(parts: Parts, site: Publisher, path: str = "/bridge", days: float = 0.5) -> str:
    """A feed with one article that nobody told of."""
    url = site.page(path, "The bridge opened")
    add_feed(parts, "gazette", site.rss("/rss", [(url, days)]), "test")
    return url


def from_cms(parts: Parts, url: str, days_ago: float, **values: Any) -> str:
    """An article that came by webhook."""
    changed = int(ago(days_ago).timestamp() * 1000)
    article = make_article(**({"external_id": "post-7", "url": url} | values))
    return submit(parts, article, TONE, as_of_ms=changed).job_id
