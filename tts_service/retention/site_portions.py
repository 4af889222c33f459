"""Works through a site's rows in portions, one transaction each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select

from tts_service.parts import Parts
from tts_service.retention.erasure import batches_of

_READ_AT_ONCE = 5_000
"""Rows read before the first of them are deleted: a turn of a few seconds doesn't get further."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PortionDone:
    """What one step did. The caller checks the time after each."""

    rows: int = 0
    log_lines: int = 0


def portions(parts: Parts, query: Select[*tuple[Any, ...]]) -> Iterator[Sequence[Row[*tuple[Any, ...]]]]:
    """The rows of a query, as many at a time as one transaction takes. It is repeated until little is left: the
    caller deletes the rows, or changes them so that the query no longer finds them."""
    while True:
        with parts.database.reading() as session:
            rows = session.execute(query.limit(_READ_AT_ONCE)).all()
        yield from batches_of(rows)
        if len(rows) < _READ_AT_ONCE:
            return
