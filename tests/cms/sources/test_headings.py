"""Sections and tags as CMSs tell them, up to the article's revision."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from tests.parts.webhooks import Letter, body_of, desk, event_in, make_hook, now_ms, signature
from tts_service.cms.inbox.addresses import hook_path
from tts_service.cms.inbox.process import process_due
from tts_service.cms.sources.base import Delivery, Hook
from tts_service.cms.sources.fields import heading
from tts_service.cms.sources.registry import SOURCES
from tts_service.db.tables import ArticleRevisionRow
from tts_service.parts import Parts


def section_of(source: str, body: dict[str, Any]) -> str | None:
    """What the source makes of a body."""
    event = event_in(Hook(id="hook_1", source=source, site="gazette", secret="x"), body)
    assert event.document is not None, event.reason
    return event.document.section


def test_ghosts_primary_tag_is_the_section() -> None:
    body = json.loads(body_of("ghost", "published"))
    assert section_of("ghost", body) is None
    body["post"]["current"]["primary_tag"] = {"id": "1", "name": "Local news", "slug": "local-news"}
    assert section_of("ghost", body) == "Local news"


def test_the_first_category_of_wordpress_rest_is_the_section() -> None:
    terms = [[{"taxonomy": "category", "name": "Harbour"}], [{"taxonomy": "post_tag", "name": "ferry"}]]
    post = {
        "id": 7,
        "type": "post",
        "status": "publish",
        "title": {"rendered": "T"},
        "content": {"rendered": "<p>One.</p>"},
        "_embedded": {"wp:term": terms},
    }
    delivery = Delivery(body=b"", headers={"x-wc-webhook-topic": "action.x"}, path="/", received_ms=now_ms())
    hook = Hook(id="hook_1", source="woocommerce", site="gazette", secret="x")
    source: Any = SOURCES["woocommerce"]
    document = source.answered(post, source.read(delivery, {"action": "x", "arg": 7}, hook)[0], hook).document
    assert (document.section, document.tags) == ("Harbour", ("harbour", "ferry"))


@pytest.mark.parametrize(
    ("told", "section"),
    [
        ("Politics", "Politics"),
        (" Cul\nture  and\ttheatre ", "Cul ture and theatre"),
        ({"name": "Sport"}, "Sport"),
        ({"slug": "s"}, "s"),
        (["A", "B"], "A"),
        ([], None),
        (7, None),
        ("", None),
        ({"name": ["x"]}, None),
        ("x" * 300, "x" * 100),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_section_is_a_line_whatever_a_cms_sends(told: Any, section: str | None) -> None:
    assert heading(told) == section


@pytest.mark.parametrize("name", ["section", "category", "channel"])
def test_section_and_tags_reach_the_articles_revision(parts: Parts, name: str) -> None:
    hook = make_hook(parts, "generic")
    data = {"id": "1", "title": "T", "html": "<p>One sentence.</p>", name: "Politics", "tags": ["Ferry", "Harbour"]}
    body = json.dumps({"type": "article.published", "data": data}).encode()
    letter = Letter(secret=hook.secret, body=body, path=hook_path(hook), sent_ms=now_ms())
    with desk(parts) as here:
        headers = {"content-type": "application/json", **signature("generic", letter)}
        assert here.client.post(hook_path(hook), content=body, headers=headers).status_code == 202
    process_due(parts)
    with parts.database.reading() as session:
        row = session.scalars(select(ArticleRevisionRow)).one()
    assert (row.section, row.tags) == ("Politics", ["ferry", "harbour"])
