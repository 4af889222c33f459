"""Articles with a time: not heard before they open, nor from the moment they expire, without another webhook."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from tests.parts.quick_render import Workers
from tests.parts.webhook_sender import Sender, heard_by_strangers, iso, job_count, outcome_of, standard_body
from tests.parts.webhooks import Desk, make_hook, now_ms
from tts_service.cms.inbox import apply as applying
from tts_service.cms.inbox.staff import forget_events, list_events
from tts_service.db.session import Database
from tts_service.db.tables import InboundEventRow, WithdrawnDocumentRow
from tts_service.jobs.control import withdraw_document
from tts_service.retention.erasure import erase_article

DAY_MS = 86_400_000


@pytest.fixture
def cms(here: Desk, monkeypatch: pytest.MonkeyPatch) -> Sender:
    fields = {"expires_at": "unpublish_on", "publish_at": "publish_on"}
    hook = make_hook(here.parts, "generic", voice="tone:beep", fields=fields)
    return Sender(here, hook, Workers(here.parts, monkeypatch))


def go_on(cms: Sender, monkeypatch: pytest.MonkeyPatch, to_ms: int) -> None:
    """The clock goes on to a moment: what is due then is done."""
    monkeypatch.setattr(applying, "now_ms", lambda: to_ms)
    with cms.desk.parts.database.writing() as session:
        due = (InboundEventRow.state == "received", InboundEventRow.due_ms <= to_ms)
        session.execute(update(InboundEventRow).where(*due).values(due_ms=0))
    cms.work()


def test_what_expires_is_silent_from_that_moment_without_another_webhook(
    cms: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = now_ms()
    cms.send(standard_body("published", updated_at=iso(now), unpublish_on=iso(now + 40 * DAY_MS)))
    cms.render()
    assert heard_by_strangers(cms.desk, "7")
    go_on(cms, monkeypatch, now + 39 * DAY_MS)
    assert heard_by_strangers(cms.desk, "7")
    forget_events(cms.desk.parts.database)
    go_on(cms, monkeypatch, now + 40 * DAY_MS)
    assert heard_by_strangers(cms.desk, "7") == []
    assert "expired" in list_events(cms.desk.parts.database, limit=1)[0].reason


def test_what_waited_longer_than_webhooks_are_kept_is_still_done(cms: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    now, database = now_ms(), cms.desk.parts.database
    cms.send(standard_body("published", updated_at=iso(now), unpublish_on=iso(now + 40 * DAY_MS)))
    cms.render()
    with monkeypatch.context() as patch:
        patch.setattr(Database, "now_ms", lambda *_: now + 41 * DAY_MS)
        forget_events(database)
    go_on(cms, monkeypatch, now + 41 * DAY_MS)
    assert heard_by_strangers(cms.desk, "7") == []


def test_an_article_whose_time_is_over_is_never_spoken(cms: Sender) -> None:
    event = cms.send(standard_body("published", updated_at=iso(now_ms()), unpublish_on=iso(now_ms() - 1)))
    assert outcome_of(event) == "withdrawn"
    assert job_count(cms.desk) == 0


def test_an_edit_that_moves_the_end_counts(cms: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    now = now_ms()
    cms.send(standard_body("published", updated_at=iso(now), unpublish_on=iso(now + DAY_MS)))
    cms.send(standard_body("updated", updated_at=iso(now + 1000), unpublish_on=iso(now + 3 * DAY_MS)))
    cms.render()
    go_on(cms, monkeypatch, now + 2 * DAY_MS)
    assert heard_by_strangers(cms.desk, "7")
    go_on(cms, monkeypatch, now + 3 * DAY_MS)
    assert heard_by_strangers(cms.desk, "7") == []


def test_what_isnt_open_yet_is_silent_and_opens_by_itself(cms: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    now = now_ms()
    cms.send(standard_body("published", updated_at=iso(now), publish_on=iso(now + DAY_MS)))
    assert cms.render() == 0
    waiting = list_events(cms.desk.parts.database, state="received")
    assert [event.reason[:11] for event in waiting] == ["waits until"]
    go_on(cms, monkeypatch, now + DAY_MS)
    assert cms.render() == 1
    assert heard_by_strangers(cms.desk, "7")


def test_what_was_taken_back_before_it_opened_stays_silent(cms: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    now = now_ms()
    cms.send(standard_body("published", updated_at=iso(now), publish_on=iso(now + DAY_MS)))
    cms.send(standard_body("unpublished", updated_at=iso(now + 1000)))
    go_on(cms, monkeypatch, now + DAY_MS)
    assert job_count(cms.desk) == 0


def test_an_article_that_is_heard_and_gets_a_time_to_come_is_silent_until_then(
    cms: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = now_ms()
    cms.send(standard_body("published", updated_at=iso(now)))
    cms.render()
    cms.send(standard_body("updated", updated_at=iso(now + 1000), publish_on=iso(now + DAY_MS)))
    assert heard_by_strangers(cms.desk, "7") == []
    go_on(cms, monkeypatch, now + DAY_MS)
    assert cms.render() == 0  # the same text: nothing is made anew
    assert heard_by_strangers(cms.desk, "7")


def test_the_same_event_waits_once_however_often_it_comes(cms: Sender) -> None:
    now = now_ms()
    body = standard_body("published", updated_at=iso(now), unpublish_on=iso(now + DAY_MS))
    for _ in range(3):
        cms.send(body, message_id="msg_same")
    with cms.desk.parts.database.reading() as session:
        waiting = session.scalars(select(InboundEventRow.id).where(InboundEventRow.state == "received")).all()
    assert len(waiting) == 1
    assert list_events(cms.desk.parts.database, state="done")[0].again == 2


def test_an_erased_article_takes_along_what_waits_for_it_and_what_was_noted_of_its_document(cms: Sender) -> None:
    now, parts = now_ms(), cms.desk.parts
    cms.send(standard_body("published", translation="de", updated_at=iso(now), unpublish_on=iso(now + DAY_MS)))
    withdraw_document(parts, "gazette", "7", now - DAY_MS)
    assert list_events(parts.database, state="received")
    erase_article(parts, "gazette", "7:de", "test")
    assert list_events(parts.database) == []
    with parts.database.reading() as session:
        assert session.scalars(select(WithdrawnDocumentRow)).all() == []
