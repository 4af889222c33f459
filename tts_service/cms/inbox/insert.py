"""Stores webhooks in batches: a writer takes along all that are waiting, so that a slow database delays no CMS.

Kept because, with one plain INSERT for each event, 7 of 400 webhooks are stored in time where SQLite is 200 ms slower.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Executable, Text, bindparam, case, select
from sqlalchemy.dialects import postgresql, sqlite

from tts_service.db.session import Database
from tts_service.db.tables import InboundEventRow, WebhookSourceRow

_AT_ONCE = 50
"""Events in one statement."""
_WRITERS = 4
"""Statements at the same time, to a server."""

REFUSED = "refused"
REMOVED = "not_found: the hook was removed"
_SETTLED = ("state", "event_key", "reason")
"""Columns that depend on whether the hook is still there."""

Values = dict[str, Any]


@dataclass(slots=True)
class _Waiting:
    """One event to be kept."""

    values: Values
    done: bool = False
    state: str | None = None
    error: BaseException | None = None


class EventInserter:
    """Keeps events of known hooks. One for a process; threads share it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._insert = insert_new(on_sqlite=database.is_sqlite)
        self._waiting: deque[_Waiting] = deque()
        self._turn = threading.Condition()
        self._writers = 0
        self._most = 1 if database.is_sqlite else _WRITERS

    def keep(self, values: Values) -> str | None:
        """The state it was kept in: its own, or refused, since its hook was removed; None: it was there already.
        Raises DatabaseUnavailable.

        Few threads write at a time (one with SQLite). Others wait, and mostly find that a writer has taken their event
        along: at 50 events a second and 200 ms a statement, each waits for two statements at most.
        """
        mine = _Waiting(values)
        with self._turn:
            self._waiting.append(mine)
        while (batch := self._my_turn(mine)) is not None:
            try:
                self._write(batch)
            finally:
                with self._turn:
                    self._writers -= 1
                    self._turn.notify_all()
        if mine.error is not None:
            raise mine.error
        return mine.state

    def _my_turn(self, mine: _Waiting) -> list[_Waiting] | None:
        """What to write now; None: mine is done."""
        with self._turn:
            while not mine.done and (self._writers >= self._most or not self._waiting):
                self._turn.wait()
            if mine.done:
                return None
            self._writers += 1
            return [self._waiting.popleft() for _ in range(min(len(self._waiting), _AT_ONCE))]

    def _write(self, batch: list[_Waiting]) -> None:
        try:
            rows = [_row(one.values) for one in batch]
            with self._database.at_once() as connection:
                kept = {row.id: row.state for row in connection.execute(self._insert, rows).all()}
            for one in batch:
                one.state = kept.get(one.values["id"])
        except BaseException as error:  # each of the others raises it too, in its own thread
            for one in batch:
                one.error = error
            raise
        finally:
            for one in batch:
                one.done = True


def _row(values: Values) -> Values:
    """The parameters of one row: what depends on the hook goes by other names, since a column's own are taken."""
    rest = {name: value for name, value in values.items() if name not in _SETTLED}
    return {**rest, "hook": values["hook_id"], **{f"own_{name}": values[name] for name in _SETTLED}}


def insert_new(*, on_sqlite: bool) -> Executable:
    """Insert what isn't there yet; returns (id, state) of these. Of a hook that was removed it is kept as refused.

    To be run with many rows: SQLAlchemy makes one statement of them ("insertmanyvalues"), whose text it keeps.
    """
    table = InboundEventRow.__table__
    known = (
        select(WebhookSourceRow.id)
        .where(WebhookSourceRow.id == bindparam("hook", type_=Text()), WebhookSourceRow.removed_ms.is_(None))
        .exists()
    )
    make: Any = sqlite.insert if on_sqlite else postgresql.insert
    statement: Executable = (
        make(table)
        .values(
            state=case((known, bindparam("own_state", type_=Text())), else_=REFUSED),
            event_key=case((known, bindparam("own_event_key", type_=Text()))),
            reason=case((known, bindparam("own_reason", type_=Text())), else_=REMOVED),
        )
        .on_conflict_do_nothing(index_elements=["hook_id", "event_key"])
        .returning(table.c.id, table.c.state)
    )
    return statement
