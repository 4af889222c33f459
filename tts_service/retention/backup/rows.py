"""Rows of all tables out of one database and into another, the same for SQLite and PostgreSQL.

JSON travels as the text that is stored, so that it comes back exactly and nobody parses it on the way. Tables and
columns are read from the database itself: what comes out is what the database has, whichever version made it.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Text, column, inspect, select, table, text
from sqlalchemy.types import JSON, Boolean, LargeBinary, TypeEngine

from tts_service.errors import BackupRefused

_FETCHED = 1000
"""Rows of a server's cursor held in memory."""
_KEPT_BY_DATABASE = "clip_words"
"""SQLite's full-text index and its parts: triggers fill it from clip_texts."""
_OF_THIS_PLACE = ("alembic_version", "installation")
"""Not copied: a restored database is another installation."""


def tables_of(connection: Connection) -> dict[str, dict[str, TypeEngine[Any]]]:
    """Column types by name, by table; tables in an order in which foreign keys allow inserting."""
    inspector = inspect(connection)
    names = [name for name, _ in inspector.get_sorted_table_and_fkc_names() if name]
    return {
        name: {one["name"]: one["type"] for one in inspector.get_columns(name)}
        for name in names
        if name not in _OF_THIS_PLACE and not name.startswith(_KEPT_BY_DATABASE)
    }


def rows_of(connection: Connection, name: str, types: dict[str, TypeEngine[Any]]) -> Iterator[list[Any]]:
    """A table's rows as JSON data."""
    query = select(*(_as_stored(column, kind) for column, kind in types.items())).select_from(table(name))
    binary = [place for place, kind in enumerate(types.values()) if isinstance(kind, LargeBinary)]
    for row in connection.execute(query.execution_options(yield_per=_FETCHED)):
        values = list(row)
        for place in binary:
            values[place] = None if values[place] is None else base64.b64encode(values[place]).decode()
        yield values


def _as_stored(name: str, kind: TypeEngine[Any]) -> Any:
    if isinstance(kind, JSON):
        return column(name).cast(Text)
    return column(name, kind)


def insert_restored(
    connection: Connection, name: str, columns: Sequence[str], types: dict[str, TypeEngine[Any]], rows: Iterable[Any]
) -> None:
    """Inserts rows from `rows_of` into a table in one statement, so that they may refer to each other."""
    if unknown := [column for column in columns if column not in types]:
        raise BackupRefused(f"Table {name} has no column {', '.join(unknown)} here.")
    binary = [place for place, column in enumerate(columns) if isinstance(types[column], LargeBinary)]
    boolean = [place for place, column in enumerate(columns) if isinstance(types[column], Boolean)]
    values = (_from_json(row, binary, boolean) for row in rows)
    quote = connection.dialect.identifier_preparer.quote
    into, listed = quote(name), ", ".join(map(quote, columns))
    raw = connection.connection.driver_connection
    assert raw is not None
    if connection.dialect.name == "sqlite":
        raw.executemany(f"INSERT INTO {into} ({listed}) VALUES ({', '.join('?' * len(columns))})", values)
        return
    with raw.cursor().copy(f"COPY {into} ({listed}) FROM STDIN") as copy:
        for row in values:
            copy.write_row(row)
    _count_on(connection, name)


def _from_json(row: list[Any], binary: Sequence[int], boolean: Sequence[int]) -> list[Any]:
    for place in binary:
        row[place] = None if row[place] is None else base64.b64decode(row[place])
    for place in boolean:
        row[place] = None if row[place] is None else bool(row[place])
    return row


def _count_on(connection: Connection, name: str) -> None:
    """Lets PostgreSQL's sequences of a table go on after its highest numbers."""
    for one in inspect(connection).get_columns(name):
        if "nextval" in (one["default"] or ""):
            highest = f'(SELECT max("{one["name"]}") FROM "{name}")'
            connection.execute(
                text(f"SELECT setval(pg_get_serial_sequence(:table, :column), {highest}) WHERE {highest} IS NOT NULL"),
                {"table": name, "column": one["name"]},
            )
