"""The statements that are sent to a database, their plans and what it answers, for tests and measurements."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """Those that are sent in the block."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


@contextmanager
def steps(engine: Engine) -> Iterator[list[str]]:
    """How SQLite goes about the statements that are sent in the block, as EXPLAIN QUERY PLAN says it."""
    seen: list[str] = []

    def explain(_connection: Any, cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            plan = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", values)
            seen.extend(step for *_, step in plan)

    event.listen(engine, "before_cursor_execute", explain)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", explain)


@dataclass(slots=True)
class Loaded:
    """What was asked of SQLite, and what it answered."""

    sent: list[str] = field(default_factory=list)
    """Statements that read or write rows of tables."""
    rows: int = 0
    characters: int = 0
    """Of all texts and bytes in these rows."""


@contextmanager
def loaded(engine: Engine) -> Iterator[Loaded]:
    """What is loaded from SQLite in the block."""
    seen = Loaded()

    def counted(_cursor: sqlite3.Cursor, row: tuple[Any, ...]) -> tuple[Any, ...]:
        seen.rows += 1
        seen.characters += sum(len(value) for value in row if isinstance(value, str | bytes))
        return row

    def connected(connection: Any, _record: Any) -> None:
        connection.row_factory = counted

    engine.dispose()  # connections that are open don't count
    event.listen(engine, "connect", connected)
    try:
        with statements(engine) as sent:
            yield seen
    finally:
        event.remove(engine, "connect", connected)
        engine.dispose()
    seen.sent = [one for one in sent if not one.startswith(("BEGIN", "SELECT 1", "PRAGMA"))]
