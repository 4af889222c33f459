"""Inserts rows of several tables that belong together in one statement, which is one round trip to a server."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Insert, Table, bindparam, insert, inspect
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from tts_service.db.closed_sites import refuse_for_closed
from tts_service.db.tables.base import Base


def insert_rows(session: Session, rows: Sequence[Base]) -> None:
    """Insert new rows, those that others refer to first; from then on they are the session's. Raises SiteClosed."""
    refuse_for_closed(session, rows)
    tables = [row.__table__ for row in rows]
    values = [_values(row) for row in rows]
    connection = session.connection()
    shapes = tuple((table, tuple(given)) for table, given in zip(tables, values, strict=True))
    if connection.dialect.name == "sqlite":  # which writes nothing in a WITH
        for shape, given in zip(shapes, values, strict=True):
            connection.execute(_together((shape,)), _named(0, given))
    else:
        named = {key: value for place, given in enumerate(values) for key, value in _named(place, given).items()}
        connection.execute(_together(shapes), named)
    for row in rows:
        make_transient_to_detached(row)
    session.add_all(rows)


def _values(row: Base) -> dict[str, Any]:
    """A new row's columns as its session would write them. Those that nothing was said about are NULL."""
    given: dict[str, Any] = {}
    set_here = inspect(row).dict
    for column in row.__table__.columns:
        if column.key in set_here:
            given[column.key] = set_here[column.key]
        elif column.default is not None:
            given[column.key] = _default(column)
        set_committed_value(row, column.key, given.get(column.key))
    return given


def _default(column: Any) -> Any:
    default = column.default
    if not default.is_callable:
        return default.arg
    try:
        return default.arg(None)
    except AttributeError as error:
        raise ValueError(f"{column} depends on the other columns: set it") from error


def _named(place: int, given: dict[str, Any]) -> dict[str, Any]:
    return {f"{key}_{place}": value for key, value in given.items()}


@cache
def _together(shapes: tuple[tuple[Table, tuple[str, ...]], ...]) -> Insert:
    """One statement for these tables' columns. References are checked at its end."""
    *before, last = (
        insert(table).values({key: bindparam(f"{key}_{place}", type_=table.c[key].type) for key in keys})
        for place, (table, keys) in enumerate(shapes)
    )
    for place, one in enumerate(before):
        last = last.add_cte(one.cte(f"row_{place}"))
    return last
