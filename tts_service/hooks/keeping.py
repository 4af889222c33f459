"""The one insert: whoever writes takes along all that wait, so that a slow database slows nobody's CMS."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Executable, literal, select, union_all
from sqlalchemy.dialects import postgresql, sqlite

from tts_service.db.session import Database
from tts_service.db.tables import InboundEventRow, WebhookSourceRow

_AT_ONCE = 50
"""Events in one statement."""
_WRITERS = 4
"""Statements at the same time, to a server."""

Values = dict[str, Any]


@dataclass(slots=True)
class _Waiting:
    """One event to be kept."""

    values: Values
    done: bool = False
    kept: bool = False
    error: BaseException | None = None


class Keeper:
    """Keeps events of known hooks. One for a process; threads share it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: deque[_Waiting] = deque()
        self._turn = threading.Condition()
        self._writers = 0
        self._most = 1 if database.is_sqlite else _WRITERS

    def keep(self, values: Values) -> bool:
        """Whether the event was kept; False: it is there already, or its hook was removed. Raises DatabaseUnavailable.

        Few write at a time (into SQLite, one). Who comes meanwhile waits, and mostly finds that another has taken it
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
        return mine.kept

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
            statement = insert_new([one.values for one in batch], on_sqlite=self._database.is_sqlite)
            with self._database.at_once() as connection:
                kept = set(connection.execute(statement).scalars())
            for one in batch:
                one.kept = one.values["id"] in kept
        except BaseException as error:  # each of the others raises it too, in its own thread
            for one in batch:
                one.error = error
            raise
        finally:
            for one in batch:
                one.done = True


def insert_new(events: list[Values], *, on_sqlite: bool) -> Executable:
    """One statement: insert what isn't there yet and whose hook wasn't removed; returns the ids of these."""
    table = InboundEventRow.__table__
    rows = [
        select(*(literal(value, table.c[name].type) for name, value in values.items())).where(
            select(WebhookSourceRow.id)
            .where(WebhookSourceRow.id == values["hook_id"], WebhookSourceRow.removed_ms.is_(None))
            .exists()
        )
        for values in events
    ]
    make: Any = sqlite.insert if on_sqlite else postgresql.insert
    statement: Executable = (
        make(table)
        .from_select(list(events[0]), union_all(*rows) if len(rows) > 1 else rows[0])
        .on_conflict_do_nothing(index_elements=["hook_id", "event_key"])
        .returning(table.c.id)
    )
    return statement
