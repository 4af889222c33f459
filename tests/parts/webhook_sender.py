"""A CMS that sends what a test says, and a stranger without cookies who tries everything that a clip has."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from tests.parts.queues import ask_cms
from tests.parts.quick_render import Workers
from tests.parts.webhooks import Desk, signed_delivery
from tts_service.cms.inbox.cms_api import Fetch
from tts_service.cms.inbox.process import process_due
from tts_service.cms.inbox.staff import EventFacts, list_events
from tts_service.cms.sources.base import Hook
from tts_service.db.tables import ArticleRow, ClipRow, JobRow

T = 1_740_000_000_000
"""A whole second."""
UUID = "2f1c7b9e-4b0a-4d57-9f0e-6a1b2c3d4e5f"
ENGLISH, GERMAN = "<p>The railway runs again.</p>", "<p>Die Bahn fährt wieder.</p>"
TEXT = "<p>The harbour town of Elmsworth opened its new bridge on Monday.</p>"
SECRET_TEXT = "<p>The council will sell the harbour in secret next spring.</p>"


def iso(ms: int) -> str:
    """Milliseconds since 1970 as our plugin and our app write them."""
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds")


def standard_body(kind: str, *, as_of_ms: int | None = None, **data: Any) -> dict[str, Any]:
    """A body as our plugin sends it: `kind` is published, updated, closed, unpublished or deleted."""
    facts = {"id": "7", "type": "post", "title": "New bridge", "language": "en", **data}
    if as_of_ms is not None:
        facts["as_of"] = iso(as_of_ms)
    if kind in ("published", "updated"):
        facts.setdefault("html", TEXT)
        facts.setdefault("visibility", "public")
    return {"type": f"post.{kind}", "data": {name: value for name, value in facts.items() if value is not None}}


@dataclass
class Sender:
    """A CMS that calls a hook."""

    desk: Desk
    hook: Hook
    workers: Workers | None = None
    sent: itertools.count[int] = field(default_factory=itertools.count)

    def send(
        self,
        body: Any,
        *,
        headers: Mapping[str, str] | None = None,
        sent_ms: int | None = None,
        message_id: str | None = None,
        fetch: Fetch | None = None,
    ) -> EventFacts:
        """A signed delivery, done as beat and workers do it; the newest event."""
        signed = signed_delivery(
            self.hook,
            json.dumps(body).encode(),
            {"content-type": "application/json", **(headers or {})},
            sent_ms=sent_ms,
            message_id=message_id or f"msg_{next(self.sent)}",
        )
        answer = self.desk.client.post(signed.path, content=signed.body, headers=dict(signed.headers))
        assert answer.status_code in (200, 202), answer.text
        self.work(fetch)
        return list_events(self.desk.parts.database, limit=1)[0]

    def work(self, fetch: Fetch | None = None) -> None:
        """Beat's turn, and the workers' where the CMS is asked."""
        process_due(self.desk.parts, budget_s=30)
        if fetch is not None:
            ask_cms(self.desk.parts, fetch)

    def render(self) -> int:
        """Render what waits. Returns how many jobs there were."""
        assert self.workers is not None
        with self.desk.parts.database.reading() as session:
            waiting = session.scalars(select(JobRow.id).where(JobRow.state == "queued").order_by(JobRow.id)).all()
        return sum(self.workers.render(job_id) for job_id in waiting)


def outcome_of(event: EventFacts) -> str:
    """What became of the event's article."""
    assert event.outcome, event
    return str(event.outcome[0]["state"])


def rows(desk: Desk) -> dict[str, ArticleRow]:
    """The articles by their ids."""
    with desk.parts.database.reading() as session:
        return {row.external_id: row for row in session.scalars(select(ArticleRow))}


def job_count(desk: Desk) -> int:
    with desk.parts.database.reading() as session:
        return len(session.scalars(select(JobRow.id)).all())


def clip_of(desk: Desk, external_id: str) -> str | None:
    with desk.parts.database.reading() as session:
        mine = select(ClipRow.id).join(ArticleRow, ArticleRow.id == ClipRow.article_id)
        return session.scalar(mine.where(ArticleRow.external_id == external_id))


def heard_by_strangers(desk: Desk, external_id: str, *words: str) -> list[str]:
    """The addresses at which somebody without cookies, key or grant gets sound, text, or a mention of an article."""
    clip_id = clip_of(desk, external_id)
    if clip_id is None:
        return []
    below, base = f"/v1/clips/{clip_id}", desk.parts.settings.base_url
    paths = [
        below,
        *(f"{below}/{name}" for name in ("audio.mp3", "live.mp3", "marks.json", "transcript", "captions.vtt")),
        *(f"{below}/r/1/{name}" for name in ("audio.mp3", "marks.json", "transcript", "captions.vtt")),
        f"/embed/{clip_id}",
        f"/oembed?url={base}/listen/{clip_id}",
    ]
    found = [path for path in paths if desk.client.get(path, follow_redirects=True).status_code == 200]
    if desk.client.get(f"/v1/clips?site=gazette&article={external_id}").json()["clips"]:
        found.append("/v1/clips")
    for path in (f"/listen/{clip_id}", "/feeds/gazette.rss"):
        shown = desk.client.get(path).text
        if any(word in shown for word in (words or ("New bridge", "Elmsworth", "secret"))):
            found.append(path)
    return found


def node(langcode: str, *, at_ms: int, event: str = "entity:node:update", **more: Any) -> dict[str, Any]:
    """A node as Drupal's webhooks send it."""
    text = GERMAN if langcode.startswith("de") else ENGLISH
    entity = {
        "uuid": UUID,
        "type": "article",
        "langcode": langcode,
        "status": True,
        "title": "Railway",
        "changed": iso(at_ms),
        "default_langcode": langcode == "en",
        **more,
    }
    shown: dict[str, Any] = {name: [{"value": value}] for name, value in entity.items()}
    shown["type"] = [{"target_id": entity["type"]}]
    shown["body"] = [{"value": text, "processed": text}]
    return {"event": event, "entity": shown}


def heard(here: Desk) -> set[str]:
    """Ids of the articles that aren't withdrawn."""
    return {name for name, row in rows(here).items() if row.withdrawn_ms is None}
