"""Two rows in every table, with values that travel badly between databases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Connection
from sqlalchemy.types import JSON, Boolean, Float, Integer, LargeBinary

from tts_service.db.session import Database
from tts_service.db.tables import Base
from tts_service.retention.backup.rows import rows_of, tables_of

TEXT = '“Zürich’s”\ttab, \\ backslash, \\N, \\. , NULL, {"a": 1},\r\nline\u2028\U0001f3a7\x01'


def fill_every_table(database: Database) -> None:
    with database.writing() as session:
        for table in Base.metadata.sorted_tables:
            rows = [{column.name: _value(column, number) for column in table.columns} for number in (1, 2)]
            session.execute(table.insert(), rows)


def _value(column: Column[Any], number: int) -> Any:
    if column.nullable and number == 2 and not column.primary_key:
        return None
    if isinstance(column.type, JSON):
        return {"text": TEXT, "numbers": [1, 2.5, -(2**40), 1e-9], "null": None, "true": True}
    if isinstance(column.type, Boolean):
        return number == 1
    if isinstance(column.type, Float):
        return 0.1 + number
    if isinstance(column.type, Integer):
        return number if column.primary_key else 2**53 + number
    if isinstance(column.type, LargeBinary):
        return bytes(range(256)) * number
    is_name = column.primary_key or column.foreign_keys or column.unique
    return f"{'' if is_name else TEXT}{number}"


def all_rows(database: Database) -> dict[str, list[list[Any]]]:
    """Every table's rows, as they are stored."""
    with database.reading() as session:
        return dict(_tables(session.connection()))


def _tables(connection: Connection) -> Iterator[tuple[str, list[list[Any]]]]:
    for name, types in tables_of(connection).items():
        yield name, sorted(rows_of(connection, name, types), key=str)
