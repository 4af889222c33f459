"""What many tests start from, made through the service once per process: a copy of its rows and files takes a
hundredth of the time."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, wraps
from pathlib import Path
from typing import Any

from sqlalchemy import Row, Table, insert

from tests.parts.factories import make_parts
from tts_service.db.tables import Base
from tts_service.parts import Parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What was made in parts of its own."""

    rows: dict[Table, Sequence[Row[Any]]]
    files: dict[str, bytes]
    result: Any
    """What the function that made it returned."""

    def copy_to(self, parts: Parts) -> None:
        with parts.database.writing() as session:
            for table, rows in self.rows.items():
                session.connection().execute(insert(table), [row._asdict() for row in rows])
        for name, data in self.files.items():
            parts.store.put(name, data)


def made_once(make: Callable[[Parts], dict[str, str]]) -> Callable[[Parts], dict[str, str]]:
    """Let `make` run once; later calls copy what it made, with the same ids and times. On PostgreSQL it is made each
    time."""
    kept_once = cache(lambda: keep(make))

    @wraps(make)
    def made(parts: Parts) -> dict[str, str]:
        if not parts.database.is_sqlite:
            return make(parts)
        kept = kept_once()
        kept.copy_to(parts)
        return dict(kept.result)

    return made


def keep(make: Callable[[Parts], Any]) -> Kept:
    """What a function puts into empty parts."""
    with tempfile.TemporaryDirectory() as folder:
        parts = make_parts(Path(folder))
        result = make(parts)
        files = {name: parts.store.get(name) for name in parts.store.names("")}
        with parts.database.reading() as session:
            found = {table: session.execute(table.select()).all() for table in Base.metadata.sorted_tables}
        parts.close()
    return Kept(rows={table: rows for table, rows in found.items() if rows}, files=files, result=result)
