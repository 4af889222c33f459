"""Directus: every delivery counts, the item decides, and a text whose state isn't told is not taken."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from tests.cms.sources.test_sources import answered_body, document, hook_for, read_body, spoken
from tests.parts.queues import ask_cms
from tests.parts.webhooks import Desk, body_of, make_hook, signed_delivery
from tts_service.cms.inbox.addresses import options_given
from tts_service.cms.inbox.process import LOOKUPS, process_due
from tts_service.cms.sources.base import Event, EventKind, Hook
from tts_service.cms.sources.directus import Directus
from tts_service.cms.sources.sample import SAMPLE
from tts_service.db.tables import ArticleRevisionRow, ArticleRow, ClipRow, InboundEventRow, JobRow
from tts_service.errors import InputRefused, NotAllowed

RECORDED: dict[str, Any] = json.loads(body_of("directus", "recorded"))
ITEM: dict[str, Any] = json.loads(body_of("directus", "published.api"))["data"][0]
KNOWN = Event(kind=EventKind.UPDATED, external_id="31")


def asked(item: Any, **more: Any) -> Event:
    return answered_body("directus", {"data": [item]}, KNOWN, **more)


def unasked(name: str, **payload: Any) -> Event:
    """The event of a recorded webhook where no API is set."""
    body = json.loads(json.dumps(RECORDED[name]))
    body["payload"] = {**body["payload"], **payload}
    return read_body("directus", body, {}, api_url=None, api_token=None)


# --- one after the other ---


@dataclass(slots=True)
class Items:
    """The API of a Directus: one item, as its readers see it."""

    item: dict[str, Any] | None = field(default_factory=lambda: dict(ITEM))

    def __call__(self, url: str, headers: Any) -> bytes:
        return json.dumps({"data": [] if self.item is None else [self.item]}).encode()


def deliver(here: Desk, hook: Hook, payload: dict[str, Any]) -> str:
    """A webhook about the item; its event's id."""
    sent = {"event": "articles.items.update", "payload": payload, "keys": ["31"], "collection": "articles"}
    signed = signed_delivery(hook, json.dumps(sent).encode(), {"content-type": "application/json"})
    answer = here.client.post(signed.path, content=signed.body, headers=dict(signed.headers))
    assert (answer.status_code, answer.json()["state"]) == (202, "received"), answer.text
    event_id: str = answer.json()["event"]
    return event_id


def do(here: Desk, event_id: str, items: Any) -> None:
    """What a worker does with the event."""
    process_due(here.parts)
    assert LOOKUPS.name in here.bell.rung
    ask_cms(here.parts, items)


def is_heard(here: Desk) -> bool:
    with here.parts.database.reading() as session:
        clip = session.scalars(select(ClipRow)).one()
    return bool(here.client.get(f"/v1/clips/{clip.id}").status_code == 200)


def newest_text(here: Desk) -> str:
    with here.parts.database.reading() as session:
        job = session.scalars(select(JobRow).where(JobRow.live_key.is_not(None)).order_by(JobRow.id.desc())).first()
        assert job is not None
        text = session.get(ArticleRevisionRow, job.article_revision_id)
    assert text is not None
    return text.source


def test_archived_published_and_archived_within_a_minute_ends_archived(here: Desk) -> None:
    hook, items = make_hook(here.parts, "directus"), Items()
    do(here, deliver(here, hook, {"status": "published"}), items)
    assert is_heard(here)
    for status, heard in (("archived", False), ("published", True), ("archived", False)):
        items.item = dict(ITEM) if heard else None
        do(here, deliver(here, hook, {"status": status}), items)
        assert is_heard(here) is heard, status


def test_a_text_that_is_changed_and_changed_back_ends_as_it_was(here: Desk) -> None:
    hook, items = make_hook(here.parts, "directus"), Items()
    for text in ("<p>A sentence.</p>", "<p>Another.</p>", "<p>A sentence.</p>"):
        items.item = {**ITEM, "content": text}
        do(here, deliver(here, hook, {"content": text}), items)
        assert newest_text(here) == text


def test_an_answer_from_before_a_later_one_changes_nothing(here: Desk) -> None:
    hook, items = make_hook(here.parts, "directus"), Items()
    first, second = deliver(here, hook, {"status": "published"}), deliver(here, hook, {"status": "archived"})

    def slow(url: str, headers: Any) -> bytes:
        """Answers what was there when it was asked; meanwhile the other worker has asked, and is done."""
        answer = items(url, headers)
        items.item = None
        do(here, second, items)
        return answer

    do(here, first, slow)
    with here.parts.database.reading() as session:
        assert session.scalars(select(ArticleRow)).one().withdrawn_ms is not None


def test_a_collection_that_the_token_may_not_read_says_nothing_about_its_items(here: Desk) -> None:
    hook, items = make_hook(here.parts, "directus"), Items()
    do(here, deliver(here, hook, {"status": "published"}), items)
    event_id = deliver(here, hook, {"title": "x"})

    def refused(url: str, headers: Any) -> bytes:
        raise NotAllowed("The CMS's API returned 403: check this hook's api_token.", by_api=True)

    do(here, event_id, refused)
    with here.parts.database.reading() as session:
        row = session.get_one(InboundEventRow, event_id)
    assert (row.state, "api_token" in (row.reason or "")) == ("failed", True)
    assert is_heard(here)


