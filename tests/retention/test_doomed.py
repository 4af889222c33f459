"""Objects that a transaction decided to delete are deleted after it, whatever happens in between."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.parts.factories import make_article
from tests.parts.quick_render import Workers
from tts_service.db.tables import DoomedObjectRow, UtteranceRow
from tts_service.errors import StoreUnavailable
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.submit import submit
from tts_service.parts import Parts
from tts_service.retention.doomed import LATE_WRITES_MS, delete_doomed, doom
from tts_service.storage.base import StoredObject
from tts_service.storage.store import ObjectStore
from tts_service.values import Segment


def put_segment(parts: Parts, key: str) -> None:
    parts.segments.put(Segment(key=key, pcm=bytes(200), sample_rate_hz=22_050, words=()))


def decide(parts: Parts, kind: Any, *names: str, late_writes: bool = False) -> None:
    with parts.database.writing() as session:
        doom(parts.database, session, kind, names, late_writes=late_writes)


def later(parts: Parts, ms: int) -> None:
    """Time passes: what is due in so many milliseconds is due now."""
    row = DoomedObjectRow
    with parts.database.writing() as session:
        session.execute(
            update(row).values(since_ms=row.since_ms - ms, until_ms=row.until_ms - ms, due_ms=row.due_ms - ms)
        )


def doomed(parts: Parts) -> list[str]:
    with parts.database.reading() as session:
        return list(session.scalars(select(DoomedObjectRow.name).order_by(DoomedObjectRow.name)))


def test_what_a_transaction_decided_is_deleted_after_it_and_nothing_else(parts: Parts) -> None:
    for name in ("clips/a/1/x.mp3", "clips/a/2/y.mp3", "clips/ab/1/z.mp3", "live/a"):
        parts.store.put(name, b"sound")
    put_segment(parts, "aaaa")
    put_segment(parts, "bbbb")
    decide(parts, "folder", "clips/a/")
    decide(parts, "segment", "aaaa")
    assert delete_doomed(parts) == 3
    assert set(parts.store.names("")) == {"clips/ab/1/z.mp3", "live/a", "segments/bb/bbbb"}
    assert doomed(parts) == []


def test_a_decision_that_is_undone_deletes_nothing(parts: Parts) -> None:
    parts.store.put("clips/a/1/x.mp3", b"sound")
    with pytest.raises(ZeroDivisionError), parts.database.writing() as session:
        doom(parts.database, session, "object", ["clips/a/1/x.mp3"])
        raise ZeroDivisionError
    assert delete_doomed(parts) == 0
    assert list(parts.store.names("")) == ["clips/a/1/x.mp3"]


def test_a_segment_that_a_newer_text_names_stays(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    workers = Workers(parts, monkeypatch)
    workers.begin(submit(parts, make_article(), Wish(voice="tone:beep")).job_id)
    with parts.database.reading() as session:
        keys = set(session.scalars(select(UtteranceRow.segment_key)))
    for key in keys:
        put_segment(parts, key)
    decide(parts, "segment", *keys)
    assert delete_doomed(parts) == 0
    assert all(parts.segments.get(key) for key in keys)
    assert doomed(parts) == []


def test_what_a_late_worker_still_writes_is_deleted_too(parts: Parts) -> None:
    parts.store.put("live/a/1/head", b"sound")
    decide(parts, "folder", "live/a/", late_writes=True)
    decide(parts, "folder", "live/a/")  # it stays decided for as long
    assert delete_doomed(parts) == 1
    parts.store.put("live/a/1/0-1", b"sound")
    assert delete_doomed(parts) == 0  # looked at a moment ago
    later(parts, 60_000)
    assert delete_doomed(parts) == 1
    parts.store.put("live/a/1/1-1", b"sound")
    later(parts, LATE_WRITES_MS)
    assert delete_doomed(parts) == 1
    assert (list(parts.store.names("")), doomed(parts)) == ([], [])


def break_store(monkeypatch: pytest.MonkeyPatch, *broken: str) -> list[str]:
    """Deleting fails for some names. Returns those that are asked for, as they are."""
    asked, delete = list[str](), ObjectStore.delete

    def deleted(store: ObjectStore, name: str) -> None:
        asked.append(name)
        if name in broken:
            raise StoreUnavailable("broken on purpose")
        delete(store, name)

    monkeypatch.setattr(ObjectStore, "delete", deleted)
    return asked


def test_a_store_that_fails_is_asked_once_a_minute_for_each_kind(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    decide(parts, "object", "clips/a", "clips/b", "clips/c")
    put_segment(parts, "aaaa")
    decide(parts, "segment", "aaaa")
    asked = break_store(monkeypatch, "clips/a", "clips/b", "clips/c", "segments/aa/aaaa")
    for _ in range(2):
        with pytest.raises(StoreUnavailable):
            delete_doomed(parts)
    assert delete_doomed(parts) == 0
    assert asked[0] == "segments/aa/aaaa"
    assert len(asked) == 2


def test_one_object_that_cannot_be_deleted_holds_up_no_other(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("clips/a", "clips/b", "clips/c"):
        parts.store.put(name, b"sound")
        decide(parts, "object", name)
    with monkeypatch.context() as patch:
        break_store(patch, "clips/a")
        for _ in range(2):
            with pytest.raises(StoreUnavailable):
                delete_doomed(parts)
            later(parts, 60_001)
        assert list(parts.store.names("")) == ["clips/a"]
    delete_doomed(parts)
    assert (list(parts.store.names("")), doomed(parts)) == ([], [])


def test_nobody_waits_for_the_database_while_the_store_answers(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    parts.store.put("clips/a/1/x.mp3", b"sound")
    put_segment(parts, "aaaa")
    decide(parts, "folder", "clips/a/")
    decide(parts, "object", "clips/b")
    decide(parts, "segment", "aaaa")
    answers, (delete, objects) = list[str](), (ObjectStore.delete, ObjectStore.objects)

    def someone_writes(answer: str) -> None:
        answers.append(answer)
        other = sqlite3.connect(parts.database.url.removeprefix("sqlite:///"), timeout=0)
        with closing(other):
            other.execute("BEGIN IMMEDIATE")  # raises while another transaction writes

    def deleted(store: ObjectStore, name: str) -> None:
        someone_writes(name)
        delete(store, name)

    def listed(store: ObjectStore, prefix: str) -> Iterator[StoredObject]:
        someone_writes(prefix)
        return objects(store, prefix)

    monkeypatch.setattr(ObjectStore, "delete", deleted)
    monkeypatch.setattr(ObjectStore, "objects", listed)
    assert delete_doomed(parts) == 3
    assert sorted(answers) == ["clips/a/", "clips/a/1/x.mp3", "clips/b", "segments/aa/aaaa"]


def test_beat_gives_others_their_turn(parts: Parts) -> None:
    for number in range(5):
        parts.store.put(f"clips/{number}", b"sound")
        decide(parts, "object", f"clips/{number}")
    seconds = iter(range(100))
    assert delete_doomed(parts, within_s=4, clock=lambda: next(seconds)) < 5
    assert len(doomed(parts)) == len(list(parts.store.names(""))) > 0
    assert delete_doomed(parts) > 0
    assert list(parts.store.names("")) == []
