"""A queue, and its next row: parties take turns, and a party's row that has been due longest comes first.

A party is whatever must not delay the others: a site, or a callback endpoint. One that has just had a turn comes after
all others with due rows: a site that sends ten thousand articles delays another's single article by one turn.

Bounded by the number of parties with waiting rows, not by the number of rows: the parties are found by skipping through
an index ("loose index scan"), and each one's next row is the first of its stretch of the same index. So a queue's table
needs an index of (party, due_ms, id) over the waiting rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Connection,
    Integer,
    Select,
    and_,
    bindparam,
    exists,
    func,
    inspect,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from tts_service.db.tables import QueueTurnRow
from tts_service.settings import Settings

Row = TypeVar("Row")
_PARTIES = 20
"""Parties tried for one row: other workers may be at the only due row of each at the same moment."""
NOW: ColumnElement[int] = bindparam("now", type_=BigInteger)
"""The present time, in a queue's `room`."""
_PARTY: ColumnElement[str] = bindparam("party")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WorkQueue(Generic[Row]):
    """What a queue needs that others don't."""

    name: str
    """Also names its rings, and their list in the broker."""
    row: type[Row]
    """Its table, with the columns of Leased."""
    waiting: ColumnElement[bool]
    """Rows that wait for a worker or are with one. Literal, where a partial index is meant to answer."""
    due_ms: Any
    """Column: not before this time."""
    party: Any = None
    """Column: whose turn it is; None: there are no parties, and the row that has been due longest comes first."""
    room: Callable[[Any], ColumnElement[int]] | None = None
    """Most rows of a party (given as an expression) that are with workers at once; 0: none yet. None: any number."""
    at_once: int | None = None
    """About how many rows may be with workers at once; None: any number."""
    slots: Callable[[Settings], int]
    """Workers that take its rings."""
    lease_ms: int = 0
    """More than the longest work on one row; afterwards another worker takes it. 0: its jobs renew a lease of their
    own."""
    give_up: Callable[[Row, int], None] | None = None
    """Ends a row (with the present time) whose workers were lost again and again."""


def next_row(session: Session, queue: WorkQueue[Row], now_ms: int, key: tuple[Any, ...] | None = None) -> Row | None:
    """Lock the queue's next row and note its party's turn; None: nothing is due, or other workers have it. `key`: only
    the row with this primary key.

    Deadlocks can't happen: a row that is locked is skipped, and only then one party's turn is locked.
    """
    now = {"now": now_ms} | {f"key_{place}": value for place, value in enumerate(key or ())}
    first = _first(queue, by_key=key is not None)
    if queue.at_once is not None and session.scalar(_with_workers(queue), now) >= queue.at_once:
        return None
    if queue.party is None:
        return session.scalars(first, now).one_or_none()
    parties = _in_turn(queue) if key is None else select(queue.party).where(*_has_key(queue))
    for party in session.scalars(parties, now).all():
        row = session.scalars(first, {**now, "party": party}).one_or_none()
        if row is not None:
            take_turn(session, queue.name, party, now_ms)
            # Others may have claimed the party's last room until its turn was locked.
            has_room = queue.room is None or session.scalar(_has_room(queue), {**now, "party": party})
            return row if has_room else None
    return None


def take_turn(session: Session, queue: str, party: str, now_ms: int) -> None:
    """Lock the party's turn; it comes after the others now."""
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    make: Any = sqlite.insert if on_sqlite else postgresql.insert
    turn = make(QueueTurnRow).values(queue=queue, party=party, taken_ms=now_ms)
    session.execute(turn.on_conflict_do_update(index_elements=["queue", "party"], set_={"taken_ms": now_ms}))


def count_due(session: Session | Connection, queue: WorkQueue[Any], now_ms: int, most: int) -> int:
    """Number of rows that a worker could claim, counted up to `most`."""
    if queue.at_once is not None:
        most = min(most, queue.at_once - (session.scalar(_with_workers(queue), {"now": now_ms}) or 0))
    if most <= 0:
        return 0
    return session.scalar(_number_due(queue), {"now": now_ms, "most": most}) or 0


def primary_key(row: type[Any]) -> tuple[Any, ...]:
    """A table's key columns."""
    return tuple(inspect(row).primary_key)


@cache
def _number_due(queue: WorkQueue[Any]) -> Select[Any]:
    due = select(literal(1).label("one")).select_from(queue.row).where(*_due(queue))
    if queue.room is not None:
        parties = _parties(queue)
        open_to = select(parties.c.party).where(parties.c.party.is_not(None), _open(queue, parties.c.party)).subquery()
        due = due.join(open_to, open_to.c.party == queue.party)
    return select(func.count()).select_from(due.limit(bindparam("most", type_=Integer)).subquery())


@cache
def _in_turn(queue: WorkQueue[Any]) -> Select[Any]:
    """Parties with due rows and room, the one whose last turn is longest ago first."""
    parties = _parties(queue)
    party = parties.c.party
    turn = and_(QueueTurnRow.queue == queue.name, QueueTurnRow.party == party)
    return (
        select(party)
        .outerjoin(QueueTurnRow, turn)
        .where(party.is_not(None), exists().where(*_due(queue), queue.party == party), _open(queue, party))
        .order_by(func.coalesce(QueueTurnRow.taken_ms, 0), party)
        .limit(_PARTIES)
    )


def _parties(queue: WorkQueue[Any]) -> CTE:
    """Parties with waiting rows, due or not: each found by one step in the index. The last row is NULL."""
    first = select(func.min(queue.party).label("party")).where(queue.waiting).cte("parties", recursive=True)
    following = select(func.min(queue.party)).where(queue.waiting, queue.party > first.c.party)
    return first.union_all(select(following.correlate(first).scalar_subquery()).where(first.c.party.is_not(None)))


@cache
def _first(queue: WorkQueue[Row], *, by_key: bool) -> Select[tuple[Row]]:
    """The row that has been due longest, or that has the key, locked."""
    query: Any = select(queue.row).where(*_due(queue)).order_by(queue.due_ms, *primary_key(queue.row)).limit(1)
    if queue.party is not None:
        query = query.where(queue.party == _PARTY)
    if by_key:
        query = query.where(*_has_key(queue))
    locked: Select[tuple[Row]] = query.with_for_update(skip_locked=True)
    return locked


def _has_key(queue: WorkQueue[Any]) -> list[ColumnElement[bool]]:
    return [column == bindparam(f"key_{place}") for place, column in enumerate(primary_key(queue.row))]


def _due(queue: WorkQueue[Any]) -> tuple[ColumnElement[bool], ...]:
    row: Any = queue.row
    return queue.waiting, queue.due_ms <= NOW, or_(row.lease_until_ms.is_(None), row.lease_until_ms <= NOW)


def _open(queue: WorkQueue[Any], party: Any) -> ColumnElement[bool]:
    if queue.room is None:
        return true()
    leased: Any = aliased(queue.row)
    its = getattr(leased, queue.party.key) == party
    under_way = select(func.count()).select_from(leased).where(its, leased.lease_until_ms > NOW).scalar_subquery()
    return queue.room(party) > under_way


@cache
def _has_room(queue: WorkQueue[Any]) -> Select[Any]:
    return select(_open(queue, _PARTY))


@cache
def _with_workers(queue: WorkQueue[Any]) -> Select[Any]:
    row: Any = queue.row
    return select(func.count()).select_from(row).where(row.lease_until_ms > NOW)
