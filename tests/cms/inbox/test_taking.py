"""From HTTP to a queued job, changed, withdrawn: the recorded webhooks of every source, in and out of order."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.parts.factories import make_article, make_parts
from tests.parts.feed_turns import jobs
from tests.parts.queues import ask_cms
from tests.parts.webhook_sender import outcome_of
from tests.parts.webhooks import (
    NAMES,
    Desk,
    body_of,
    case_of,
    delivery_of,
    desk,
    make_hook,
    now_ms,
    signed_delivery,
)
from tts_service.cms.inbox import apply as applying
from tts_service.cms.inbox.addresses import remove_hook
from tts_service.cms.inbox.process import LOOKUPS, RETRY_MS, process_due
from tts_service.cms.inbox.staff import EventFacts, list_events
from tts_service.cms.sources.base import Hook
from tts_service.db.tables import ArticleRevisionRow, ArticleRow, ClipRow, InboundEventRow
from tts_service.errors import NotAllowed, NotFound, RemoteTooSlow
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.submit import submit
from tts_service.queue import doorbell as broker
from tts_service.queue.rings import ring_due
from workers import tasks

Cms = Callable[[str, Mapping[str, str]], bytes]
TIMED = [name for name in NAMES if name != "directus"]
"""Sources whose webhooks carry a time. Directus is asked instead: what it answers is the present state."""


def bring(here: Desk, hook: Hook, name: str, cms: Cms | None = None, *, try_no: int = 1) -> EventFacts:
    """A recorded webhook through the real route; then it is done as beat does it, and as a worker where that rings."""
    made = delivery_of(hook, name, message_id=f"{name} {try_no}".replace(" ", "_"), sent_ms=now_ms() + try_no)
    answer = here.client.post(made.path, content=made.body, headers=dict(made.headers))
    assert answer.status_code in (200, 202), answer.text
    process_due(here.parts)
    ask_cms(here.parts, cms or cms_with(hook.source, name))
    return list_events(here.parts.database, limit=1)[0]


def cms_with(source: str, name: str) -> Cms:
    """A CMS's API that has the article as recorded."""

    def ask(url: str, headers: Mapping[str, str]) -> bytes:
        assert url == case_of(source)["asks"]
        assert headers["authorization"] == "Bearer made-up"
        return body_of(source, f"{name}.api")

    return ask


def send(here: Desk, hook: Hook, body: dict[str, Any], headers: Mapping[str, str] | None = None) -> EventFacts:
    """A body of one's own, signed and done."""
    plain = {"content-type": "application/json", **(headers or {})}
    signed = signed_delivery(hook, json.dumps(body).encode(), plain, message_id=f"m{now_ms()}")
    answer = here.client.post(signed.path, content=signed.body, headers=dict(signed.headers))
    assert answer.status_code in (200, 202), answer.text
    process_due(here.parts)
    return list_events(here.parts.database, limit=1)[0]


def article(here: Desk) -> ArticleRow:
    with here.parts.database.reading() as session:
        return session.scalars(select(ArticleRow)).one()


def clip_status(here: Desk) -> int:
    with here.parts.database.reading() as session:
        clip = session.scalars(select(ClipRow)).one()
    return int(here.client.get(f"/v1/clips/{clip.id}").status_code)


@pytest.mark.parametrize("source", NAMES)
def test_published_changed_withdrawn(here: Desk, source: str) -> None:
    hook, case = make_hook(here.parts, source), case_of(source)

    event = bring(here, hook, "published")
    assert (event.state, outcome_of(event)) == ("done", "queued")
    (job,) = jobs(here.parts)
    queue = case.get("queue", "normal")
    assert (job.state, job.site, job.queue) == ("queued", "gazette", queue)
    assert [name for name in here.bell.rung if name != LOOKUPS.name] == [queue]
    assert (article(here).external_id, article(here).url) == (case.get("article", case["external_id"]), case["url"])
    assert clip_status(here) == 200

    event = bring(here, hook, "changed")
    assert outcome_of(event) == "queued"
    first, second = jobs(here.parts)
    assert (first.state, second.state) == ("superseded", "queued")
    with here.parts.database.reading() as session:
        newest = session.get(ArticleRevisionRow, second.article_revision_id)
    assert newest is not None
    assert "thirty-four people" in newest.source
    assert newest.title == case["title"]

    event = bring(here, hook, "withdrawn")
    assert outcome_of(event) == "withdrawn"
    assert [job.state for job in jobs(here.parts)] == ["superseded", "cancelled"]
    assert article(here).withdrawn_ms is not None
    assert clip_status(here) == 404


