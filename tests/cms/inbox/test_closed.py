"""Closed articles: still published, but not for everybody. Nothing of them is heard or read by a stranger."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.parts.quick_render import Workers
from tests.parts.webhook_sender import (
    SECRET_TEXT,
    TEXT,
    Sender,
    heard_by_strangers,
    job_count,
    outcome_of,
    rows,
    standard_body,
)
from tests.parts.webhooks import Desk, event_in, make_hook, now_ms
from tts_service.cms.sources.base import EventKind


@pytest.fixture
def cms(here: Desk, monkeypatch: pytest.MonkeyPatch) -> Sender:
    return Sender(here, make_hook(here.parts, "wordpress", voice="tone:beep"), Workers(here.parts, monkeypatch))


def published(cms: Sender, as_of_ms: int, **data: Any) -> None:
    """An article that everybody hears."""
    cms.send(standard_body("published", as_of_ms=as_of_ms, **data))
    assert cms.render() == 1
    assert len(heard_by_strangers(cms.desk, "7")) >= 12


CLOSINGS = {
    "closed": standard_body("closed", visibility="members"),
    "closed without saying who for": standard_body("closed"),
    "updated, for members, without text": standard_body("updated", visibility="members", html=None) | {},
    "updated, by password, with an empty text": standard_body("updated", visibility="password", html=" "),
    "unpublished": standard_body("unpublished"),
    "deleted": standard_body("deleted"),
}
CLOSINGS["updated, for members, without text"]["data"].pop("html", None)


@pytest.mark.parametrize("how", CLOSINGS)
def test_what_closes_is_silent_everywhere_and_opens_again_without_synthesis(cms: Sender, how: str) -> None:
    now = now_ms()
    published(cms, now)
    body = json.loads(json.dumps(CLOSINGS[how]))
    body["data"]["as_of"] = standard_body("closed", as_of_ms=now + 10)["data"]["as_of"]
    event = cms.send(body)
    assert (event.state, outcome_of(event)) == ("done", "withdrawn")
    assert heard_by_strangers(cms.desk, "7") == []

    cms.send(standard_body("published", as_of_ms=now + 20))
    assert cms.render() == 0
    assert job_count(cms.desk) == 1
    assert len(heard_by_strangers(cms.desk, "7")) >= 12


def test_who_a_closed_article_is_for_is_noted(cms: Sender) -> None:
    published(cms, now_ms())
    event = cms.send(standard_body("closed", as_of_ms=now_ms() + 10, visibility="paid"))
    assert rows(cms.desk)["7"].visibility == "paid"
    assert event.reason == "visibility paid"
    cms.send(standard_body("closed", as_of_ms=now_ms() + 20))
    assert rows(cms.desk)["7"].visibility == "restricted"


def test_a_closing_in_the_middle_of_a_rendering_ends_it(cms: Sender) -> None:
    now = now_ms()
    cms.send(standard_body("published", as_of_ms=now))
    cms.send(standard_body("closed", as_of_ms=now + 1, visibility="members"))
    assert cms.render() == 0
    assert heard_by_strangers(cms.desk, "7") == []


def test_text_for_members_never_opens_by_itself(cms: Sender) -> None:
    now = now_ms()
    cms.send(standard_body("published", as_of_ms=now, html=SECRET_TEXT, visibility="members"))
    cms.render()
    assert heard_by_strangers(cms.desk, "7", "secret") == []
    cms.send(standard_body("closed", as_of_ms=now + 10, visibility="members"))
    cms.send(standard_body("published", as_of_ms=now + 20))
    cms.render()
    found = heard_by_strangers(cms.desk, "7", "Elmsworth")
    assert [path for path in found if "/r/1/" in path] == []
    assert len(found) >= 8
    assert heard_by_strangers(cms.desk, "7", "sell the harbour").count("/listen") == 0


def test_a_text_that_is_empty_now_is_heard_no_more(cms: Sender) -> None:
    published(cms, now_ms())
    event = cms.send(standard_body("updated", as_of_ms=now_ms() + 10, html=" "))
    assert outcome_of(event) == "withdrawn"
    assert heard_by_strangers(cms.desk, "7") == []


def test_a_closing_of_an_article_that_never_came_keeps_an_older_text_out(cms: Sender) -> None:
    now = now_ms()
    cms.send(standard_body("closed", as_of_ms=now, visibility="members"))
    assert outcome_of(cms.send(standard_body("published", as_of_ms=now - 1))) == "outdated"
    assert job_count(cms.desk) == 0


@pytest.mark.parametrize("source", ["wordpress", "wagtail"])
def test_an_old_plugins_delivery_is_taken_and_staff_are_told(cms: Sender, source: str) -> None:
    sender = Sender(cms.desk, make_hook(cms.desk.parts, source))
    kind = {"wordpress": "post", "wagtail": None}[source]
    event = sender.send(standard_body("published", type=kind, updated_at="2025-03-01T08:30:00"))
    assert outcome_of(event) == "queued"
    assert "upgrade it" in event.reason
    assert sender.send(standard_body("updated", as_of_ms=now_ms(), type=kind, html="<p>New.</p>")).reason == ""


def test_another_sender_without_as_of_is_told_nothing(cms: Sender) -> None:
    sender = Sender(cms.desk, make_hook(cms.desk.parts, "generic"))
    assert sender.send(standard_body("published", updated_at="2025-03-01T08:30:00Z")).reason == ""


@pytest.mark.parametrize(
    "data",
    [
        {"id": 7, "visibility": ["members"]},
        {"id": 7, "visibility": None, "as_of": 12},
        {"id": 7, "visibility": {"x": 1}, "as_of": ["2025"], "updated_at": {"a": 1}},
        {"id": "7", "visibility": "m" * 500, "as_of": "2025-02-30T00:00:00Z"},
        {"id": 7, "as_of": "9999-12-31T23:59:59.999+00:00"},
    ],
)
def test_odd_values_in_a_closing_still_close(cms: Sender, data: dict[str, Any]) -> None:
    event = event_in(cms.hook, {"type": "post.closed", "data": data})
    assert (event.kind, event.external_id) == (EventKind.CLOSED, "7")
    published(cms, now_ms())
    cms.send({"type": "post.closed", "data": data, "timestamp": "x"}, sent_ms=now_ms() + 2000)
    assert heard_by_strangers(cms.desk, "7") == []


def test_a_post_that_opens_says_when_it_was_read_to_the_millisecond(cms: Sender) -> None:
    data = {"id": 1, "type": "post", "html": TEXT, "as_of": "2026-11-28T12:00:00.001Z"}
    event = event_in(cms.hook, {"type": "post.updated", "data": data})
    assert event.as_of_ms is not None
    assert event.as_of_ms % 1000 == 1


def test_a_repeated_try_that_tells_another_state_is_no_duplicate(cms: Sender) -> None:
    now = now_ms()
    cms.send(standard_body("published", as_of_ms=now), message_id="msg_same")
    cms.render()
    cms.send(standard_body("unpublished", as_of_ms=now + 60_000), message_id="msg_same")
    assert heard_by_strangers(cms.desk, "7") == []
    event = cms.send(standard_body("unpublished", as_of_ms=now + 60_000), message_id="msg_same")
    assert event.again == 1
