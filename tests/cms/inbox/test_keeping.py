"""The one insert, from many threads at once and into a slow database."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.event import listen

from tests.measure.doors.webhooks import forged
from tests.parts.factories import make_parts
from tests.parts.webhooks import NAMES, delivery_of, make_hook
from tts_service.cms.inbox.addresses import remove_hook
from tts_service.cms.inbox.insert import EventInserter
from tts_service.cms.inbox.receive import Inbox
from tts_service.db.tables import InboundEventRow
from tts_service.errors import DatabaseUnavailable, NotFound
from tts_service.parts import Parts


def statements(parts: Parts) -> list[str]:
    seen: list[str] = []
    listen(parts.database.engine, "before_cursor_execute", lambda *a: seen.append(str(a[2])))
    return seen


def test_what_comes_while_one_writes_is_written_together(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    hook = make_hook(parts, "generic")
    inbox = Inbox(parts)
    inbox.take_in("generic", hook.id, delivery_of(hook, "published", message_id="first"))
    hold, writing = threading.Event(), threading.Event()
    real = EventInserter._write

    def held(self: EventInserter, batch: list[Any]) -> None:
        writing.set()
        assert hold.wait(20)
        real(self, batch)

    monkeypatch.setattr(EventInserter, "_write", held)
    seen = statements(parts)
    with ThreadPoolExecutor(20) as threads:
        letters = [delivery_of(hook, "published", message_id=f"m{n // 2}") for n in range(20)]  # each one twice
        answers = [threads.submit(inbox.take_in, "generic", hook.id, letter) for letter in letters]
        assert writing.wait(20)
        while len(inbox._inserter._waiting) < 19:
            writing.wait(0.01)
        hold.set()
        states = sorted(answer.result(20).state for answer in answers)
    assert states == ["duplicate"] * 10 + ["received"] * 10
    assert len([text for text in seen if text.startswith("INSERT")]) == 2


def test_more_than_fit_into_one_statement_are_all_kept(parts: Parts) -> None:
    hook = make_hook(parts, "generic")
    inbox = Inbox(parts)
    with ThreadPoolExecutor(60) as threads:
        letters = [delivery_of(hook, "published", message_id=f"m{n}") for n in range(300)]
        states = list(threads.map(lambda letter: inbox.take_in("generic", hook.id, letter).state, letters))
    assert states == ["received"] * 300
    with parts.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(InboundEventRow)) == 300


def test_one_removed_hook_in_a_statement_leaves_the_others(parts: Parts) -> None:
    hooks = [make_hook(parts, name) for name in NAMES]
    inbox = Inbox(parts)
    for hook in hooks:
        inbox.take_in(hook.source, hook.id, delivery_of(hook, "published"))
    remove_hook(parts.database, hooks[0].id)

    def again(hook: Any) -> str:
        try:
            return inbox.take_in(hook.source, hook.id, delivery_of(hook, "changed", message_id="other")).state
        except NotFound:
            return "gone"

    with ThreadPoolExecutor(len(hooks)) as threads:
        assert list(threads.map(again, hooks)) == ["gone"] + ["received"] * (len(hooks) - 1)


def test_a_database_that_fails_is_told_to_all_who_wait_and_the_next_goes_on(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = make_hook(parts, "generic")
    inbox = Inbox(parts)
    working = parts.database.at_once

    def down() -> Any:
        raise DatabaseUnavailable("down on purpose")

    monkeypatch.setattr(parts.database, "at_once", down)
    with ThreadPoolExecutor(8) as threads:
        letters = [delivery_of(hook, "published", message_id=f"m{n}") for n in range(8)]
        answers = [threads.submit(inbox.take_in, "generic", hook.id, letter) for letter in letters]
        errors = [type(answer.exception(20)) for answer in answers]
    assert errors == [DatabaseUnavailable] * 8
    monkeypatch.setattr(parts.database, "at_once", working)
    assert inbox.take_in("generic", hook.id, letters[0]).state == "received"


@pytest.mark.slow
def test_no_altered_webhook_of_any_source_gets_in(tmp_path: Path) -> None:
    make_parts(tmp_path).close()  # the migrations are loaded before the clock runs
    found = forged(rounds=2)
    assert found.sent >= 160
    assert found.accepted == 0, found.accepted_which
    assert set(found.statuses) == {401, 404}