@pytest.mark.parametrize("source", TIMED)
def test_what_was_published_before_a_change_comes_late_and_changes_nothing(here: Desk, source: str) -> None:
    hook = make_hook(here.parts, source)
    bring(here, hook, "changed")
    event = bring(here, hook, "published")
    assert (event.state, outcome_of(event)) == ("done", "outdated")
    assert len(jobs(here.parts)) == 1


@pytest.mark.parametrize("source", TIMED)
def test_what_was_changed_before_it_was_withdrawn_comes_late_and_stays_withdrawn(here: Desk, source: str) -> None:
    hook = make_hook(here.parts, source)
    bring(here, hook, "published")
    bring(here, hook, "withdrawn")
    assert outcome_of(bring(here, hook, "changed")) == "outdated"
    assert clip_status(here) == 404


@pytest.mark.parametrize("source", TIMED)
def test_an_article_that_was_withdrawn_before_it_came_is_never_published(here: Desk, source: str) -> None:
    hook = make_hook(here.parts, source)
    assert outcome_of(bring(here, hook, "withdrawn")) == "withdrawn"
    assert outcome_of(bring(here, hook, "published")) == "outdated"
    assert jobs(here.parts) == []


def test_a_withdrawn_article_comes_back_when_it_is_published_again(here: Desk) -> None:
    hook = make_hook(here.parts, "generic")
    for name in ("published", "withdrawn"):
        bring(here, hook, name)
    again = json.loads(body_of("generic", "published"))
    again["data"]["updated_at"] = "2025-03-02T08:00:00Z"
    assert outcome_of(send(here, hook, again)) == "queued"
    assert clip_status(here) == 200


def test_a_save_that_changes_no_spoken_text_renders_nothing(here: Desk) -> None:
    hook = make_hook(here.parts, "generic")
    bring(here, hook, "published")
    again = json.loads(body_of("generic", "published"))
    again["data"]["updated_at"] = "2025-03-01T08:45:00Z"
    event = send(here, hook, again)
    assert (outcome_of(event), len(jobs(here.parts))) == ("unchanged", 1)
    assert event.outcome
    assert event.outcome[0]["job"] == jobs(here.parts)[0].id


def test_a_deletion_is_newer_than_the_last_edit_whose_time_it_carries(here: Desk) -> None:
    hook = make_hook(here.parts, "ghost")
    bring(here, hook, "published")
    assert outcome_of(bring(here, hook, "deleted")) == "withdrawn"
    assert outcome_of(bring(here, hook, "changed")) == "outdated"  # the same time as the deletion's own


def test_a_deletion_that_carries_an_older_time_than_the_last_edit_counts(here: Desk) -> None:
    hook = make_hook(here.parts, "ghost")
    bring(here, hook, "changed")
    deleted = json.loads(body_of("ghost", "deleted"))
    deleted["post"]["previous"]["updated_at"] = "2025-03-01T08:30:00.000Z"
    assert outcome_of(send(here, hook, deleted)) == "withdrawn"


def test_a_document_dated_next_year_doesnt_shut_out_tomorrows(here: Desk) -> None:
    hook = make_hook(here.parts, "generic")
    odd = json.loads(body_of("generic", "published"))
    odd["data"]["updated_at"] = "2099-01-01T00:00:00Z"
    send(here, hook, odd)
    assert (article(here).source_updated_ms or 0) < now_ms() + 600_000


@pytest.mark.parametrize(
    ("source", "name", "visibility"),
    [("ghost", "paid", "paid"), ("generic", "members", "members"), ("wordpress", "password", "password")],
)
def test_what_isnt_for_everybody_is_rendered_and_shown_to_nobody_without_a_grant(
    here: Desk, source: str, name: str, visibility: str
) -> None:
    hook = make_hook(here.parts, source)
    bring(here, hook, "published")
    assert clip_status(here) == 200
    event = bring(here, hook, name)
    assert (event.state, outcome_of(event)) in (("done", "queued"), ("done", "unchanged"))
    assert article(here).visibility == visibility
    assert clip_status(here) == 403
    assert jobs(here.parts)[-1].state == "queued"


