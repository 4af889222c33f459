"""An erasure beside a worker and other writers, and one that is killed: nothing is left in the end."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from sqlalchemy import event, select

from tests.parts.factories import make_article
from tests.parts.quick_render import Workers
from tests.parts.staff_rows import kept_event
from tests.retention.test_doomed import doomed, later
from tts_service.access.audit import COMMAND_LINE
from tts_service.db.session import Database
from tts_service.db.tables import ClipRow, JobRow
from tts_service.errors import NotFound
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.submit import submit
from tts_service.parts import Parts
from tts_service.retention import erasure
from tts_service.retention.doomed import LATE_WRITES_MS, delete_doomed
from tts_service.retention.erasure import erase_article
from tts_service.values import Segment

NAME = "erase-me-4711"


class Killed(BaseException):
    """The process ends here."""


def left(parts: Parts) -> list[str]:
    """What names the article or its clip: rows, and files that no row names."""
    with closing(sqlite3.connect(parts.settings.database.removeprefix("sqlite:///"))) as database:
        rows = [line for line in database.iterdump() if NAME in line]
    return rows + [name for name in parts.store.names("") if not name.startswith("readyz/")]


def sent(parts: Parts, name: str = NAME) -> str:
    """A job for an article. Returns its id."""
    return submit(parts, make_article(external_id=name), Wish(voice="tone:beep")).job_id


def named_in_webhooks(parts: Parts) -> None:
    for number in range(3):
        kept_event(parts, f"{number}", site="gazette", external_id=NAME)


def test_a_worker_that_speaks_an_erased_article_loses_its_job_and_leaves_nothing(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    workers = Workers(parts, monkeypatch)
    lease = workers.begin(sent(parts))
    assert lease is not None
    with parts.database.reading() as session:
        clip = session.scalars(select(ClipRow.id)).one()
    erase_article(parts, "gazette", NAME, COMMAND_LINE)
    for name in (f"live/{clip}/1/0-1", f"clips/{clip}/1/late.mp3", f"recordings/{clip}/job"):
        parts.store.put(name, b"what the worker was about to write")
    for key in doomed(parts):
        if "/" not in key:
            parts.segments.put(Segment(key=key, pcm=bytes(200), sample_rate_hz=22_050, words=()))
    assert workers.finish(lease) is False
    later(parts, LATE_WRITES_MS)
    delete_doomed(parts)
    assert (left(parts), doomed(parts)) == ([], [])


def test_a_sentence_that_another_article_has_too_stays(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    workers = Workers(parts, monkeypatch)
    assert workers.render(sent(parts))
    assert workers.render(sent(parts, "2"))
    segments = set(parts.store.names("segments/"))
    erase_article(parts, "gazette", NAME, COMMAND_LINE)
    later(parts, LATE_WRITES_MS)
    delete_doomed(parts)
    assert set(parts.store.names("segments/")) == segments != set()


def test_other_writers_wait_neither_for_stored_webhooks_nor_for_the_store(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Workers(parts, monkeypatch).render(sent(parts))
    named_in_webhooks(parts)
    read, writing = [], []

    def executed(connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if "inbound_events.body" in statement:
            whole = not any(isinstance(value, int) and value > 1_000_000 for value in values)
            read.append((whole, bool(connection.get_execution_options().get("write"))))

    delete, wrote = type(parts.store).delete, Database.writing

    @contextmanager
    def written(database: Database) -> Iterator[Any]:
        with wrote(database) as session:
            writing.append(session)
            yield session
        writing.remove(session)

    def deleted(store: Any, name: str) -> None:
        assert not writing or name.startswith("segments/"), f"{name} is deleted while others wait"
        delete(store, name)

    event.listen(parts.database.engine, "before_cursor_execute", executed)
    monkeypatch.setattr(Database, "writing", written)
    monkeypatch.setattr(type(parts.store), "delete", deleted)
    erase_article(parts, "gazette", NAME, COMMAND_LINE)
    assert (True, False) in read
    assert (True, True) not in read


def test_an_erasure_that_is_killed_at_any_write_is_resumed_by_the_same_command(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    workers, wrote = Workers(parts, monkeypatch), Database.writing
    monkeypatch.setattr(erasure, "_AT_ONCE", 1)
    ended = False
    for deadly in range(1, 100):
        assert workers.render(sent(parts))
        named_in_webhooks(parts)
        count = iter(range(1, 1000))

        @contextmanager
        def killed(database: Database, count: Iterator[int] = count, deadly: int = deadly) -> Iterator[Any]:
            with wrote(database) as session:
                yield session
            if next(count) == deadly:
                raise Killed

        with monkeypatch.context() as patch:
            patch.setattr(Database, "writing", killed)
            try:
                erase_article(parts, "gazette", NAME, COMMAND_LINE)
                ended = True
            except Killed:
                pass
        try:
            erase_article(parts, "gazette", NAME, COMMAND_LINE)
        except NotFound:
            delete_doomed(parts)
        later(parts, LATE_WRITES_MS)
        delete_doomed(parts)
        assert left(parts) == [], f"killed after write {deadly}"
        if ended:
            break
    assert ended
    assert deadly > 8


def test_what_is_left_of_an_article_without_rows_is_erased_and_then_there_is_nothing(parts: Parts) -> None:
    named_in_webhooks(parts)
    assert erase_article(parts, "gazette", NAME, COMMAND_LINE).rows == 3
    assert left(parts) == []
    with pytest.raises(NotFound):
        erase_article(parts, "gazette", NAME, COMMAND_LINE)


def test_an_article_that_is_sent_again_during_its_erasure_goes_too(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(parts)
    forget, again = erasure.forget_sentences, iter((True, False))

    def meanwhile(*values: Any) -> int:
        if next(again, False):
            submit(parts, make_article(external_id=NAME, source="Another text."), Wish(voice="tone:beep"))
        return forget(*values)

    monkeypatch.setattr(erasure, "forget_sentences", meanwhile)
    erase_article(parts, "gazette", NAME, COMMAND_LINE)
    assert left(parts) == []
    with parts.database.reading() as session:
        assert session.scalars(select(JobRow)).all() == []
