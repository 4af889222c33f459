"""POST /v1/webhooks/{source}/{hook}: who gets in, what every bad delivery is told, what staff see of it."""

from __future__ import annotations

import gzip
import json
import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.event import listen

from tests.parts.webhooks import (
    NAMES,
    Desk,
    Letter,
    body_of,
    delivery_of,
    make_hook,
    now_ms,
    signature,
    signed_delivery,
)
from tts_service.cms.inbox.addresses import find_hook, hook_path, remove_hook
from tts_service.cms.inbox.process import process_due
from tts_service.cms.inbox.receive import KEPT_REFUSALS, MAX_BYTES, Inbox
from tts_service.cms.inbox.staff import EventFacts, forget_events, list_events, replay_webhook
from tts_service.cms.sources.base import Delivery, Hook
from tts_service.db.tables import InboundEventRow, JobRow, WebhookSourceRow
from tts_service.errors import Conflict, DatabaseUnavailable, NotFound, WebhookRefused
from tts_service.parts import Parts
from tts_service.web.api import webhooks as api_webhooks
from tts_service.web.app import create_app


@pytest.fixture
def parts(here: Desk) -> Parts:
    return here.parts


@pytest.fixture
def client(here: Desk) -> TestClient:
    return here.client


def post(client: TestClient, delivery: Delivery) -> Any:
    return client.post(delivery.path, content=delivery.body, headers=dict(delivery.headers))


def signed(hook: Hook, body: bytes, sent_ms: int | None = None, **headers: str) -> Delivery:
    return signed_delivery(hook, body, headers, sent_ms=sent_ms)


def newest(parts: Parts) -> EventFacts:
    return list_events(parts.database, limit=1)[0]