def test_where_a_cdn_serves_the_store_what_isnt_for_everybody_goes_offline(tmp_path: Path) -> None:
    with desk(make_parts(tmp_path, audio_base_url="https://cdn.example/audio")) as here:
        hook = make_hook(here.parts, "ghost")
        bring(here, hook, "published")
        event = bring(here, hook, "paid")
        assert (event.state, outcome_of(event)) == ("done", "held")
        assert "TTS_AUDIO_BASE_URL" in event.reason
        assert clip_status(here) == 404
        assert [job.state for job in jobs(here.parts)] == ["cancelled"]


def test_public_again_is_published_again(here: Desk) -> None:
    hook = make_hook(here.parts, "ghost")
    bring(here, hook, "paid")
    public = json.loads(body_of("ghost", "changed"))
    public["post"]["current"]["updated_at"] = "2025-03-01T11:00:00.000Z"
    assert clip_status(here) == 403
    assert outcome_of(send(here, hook, public)) == "unchanged"  # its text is being rendered already
    assert article(here).visibility == "public"
    assert clip_status(here) == 200


def test_what_was_left_out_is_told(here: Desk) -> None:
    event = bring(here, make_hook(here.parts, "contentful"), "published")
    assert event.reason == "without text: embedded-asset-block"


def test_how_it_is_wanted_is_settled_with_the_hook(here: Desk) -> None:
    hook = make_hook(
        here.parts, "wordpress", queue="backfill", voice="tone:beep", formats=["mp3", "opus"], language="en-US"
    )
    bring(here, hook, "published")
    (job,) = jobs(here.parts)
    assert (job.queue, job.voice, job.formats) == ("backfill", "tone:beep", "mp3,opus")


def test_a_voice_or_a_language_that_isnt_there_is_told_not_tried_again(here: Desk) -> None:
    hook = make_hook(here.parts, "generic", language="xx")
    undeclared = json.loads(body_of("generic", "published"))
    undeclared["data"].pop("language", None)
    event = send(here, hook, undeclared)
    assert (event.state, outcome_of(event)) == ("failed", "failed")
    assert "unknown_language" in event.reason


def test_several_articles_of_one_event_each_have_their_outcome(here: Desk) -> None:
    hook = make_hook(here.parts, "directus")
    bring(here, hook, "published")
    event = bring(here, hook, "deleted")
    assert event.outcome
    assert [(one["external_id"], one["state"]) for one in event.outcome] == [("31", "withdrawn"), ("32", "withdrawn")]
    assert "there was no clip" in event.outcome[1]["reason"]


# --- asking the CMS ---


def asking(here: Desk, hook: Hook, name: str = "published") -> str:
    """A webhook of Directus, handed over to a worker; its id."""
    made = delivery_of(hook, name)
    answer = here.client.post(made.path, content=made.body, headers=dict(made.headers))
    process_due(here.parts)
    return str(answer.json()["event"])


def row_of(here: Desk, event_id: str) -> InboundEventRow:
    with here.parts.database.reading() as session:
        row = session.get(InboundEventRow, event_id)
    assert row is not None
    return row


def due_again(here: Desk, event_id: str) -> None:
    with here.parts.database.writing() as session:
        session.execute(update(InboundEventRow).where(InboundEventRow.id == event_id).values(due_ms=0))


def raising(error: Exception) -> Cms:
    def ask(url: str, headers: Mapping[str, str]) -> bytes:
        raise error

    return ask


def test_the_cms_is_asked_by_a_worker_and_again_when_the_broker_lost_it(here: Desk) -> None:
    hook = make_hook(here.parts, "directus")
    here.bell.broken = True
    asking(here, hook)
    here.bell.broken = False
    assert ring_due(here.parts, [LOOKUPS]) == 1
    assert here.bell.rung == [LOOKUPS.name]


