"""Short sessions: reading and writing, each with the database's own clock.

SQLite runs in WAL mode and every write begins with BEGIN IMMEDIATE, so that two writers wait for each other instead
of failing half-way (https://sqlite.org/lang_transaction.html, "Deferred, immediate, and exclusive"). SQLite's own wait
polls every 100 ms at most and is not fair, so the threads of one process queue here first. Every commit is on disk
before it is acknowledged (`synchronous=FULL`), so that no accepted article, webhook or report is lost with the power.
"""

from __future__ import annotations

import copy
import secrets
import sqlite3
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, select, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from tts_service.db.alive import replace_dead_connections
from tts_service.db.clock import CLOCK
from tts_service.db.closed_sites import WritingSession
from tts_service.errors import DatabaseUnavailable

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_BUSY_S = 30
"""Seconds a write waits for other writers."""
_NOW = select(CLOCK)
_READ_ALONG = "clock, read along"


class _Stamps:
    """Milliseconds since 1970, unique within the process: later ids sort later."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def next(self) -> int:
        with self._lock:
            self._last = max(self._last + 1, time.time_ns() // 1_000_000)
            return self._last


_stamps = _Stamps()


def new_id(prefix: str) -> str:
    """A server-made id, sortable by time: prefix, 9 characters of milliseconds, 13 random ones (Crockford base 32).

    Ids made later in the same process sort later.
    """
    stamp = _stamps.next()
    head = "".join(_ALPHABET[(stamp >> shift) & 31] for shift in range(40, -1, -5))
    return f"{prefix}_{head}{''.join(secrets.choice(_ALPHABET) for _ in range(13))}"


def note_clock(session: Session, now_ms: int) -> None:
    """A statement has just read the clock (db.clock) along with rows: `Database.now_ms` needn't ask for it once."""
    session.info[_READ_ALONG] = now_ms


class Database:
    """Provides sessions. Raises DatabaseUnavailable if the database doesn't respond."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _make_engine(url)
        # Closes files of commands that don't call close(), which Python 3.13 would warn about. Not at exit: a forked
        # process would close its parent's connections.
        weakref.finalize(self, self.engine.dispose).atexit = False
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._line = threading.RLock()
        self._check: Callable[[Session], None] | None = None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session whose changes are discarded."""
        with self._translated(), Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that commits at the end and rolls back on any error."""
        with self._in_line(), self._translated(), WritingSession(self.engine, expire_on_commit=False) as session:
            session.info["write"] = True
            session.connection(execution_options={"write": True})
            if self._check is not None:
                self._check(session)
            yield session
            session.commit()

    @contextmanager
    def at_once(self, *, write: bool = True) -> Iterator[Connection]:
        """A connection for a single statement (autocommit): one round trip to a server."""
        options = {"write": write} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"}
        with self._translated(), self.engine.connect().execution_options(**options) as connection:
            yield connection
            connection.commit()

    def checked(self, check: Callable[[Session], None]) -> Database:
        """The same database, each of whose writes begins with `check`, which raises where it must not happen."""
        checked = copy.copy(self)
        checked._check = check
        return checked

    def now_ms(self, session: Session | Connection) -> int:
        """Milliseconds since 1970 by the database's clock, so that hosts agree on leases."""
        read_along = session.info.pop(_READ_ALONG, None) if isinstance(session, Session) else None
        return int(session.execute(_NOW).scalar_one()) if read_along is None else read_along

    def ping(self) -> None:
        with self.reading() as session:
            session.execute(text("SELECT 1"))

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def _in_line(self) -> Iterator[None]:
        if not self.is_sqlite:
            yield
            return
        if not self._line.acquire(timeout=_BUSY_S):
            raise DatabaseUnavailable(f"Other writes of this process took longer than {_BUSY_S} s.")
        try:
            yield
        finally:
            self._line.release()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except PoolTimeout as error:
            raise DatabaseUnavailable("Every connection to the database is in use.") from error
        except OperationalError as error:
            raise DatabaseUnavailable(f"The database doesn't respond: {_first_line(error)}") from error
        except DBAPIError as error:
            if error.connection_invalidated:
                raise DatabaseUnavailable(f"The database closed the connection: {_first_line(error)}") from error
            raise


def _make_engine(url: str) -> Engine:
    if url.startswith("sqlite"):
        path = url.removeprefix("sqlite:///")
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        # Not the parsed URL: a folder name may contain "#", "?" or "%".
        address = URL.create("sqlite", database=path)
        engine = create_engine(address, connect_args={"timeout": _BUSY_S, "check_same_thread": False}, pool_size=20)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    # Nothing is prepared: after ten runs PostgreSQL would plan a prepared statement for any values, which took a list
    # of 5,000 clips from 4 s to over 50.
    driver = {"connect_timeout": 5, "prepare_threshold": None}
    engine = create_engine(url, pool_size=20, pool_timeout=5, connect_args=driver)
    replace_dead_connections(engine)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver's own BEGIN comes too late (before the first write, not the first read), so we send it ourselves.
    connection.isolation_level = None
    _use_wal(connection)
    for pragma in ("synchronous=FULL", "foreign_keys=ON", f"busy_timeout={_BUSY_S * 1000}"):
        connection.execute(f"PRAGMA {pragma}")
    connection.create_function("lower", 1, _lower, deterministic=True)  # SQLite's own knows no letters beyond ASCII


def _use_wal(connection: sqlite3.Connection) -> None:
    """SQLite's own timeout doesn't count here: processes that open a new file together would fail at once."""
    until = time.monotonic() + _BUSY_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _begin_sqlite(connection: Any) -> None:
    write = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _first_line(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).splitlines()[0][:200]
