"""One row for each queue that is due now, straight in the tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import update

from tests.parts.clip_rows import RowArticle, insert_clips, paragraphs
from tests.parts.factories import make_article
from tts_service.callbacks.deliveries import DELIVERIES
from tts_service.callbacks.secret import secret_row
from tts_service.cms.checks.rounds import CHECKS
from tts_service.cms.feeds.turn import FEEDS
from tts_service.cms.inbox.process import ARRIVALS, LOOKUPS
from tts_service.db.session import new_id
from tts_service.db.tables import (
    Base,
    CallbackEndpointRow,
    ClipRevisionRow,
    DeliveryRow,
    InboundEventRow,
    SiteFeedRow,
    SiteRoundRow,
)
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.left_out import FORMATS
from tts_service.jobs.submit import submit
from tts_service.parts import Parts
from tts_service.queue.turns import WorkQueue

Plant = Callable[[Parts, str], None]
"""Puts one more row of a party (a site, or an endpoint) in a queue."""


def _add(parts: Parts, row: Base) -> None:
    with parts.database.writing() as session:
        session.add(row)


def _delivery(parts: Parts, party: str) -> None:
    with parts.database.writing() as session:
        if session.get(CallbackEndpointRow, party) is None:
            secret_row(session, party, 1)
            of_party: dict[str, Any] = {"id": party, "secret_owner": party, "url": f"http://cms.lan/{party}"}
            session.add(
                CallbackEndpointRow(**of_party, events="", note="", disabled_reason="", created_ms=1, updated_ms=1)
            )
            session.flush()
        what = {"id": new_id("dlv"), "event_id": new_id("evt"), "endpoint_id": party, "type": "clip.ready"}
        session.add(DeliveryRow(**what, site=party, body="{}", state="pending", reason="", due_ms=1, created_ms=1))


def _event(parts: Parts, party: str, *, asks: bool) -> None:
    what: dict[str, Any] = {"id": new_id("evt"), "event_key": new_id("key"), "site": party, "asks": asks}
    came = {"path": "/", "headers": {}, "received_ms": 1, "due_ms": 1}
    _add(parts, InboundEventRow(**what, **came, hook_id="hook_1", source="generic", state="received", reason=""))


def _feed(parts: Parts, party: str) -> None:
    name = new_id("feed")
    _add(parts, SiteFeedRow(id=name, site=party, url=f"https://{name}/", due_ms=1, error="", told={}, created_ms=1))


def _round(parts: Parts, party: str) -> None:
    _add(parts, SiteRoundRow(site=party, due_ms=1, counts={}, last={}))


def _revision(parts: Parts, party: str) -> None:
    article = RowArticle(external_id=new_id("x"), site=party, blocks=paragraphs("One."), sentences=False)
    insert_clips(parts, [article])
    with parts.database.writing() as session:
        session.execute(update(ClipRevisionRow).filter_by(clip_id=article.clip_id).values(again_ms=1))


def plant_job(parts: Parts, party: str) -> None:
    submit(parts, make_article(site=party, external_id=new_id("x")), Wish(voice="tone:beep"))


PLANTS: dict[WorkQueue[Any], Plant] = {
    DELIVERIES: _delivery,
    ARRIVALS: lambda parts, party: _event(parts, party, asks=False),
    LOOKUPS: lambda parts, party: _event(parts, party, asks=True),
    FEEDS: _feed,
    CHECKS: _round,
    FORMATS: _revision,
}
"""Every queue but those of jobs, which have states of their own."""