def test_an_item_the_cms_doesnt_have_any_more_is_withdrawn(here: Desk) -> None:
    hook = make_hook(here.parts, "directus")
    bring(here, hook, "published")
    event_id = asking(here, hook, "changed")
    ask_cms(here.parts, raising(NotFound("gone")))
    assert row_of(here, event_id).state == "done"
    assert clip_status(here) == 404


def test_a_cms_that_doesnt_answer_is_asked_again_and_at_last_given_up(here: Desk) -> None:
    event_id = asking(here, make_hook(here.parts, "directus"))
    for number, wait_ms in enumerate(RETRY_MS):
        due_again(here, event_id)
        began = now_ms()
        ask_cms(here.parts, raising(RemoteTooSlow("20 s")))
        row = row_of(here, event_id)
        assert (row.state, row.attempts) == ("received", number + 1)
        assert wait_ms - 2000 < row.due_ms - began < wait_ms + 2000
        assert "remote_too_slow" in row.reason
    due_again(here, event_id)
    ask_cms(here.parts, raising(RemoteTooSlow("20 s")))
    assert row_of(here, event_id).state == "failed"


def test_a_wrong_api_token_is_told_at_once(here: Desk) -> None:
    event_id = asking(here, make_hook(here.parts, "directus"))
    ask_cms(here.parts, raising(NotAllowed("check this hook's api_token")))
    row = row_of(here, event_id)
    assert (row.state, row.reason) == ("failed", "not_allowed: check this hook's api_token")


@pytest.mark.parametrize("answer", [b"<html>", b"[]", b"{}", b'{"data": null}', b"[" * 100_000, b"\xff"])
def test_an_answer_that_is_no_article_does_no_harm(here: Desk, answer: bytes) -> None:
    event_id = asking(here, make_hook(here.parts, "directus"))
    ask_cms(here.parts, lambda url, headers: answer)
    assert row_of(here, event_id).state in ("failed", "ignored")
    assert row_of(here, event_id).reason


# --- whatever goes wrong here ---


def test_a_fault_of_ours_ends_one_event_and_not_the_next(here: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    hook = make_hook(here.parts, "generic")
    for name in ("published", "changed"):
        made = delivery_of(hook, name, message_id=name)
        here.client.post(made.path, content=made.body, headers=dict(made.headers))
    real, calls = applying.submit, []

    def once(*arguments: Any, **more: Any) -> Any:
        calls.append(1)
        if len(calls) == 1:
            raise ZeroDivisionError
        return real(*arguments, **more)

    monkeypatch.setattr(applying, "submit", once)
    process_due(here.parts)
    newest, oldest = list_events(here.parts.database)
    assert (oldest.state, newest.state) == ("failed", "done")
    assert "ZeroDivisionError" in oldest.reason


def test_an_event_of_a_hook_that_was_removed_meanwhile(here: Desk) -> None:
    hook = make_hook(here.parts, "generic")
    made = delivery_of(hook, "published")
    here.client.post(made.path, content=made.body, headers=dict(made.headers))
    remove_hook(here.parts.database, hook.id)
    process_due(here.parts)
    (event,) = list_events(here.parts.database)
    assert event.state == "failed"
    assert "removed" in event.reason


def test_beat_takes_what_is_due_oldest_first_and_stops_when_its_time_is_over(here: Desk) -> None:
    hook = make_hook(here.parts, "generic")
    for number in range(5):
        made = delivery_of(hook, "published", message_id=f"m{number}")
        here.client.post(made.path, content=made.body, headers=dict(made.headers))
    assert process_due(here.parts, budget_s=0) == 1
    states = [event.state for event in reversed(list_events(here.parts.database))]
    assert states == ["done", *["received"] * 4]
    assert process_due(here.parts, budget_s=30) == 4


def test_what_the_api_sends_without_a_time_is_not_held_up_by_webhooks(here: Desk) -> None:
    hook = make_hook(here.parts, "generic")
    bring(here, hook, "changed")
    sent = make_article(external_id="article-9", source="Quite another text.")
    assert submit(here.parts, sent, Wish()).created


def test_the_broker_gets_the_events_task() -> None:
    assert broker._task(LOOKUPS.name) == tasks.work_on.name
    assert LOOKUPS.name in tasks.WORK
