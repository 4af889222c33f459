"""Replaces connections that the server has closed, without asking the server at each use of one.

A server that stops says so before it closes its connections, so there is something to read although nothing was asked.
Only then, or after a pause in which a network may have dropped the connection, the server is asked.
"""

from __future__ import annotations

import select
import time
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError

PAUSE_S = 5.0
_SEEN = "seen alive"


def replace_dead_connections(engine: Engine) -> None:
    """Have the engine's pool hand out connections that are alive."""
    dialect = engine.dialect

    def require_alive(connection: Any, record: Any, _proxy: Any) -> None:
        now = time.monotonic()
        try:
            if now - record.info.get(_SEEN, now) > PAUSE_S or _has_news(connection):
                dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error  # the pool connects again
        record.info[_SEEN] = now

    event.listen(engine, "checkout", require_alive)


def _has_news(connection: Any) -> bool:
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    return bool(waiting.poll(0))