def lines_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the inbox logged."""
    return [record.getMessage() for record in caplog.records if record.name == "tts_service.cms.inbox.receive"]


def jobs(parts: Parts) -> int:
    with parts.database.reading() as session:
        return int(session.scalar(select(func.count()).select_from(JobRow)) or 0)


@pytest.mark.parametrize("source", NAMES)
def test_a_genuine_one_is_kept_and_answered_before_it_is_done(client: TestClient, parts: Parts, source: str) -> None:
    hook = make_hook(parts, source)
    answer = post(client, delivery_of(hook, "published"))
    assert answer.status_code == 202
    event = newest(parts)
    assert answer.json() == {"state": "received", "event": event.id, "reason": "", "site": "gazette"}
    assert (event.source, event.hook_id, event.site, event.state) == (source, hook.id, "gazette", "received")
    assert jobs(parts) == 0


@pytest.mark.parametrize("source", [name for name in NAMES if name != "directus"])  # it never repeats a delivery
def test_a_replay_is_answered_kindly_and_does_nothing(client: TestClient, parts: Parts, source: str) -> None:
    hook = make_hook(parts, source)
    delivery = delivery_of(hook, "published")
    first = post(client, delivery).json()
    for _ in range(20):
        again = post(client, delivery)
        assert (again.status_code, again.json()["state"], again.json()["event"]) == (200, "duplicate", first["event"])
    assert len(list_events(parts.database)) == 1


def test_what_came_again_is_logged_counted_and_told_the_site(
    client: TestClient, parts: Parts, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "tts_service.cms.inbox.receive")
    hook = make_hook(parts, "generic")
    for _ in range(3):
        answer = post(client, delivery_of(hook, "published")).json()
    assert answer["site"] == "gazette"
    event = newest(parts)
    assert event.again == 2
    assert lines_of(caplog) == [f"webhook generic {hook.id} came again: event {event.id}"] * 2


@pytest.mark.parametrize("source", ["generic", "wordpress", "wagtail"])
@pytest.mark.parametrize("name", ["ping", "test", "line.test", "service.ping"])
def test_a_signed_test_of_the_line_is_told_the_site_and_changes_nothing(
    client: TestClient, parts: Parts, source: str, name: str
) -> None:
    hook = make_hook(parts, source)
    body = json.dumps({"type": name, "data": {"id": "7", "html": "<p>Not an article.</p>"}}).encode()
    answer = post(client, signed(hook, body))
    assert (answer.status_code, answer.json()["state"], answer.json()["site"]) == (200, "ignored", "gazette")
    assert answer.json()["reason"] == "a connection test: it works"
    process_due(parts)
    assert jobs(parts) == 0


def test_an_unsigned_ping_isnt_told_the_site(client: TestClient, parts: Parts) -> None:
    hook = make_hook(parts, "woocommerce")
    ping = Delivery(body=b"webhook_id=9", headers={}, path=hook_path(hook), received_ms=now_ms())
    answer = post(client, ping)
    assert (answer.status_code, answer.json()["site"]) == (200, None)


def altered(delivery: Delivery, **headers: str) -> Delivery:
    return replace(delivery, headers={**delivery.headers, **headers})


GHOST_BAD = {
    "unknown hook": (404, "not_found"),
    "wrong source": (404, "not_found"),
    "unsigned": (401, "unsigned"),
    "altered by one byte": (401, "signature is wrong"),
    "old": (401, "too old"),
    "from the future": (401, "future"),
    "2 MiB + 1": (413, "too_large"),
    "gzip bomb": (415, "body_compressed"),
    "too deep": (400, "body_unreadable"),
    "wrong charset": (400, "not UTF-8"),
    "no JSON": (400, "not JSON"),
    "empty": (400, "not JSON"),
}


def bad(name: str, hook: Hook) -> Delivery:
    fine = delivery_of(hook, "published")
    return {
        "unknown hook": lambda: replace(fine, path="/v1/webhooks/ghost/hook_nobody"),
        "wrong source": lambda: replace(fine, path=fine.path.replace("ghost", "sanity")),
        "unsigned": lambda: replace(fine, headers={}),
        "altered by one byte": lambda: replace(fine, body=fine.body.replace(b"Velden", b"Velten")),
        "old": lambda: signed(hook, fine.body, now_ms() - 600_000),
        "from the future": lambda: signed(hook, fine.body, now_ms() + 600_000),
        "2 MiB + 1": lambda: signed(hook, b"x" * (MAX_BYTES + 1)),
        "gzip bomb": lambda: altered(signed(hook, gzip.compress(b"\0" * 10_000_000)), **{"content-encoding": "gzip"}),
        "too deep": lambda: signed(hook, b"[" * 100_000 + b"]" * 100_000),
        "wrong charset": lambda: signed(hook, '{"post": {"current": {"title": "Grüße"}}}'.encode("latin-1")),
        "no JSON": lambda: signed(hook, b"post=1&current=2"),
        "empty": lambda: signed(hook, b""),
    }[name]()


@pytest.mark.parametrize("name", GHOST_BAD)
def test_each_bad_delivery_has_its_answer_one_log_line_and_an_entry(
    client: TestClient, parts: Parts, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    status, reason = GHOST_BAD[name]
    hook = make_hook(parts, "ghost")
    with caplog.at_level(logging.INFO, logger="tts_service.cms.inbox.receive"):
        answer = post(client, bad(name, hook))
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    (line,) = lines_of(caplog)
    assert reason in line
    event = newest(parts)
    assert event.state == "refused"
    assert reason in event.reason
    assert jobs(parts) == 0


@pytest.mark.parametrize("name", ["unsigned", "altered by one byte", "old", "from the future"])
def test_what_is_wrong_with_a_signature_isnt_told(client: TestClient, parts: Parts, name: str) -> None:
    answer = post(client, bad(name, make_hook(parts, "ghost"))).json()
    assert answer["detail"] == "The webhook's signature is not valid"
    assert set(answer) == {"type", "title", "status", "detail", "code"}


@pytest.mark.parametrize(
    ("name", "reason"),
    [("empty", "neither current"), ("draft", "not published"), ("page", "not about a post: page")],
)
def test_what_is_nothing_to_act_on_is_2xx_so_that_the_cms_doesnt_try_again(
    client: TestClient, parts: Parts, caplog: pytest.LogCaptureFixture, name: str, reason: str
) -> None:
    with caplog.at_level(logging.INFO, logger="tts_service.cms.inbox.receive"):
        answer = post(client, delivery_of(make_hook(parts, "ghost"), name))
    assert (answer.status_code, answer.json()["state"]) == (200, "ignored")
    assert reason in answer.json()["reason"]
    (line,) = lines_of(caplog)
    assert reason in line
    assert (newest(parts).state, newest(parts).kind) == ("ignored", "ignored")


def test_an_article_without_text_is_taken_and_failed_with_the_reason(client: TestClient, parts: Parts) -> None:
    assert post(client, delivery_of(make_hook(parts, "ghost"), "no_text")).status_code == 202
    process_due(parts)
    event = newest(parts)
    assert event.state == "failed"
    assert "empty_article" in event.reason


def test_woocommerces_unsigned_ping_is_answered_200_and_does_nothing(client: TestClient, parts: Parts) -> None:
    hook = make_hook(parts, "woocommerce")
    form = {"content-type": "application/x-www-form-urlencoded"}
    answer = client.post(hook_path(hook), content=b"webhook_id=12", headers=form)
    assert (answer.status_code, answer.json()["state"]) == (200, "ignored")
    process_due(parts)
    assert jobs(parts) == 0


def test_a_body_without_length_is_counted_while_it_comes(client: TestClient, parts: Parts) -> None:
    hook = make_hook(parts, "ghost")
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(64):
            sent += 1
            yield b"x" * (256 * 1024)

    assert client.post(hook_path(hook), content=endless()).status_code == 413
    assert newest(parts).state == "refused"


def test_a_log_line_stays_one_line(client: TestClient, parts: Parts, caplog: pytest.LogCaptureFixture) -> None:
    hook = make_hook(parts, "generic")
    with caplog.at_level(logging.INFO, logger="tts_service.cms.inbox.receive"):
        client.post("/v1/webhooks/gho%0Ast/x%0AERROR%20forged", content=b"{}")
        post(client, signed(hook, b'{"type": "a\\n\\u001b[31mERROR forged.b"}'))
    assert len(lines_of(caplog)) == 2
    for line in lines_of(caplog):
        assert line.isprintable()
    assert newest(parts).reason.isprintable()


def test_a_removed_hook_is_gone_at_once_although_it_was_just_seen(client: TestClient, parts: Parts) -> None:
    hook = make_hook(parts, "ghost")
    assert post(client, delivery_of(hook, "published")).status_code == 202
    remove_hook(parts.database, hook.id)
    assert post(client, delivery_of(hook, "changed")).status_code == 404
    assert newest(parts).state == "refused"
    with pytest.raises(NotFound):
        remove_hook(parts.database, hook.id)
    assert find_hook(parts.database, hook.id) is None


def test_nobody_without_the_secret_fills_the_database(client: TestClient, parts: Parts) -> None:
    hook = make_hook(parts, "ghost")
    for _ in range(KEPT_REFUSALS + 10):
        assert client.post(hook_path(hook), content=b"{}").status_code == 401
        assert client.post("/v1/webhooks/ghost/hook_nobody", content=b"x" * 1000).status_code == 404
    assert post(client, delivery_of(hook, "published")).status_code == 202
    with parts.database.reading() as session:
        kept = session.scalars(select(InboundEventRow)).all()
    assert len(kept) == 2 * KEPT_REFUSALS + 1
    assert all(row.body is None for row in kept if row.site is None)


def test_secrets_arent_kept_with_what_came_in(client: TestClient, parts: Parts) -> None:
    hook = make_hook(parts, "strapi")
    post(client, altered(delivery_of(hook, "published"), cookie="session=1"))
    with parts.database.reading() as session:
        row = session.scalars(select(InboundEventRow)).one()
    assert hook.secret not in str(row.headers)
    assert "cookie" not in row.headers


def test_contentfuls_signature_holds_behind_a_proxy_that_takes_off_a_path(parts: Parts) -> None:
    moved = replace(parts, settings=parts.settings.model_copy(update={"public_url": "https://gazette.example/audio"}))
    hook = make_hook(moved, "contentful")
    fine = delivery_of(hook, "published")
    called = f"/audio{hook_path(hook)}?from=here"
    letter = Letter(secret=hook.secret, body=fine.body, path=called, sent_ms=fine.received_ms)
    headers = {**fine.headers, **signature("contentful", letter)}
    with TestClient(create_app(moved)) as client:
        answer = client.post(f"{hook_path(hook)}?from=here", content=fine.body, headers=headers)
    assert answer.status_code == 202


# --- whatever the rest does ---


def test_a_database_that_hangs_is_503_within_a_second(
    client: TestClient, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_webhooks, "ANSWER_WITHIN_S", 0.1)
    hook = make_hook(parts, "ghost")
    delivery = delivery_of(hook, "published")
    hold, kept = threading.Event(), threading.Event()
    take_in = Inbox.take_in

    def slow(*arguments: Any) -> Any:
        hold.wait(20)
        try:
            return take_in(*arguments)
        finally:
            kept.set()

    monkeypatch.setattr(Inbox, "take_in", slow)
    began = time.monotonic()
    answer = post(client, delivery)
    assert time.monotonic() - began < 10
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    hold.set()
    assert kept.wait(10)
    monkeypatch.setattr(Inbox, "take_in", take_in)
    again = post(client, delivery)  # what came late was kept: the CMS's second try is a duplicate
    assert (again.status_code, again.json()["state"]) == (200, "duplicate")


def test_a_database_that_is_down_is_503(client: TestClient, parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    hook = make_hook(parts, "ghost")

    def down(*_: Any) -> None:
        raise DatabaseUnavailable("down on purpose")

    monkeypatch.setattr(parts.database, "at_once", down)
    answer = post(client, delivery_of(hook, "published"))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


def test_a_known_hook_costs_one_statement(client: TestClient, parts: Parts) -> None:
    hook = make_hook(parts, "ghost")
    post(client, delivery_of(hook, "published"))
    seen: list[str] = []
    listen(parts.database.engine, "before_cursor_execute", lambda *a: seen.append(str(a[2])))
    assert post(client, delivery_of(hook, "changed")).status_code == 202
    assert [text.split()[0] for text in seen if not text.startswith("BEGIN")] == ["INSERT"]


# --- staff ---


def test_a_refused_one_is_done_once_the_secret_fits(client: TestClient, parts: Parts) -> None:
    hook = make_hook(parts, "ghost")
    delivery = delivery_of(hook, "published")
    mistyped = signed(replace(hook, secret="another secret, mistyped"), delivery.body)
    post(client, mistyped)
    refused = newest(parts)
    with pytest.raises(WebhookRefused):
        replay_webhook(parts.database, refused.id)
    with parts.database.writing() as session:
        row = session.get(WebhookSourceRow, hook.id)
        assert row is not None
        row.secret = "another secret, mistyped"
    replay_webhook(parts.database, refused.id)
    process_due(parts)
    assert newest(parts).state == "done"
    assert jobs(parts) == 1


def test_one_that_came_too_late_is_done_when_staff_say_so(client: TestClient, parts: Parts) -> None:
    hook = make_hook(parts, "ghost")
    post(client, bad("old", hook))
    replay_webhook(parts.database, newest(parts).id)
    process_due(parts)
    assert newest(parts).state == "done"


def test_staff_can_vouch_for_one_whose_signature_is_wrong(client: TestClient, parts: Parts) -> None:
    post(client, bad("altered by one byte", make_hook(parts, "ghost")))
    event = newest(parts)
    replay_webhook(parts.database, event.id, vouch=True)
    process_due(parts)
    assert (newest(parts).state, jobs(parts)) == ("done", 1)


def test_what_cant_be_done_again_says_why(client: TestClient, parts: Parts) -> None:
    hook = make_hook(parts, "ghost")
    post(client, bad("unknown hook", hook))
    with pytest.raises(Conflict, match="hook is unknown"):
        replay_webhook(parts.database, newest(parts).id)
    post(client, bad("2 MiB + 1", hook))
    with pytest.raises(NotFound):
        replay_webhook(parts.database, "evt_nobody")
    delivery = bad("old", hook)
    post(client, delivery)
    late = newest(parts)
    replay_webhook(parts.database, late.id)
    post(client, delivery)  # refused again, with the same key as the one that is done now
    with pytest.raises(Conflict, match="received again"):
        replay_webhook(parts.database, newest(parts).id)


def test_events_are_forgotten_after_a_while(client: TestClient, parts: Parts) -> None:
    hook = make_hook(parts, "ghost")
    for name in ("published", "changed", "draft"):
        post(client, delivery_of(hook, name))
    post(client, bad("old", hook))
    process_due(parts)
    with parts.database.writing() as session:
        rows = session.scalars(select(InboundEventRow).order_by(InboundEventRow.id)).all()
        for row, days in zip(rows, (31, 29, 1, 8), strict=True):
            row.received_ms -= days * 86_400_000
    assert forget_events(parts.database) == 2
    assert len(list_events(parts.database)) == 2


def test_no_answer_is_ever_410(client: TestClient, parts: Parts) -> None:
    hook = make_hook(parts, "ghost")
    remove_hook(parts.database, hook.id)
    answers = [post(client, bad(name, hook)).status_code for name in GHOST_BAD]
    answers.append(post(client, delivery_of(hook, "deleted")).status_code)
    assert 410 not in answers


def test_the_recorded_ghost_webhook_is_as_it_was_signed() -> None:
    assert "Grüße".encode() in body_of("ghost", "published")
