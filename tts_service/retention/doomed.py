"""Deletes objects from the store after the transaction that decided so, also if the process died in between.

The code that decides calls `doom` in that transaction, and `delete_doomed` after its commit. If this fails (the store
is unavailable, the process is killed), beat deletes the objects.

A segment may be wanted again between decision and deletion. It is deleted only if no utterance row names it, which a
transaction looks up while nobody else names segments (jobs.locks). The store is asked after that transaction, so that
no writer waits for a store that hangs. A worker that names a segment in between and finds it in the store misses it
when it joins the clip, and speaks it again, as it does with a damaged one.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from sqlalchemy import ColumnElement, and_, case, delete, select, union, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tts_service.db.holds import are_held
from tts_service.db.session import Database
from tts_service.db.tables import ClipRevisionRow, DoomedObjectRow, UtteranceRow
from tts_service.errors import StoreUnavailable
from tts_service.jobs.locks import keep_others_from_naming_segments
from tts_service.jobs.store_owner import require_own_store
from tts_service.parts import Parts
from tts_service.retention.listeners import overwrite
from tts_service.storage.segments import name_of

Kind = Literal["segment", "folder", "object"]

LATE_WRITES_MS = 15 * 60_000
"""How long a worker may still write to the store after its job was taken away: Celery ends each task after 600 s."""
_AGAIN_MS = 60_000
_BATCH = 100
_POSTPONED_AT_ONCE = 2_000
_UNNAMED_S = 0.1
"""How long a lookup that found no row for a segment is valid; then it is repeated."""


def doom(database: Database, session: Session, kind: Kind, names: Iterable[str], *, late_writes: bool = False) -> None:
    """Record objects to delete, in the transaction that decides it.

    `late_writes`: a worker may not know yet, so they are deleted again for `LATE_WRITES_MS`.
    """
    now = database.now_ms(session)
    until = now + LATE_WRITES_MS if late_writes else now
    rows = [
        {"kind": kind, "name": name, "since_ms": now, "until_ms": until, "due_ms": now} for name in sorted(set(names))
    ]
    if not rows:
        return
    insert = (sqlite if database.is_sqlite else postgresql).insert(DoomedObjectRow)
    new, old = insert.excluded, DoomedObjectRow
    again = {"due_ms": new.due_ms, "until_ms": case((old.until_ms > new.until_ms, old.until_ms), else_=new.until_ms)}
    session.execute(insert.on_conflict_do_update(index_elements=["kind", "name"], set_=again), rows)


def doomed_names(session: Session, names: Collection[str]) -> set[str]:
    """Which of some objects of the store are still to be deleted."""
    rows = session.execute(select(DoomedObjectRow.kind, DoomedObjectRow.name)).all()
    folders = tuple(name for kind, name in rows if kind == "folder")
    objects = {name_of(name) if kind == "segment" else name for kind, name in rows}
    return {name for name in names if name in objects or name.startswith(folders)}


def delete_doomed(parts: Parts, *, within_s: float = math.inf, clock: Callable[[], float] = time.monotonic) -> int:
    """Delete what is due. Returns how many objects were deleted. It begins nothing new after `within_s` seconds, and
    nothing at all while a backup is made.

    Raises StoreUnavailable, also if the store belongs to another installation. After an object that can't be deleted
    all that is due of its kind waits for a minute: in a store that hangs each takes as long as the first.
    """
    until_s, deleted = clock() + within_s, 0
    if any(_due(parts, kind) for kind in get_args(Kind)):
        require_own_store(parts)
    for kind in get_args(Kind):
        while clock() < until_s and (due := _due(parts, kind)):
            named = _named(parts, due) if kind == "segment" else frozenset[str]()
            turn_ends_s = min(until_s, clock() + _UNNAMED_S) if kind == "segment" else until_s
            turn = _delete(parts, due, named, clock, turn_ends_s)
            _settle(parts, turn)
            deleted += turn.deleted
            if turn.error is not None:
                _postpone(parts, kind, turn.failed)
                raise turn.error
    return deleted


def named_segments(session: Session, keys: Collection[str]) -> frozenset[str]:
    """Those of some segments that a sentence of a revision, or its spoken notice, still needs."""
    said = select(UtteranceRow.segment_key).where(UtteranceRow.segment_key.in_(keys))
    notices = select(ClipRevisionRow.notice_key).where(ClipRevisionRow.notice_key.in_(keys))
    return frozenset(session.scalars(union(said, notices)))


@dataclass(slots=True, kw_only=True)
class _Turn:
    """What became of some rows in one turn."""

    settled: list[DoomedObjectRow] = field(default_factory=list)
    deleted: int = 0
    failed: str = ""
    """Name of the row at which the store failed."""
    error: StoreUnavailable | None = None


def _due(parts: Parts, kind: Kind) -> Sequence[DoomedObjectRow]:
    row = DoomedObjectRow
    with parts.database.reading() as session:
        if are_held(parts.database, session):
            return ()
        mine = (row.due_ms <= parts.database.now_ms(session), row.kind == kind)
        return session.scalars(select(row).where(*mine).order_by(row.due_ms).limit(_BATCH)).all()


def _named(parts: Parts, due: Sequence[DoomedObjectRow]) -> frozenset[str]:
    with parts.database.writing() as session:
        keep_others_from_naming_segments(session)
        return named_segments(session, [row.name for row in due])


def _delete(
    parts: Parts, due: Sequence[DoomedObjectRow], used: frozenset[str], clock: Callable[[], float], until_s: float
) -> _Turn:
    turn = _Turn()
    for row in due:
        try:
            for name in () if row.name in used else _names_of(parts, row):
                parts.store.delete(name)
                turn.deleted += 1
        except StoreUnavailable as error:
            turn.failed, turn.error = row.name, error
            break
        turn.settled.append(row)
        if clock() >= until_s:
            break
    return turn


def _names_of(parts: Parts, row: DoomedObjectRow) -> Sequence[str]:
    if row.kind == "folder":
        return list(parts.store.names(row.name))
    return [name_of(row.name) if row.kind == "segment" else row.name]


def _settle(parts: Parts, turn: _Turn) -> None:
    """Forget what was deleted, unless it was recorded again meanwhile; what may be written late is due again."""
    if not turn.settled:
        return
    database = parts.database
    with database.writing() as session:
        overwrite(database, session)  # a name can be an erased clip's
        now = database.now_ms(session)
        for row in sorted(turn.settled, key=lambda row: row.name):  # as whoever records them again does
            if row.until_ms <= row.due_ms:
                session.execute(delete(DoomedObjectRow).where(_same(row)))
            else:
                again = update(DoomedObjectRow).where(_same(row))
                session.execute(again.values(due_ms=min(now + _AGAIN_MS, row.until_ms)))


def _postpone(parts: Parts, kind: Kind, failed: str) -> None:
    """What is due of a kind is due in a minute, in short transactions; the one that failed comes behind the others,
    which it would hold up if it always failed."""
    table, database = DoomedObjectRow, parts.database
    with database.reading() as session:
        now = database.now_ms(session)
    due = select(table.name).where(table.kind == kind, table.due_ms <= now).order_by(table.name)
    again = update(table).values(due_ms=case((table.name == failed, now + _AGAIN_MS + 1), else_=now + _AGAIN_MS))
    while True:
        with database.writing() as session:
            names = session.scalars(due.limit(_POSTPONED_AT_ONCE).with_for_update()).all()
            session.execute(again.where(table.kind == kind, table.name.in_(names)))
        if len(names) < _POSTPONED_AT_ONCE:
            return


def _same(row: DoomedObjectRow) -> ColumnElement[bool]:
    table = DoomedObjectRow
    return and_(
        table.kind == row.kind, table.name == row.name, table.due_ms == row.due_ms, table.until_ms == row.until_ms
    )