# --- what the item says ---


def test_an_item_that_readers_dont_see_is_gone() -> None:
    event = answered_body("directus", {"data": []}, KNOWN)
    assert (event.kind, event.call, event.document) == (EventKind.UNPUBLISHED, None, None)
    assert "role" in event.reason


@pytest.mark.parametrize("status", ["draft", "archived", "internal", "Published", "", None, 0, False, ["published"]])
def test_only_a_published_item_is_spoken(status: Any) -> None:
    assert asked({**ITEM, "status": status}).kind is EventKind.UNPUBLISHED


@pytest.mark.parametrize("status", ["published", "publish", True])
def test_a_published_item_is_spoken(status: Any) -> None:
    assert "thirty people" in spoken(document(asked({**ITEM, "status": status})))


def test_a_collection_without_a_status_is_public() -> None:
    item = {name: value for name, value in ITEM.items() if name != "status"}
    assert document(asked(item)).visibility == "public"


def test_the_status_may_have_another_name() -> None:
    fields = {"status": "state"}
    assert asked({**ITEM, "state": "draft"}, fields=fields).kind is EventKind.UNPUBLISHED
    assert document(asked({**ITEM, "state": "published", "status": "draft"}, fields=fields)).title == ITEM["title"]


@pytest.mark.parametrize("place", ["state", "desk.state"])
def test_a_status_that_the_hook_names_has_to_be_there(place: str) -> None:
    assert asked(ITEM, fields={"status": place}).kind is EventKind.UNPUBLISHED
    named = read_body("directus", RECORDED["update text"], {}, api_url=None, fields={"status": place})
    assert named.kind is EventKind.IGNORED


def test_times_are_taken_from_the_fields_that_the_hook_names() -> None:
    item = {**ITEM, "date_published": "2031-05-01T06:00:00Z", "date_expired": "2032-05-01T06:00:00Z"}
    assert document(asked(item)).publish_at is None
    found = document(asked(item, fields={"publish_at": "date_published", "expires_at": "date_expired"}))
    assert found.publish_at == datetime(2031, 5, 1, 6, tzinfo=UTC)
    assert found.expires_at == datetime(2032, 5, 1, 6, tzinfo=UTC)


def test_who_may_read_it_is_kept() -> None:
    assert document(asked({**ITEM, "visibility": "paid"})).visibility == "paid"


@pytest.mark.parametrize("body", [None, 7, [], {}, {"data": None}, {"data": 7}, {"data": [7]}, {"errors": []}])
def test_an_answer_without_an_item_says_nothing(body: Any) -> None:
    assert answered_body("directus", body, KNOWN).kind is EventKind.IGNORED


# --- what is asked ---


def test_an_item_is_asked_for_as_a_list() -> None:
    call = Directus().recall("31", None, hook_for("directus", fields={"id": "nr"}))
    assert call is not None
    assert call.url == "https://cms.example/items/articles?filter%5Bnr%5D%5B_eq%5D=31&limit=1"


def test_the_sample_asks_whether_the_collection_may_be_read() -> None:
    hook = hook_for("directus")
    body = json.loads(Directus().sample(SAMPLE, hook, "/", 1).body)
    event = read_body("directus", body, {})
    assert event.call is not None
    assert event.call.url == "https://cms.example/items/articles?limit=0"


@pytest.mark.parametrize("more", [{"types": ()}, {"types": ("articles", "posts")}, {"api_url": None}])
def test_nothing_is_asked_where_the_collection_isnt_known(more: dict[str, Any]) -> None:
    assert Directus().recall("31", None, hook_for("directus", **more)) is None


def test_a_hook_may_name_the_primary_key_and_the_times() -> None:
    places = {"id": "nr", "publish_at": "date_published", "expires_at": "date_expired"}
    assert options_given({}, ["articles"], places).fields == places
    with pytest.raises(InputRefused):
        options_given({}, [], {"key": "nr"})


# --- without an API ---


def test_without_an_api_only_a_text_whose_status_is_told_is_taken() -> None:
    assert document(unasked("create")).source == "<p>One sentence.</p>"
    event = unasked("update text")
    assert event.kind is EventKind.IGNORED
    assert "whether the item is published" in event.reason
    assert "the text" in unasked("update published").reason


@pytest.mark.parametrize("name", ["update draft", "update internal"])
def test_without_an_api_a_status_that_closes_is_enough(name: str) -> None:
    assert unasked(name).kind is EventKind.UNPUBLISHED


def test_a_draft_that_is_created_is_not_spoken() -> None:
    assert unasked("create", status="draft").kind is EventKind.UNPUBLISHED
    payload = dict(RECORDED["create"]["payload"])
    del payload["status"]  # then it is the collection's default, which the webhook doesn't tell
    body = RECORDED["create"] | {"payload": payload}
    assert read_body("directus", body, {}, api_url=None).kind is EventKind.IGNORED


def test_every_recorded_webhook_names_the_item() -> None:
    for name in RECORDED:
        event = read_body("directus", RECORDED[name], {})
        assert (event.external_id, event.call is None) == ("1", name == "delete"), name
