"""What the service asks of PostgreSQL's driver."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from tests.db.test_migrations import sites_keep_the_voice_that_english_had
from tts_service.db import alive
from tts_service.db.session import Database

pytestmark = pytest.mark.slow


@pytest.fixture
def database(postgres: str) -> Iterator[Database]:
    built = Database(postgres)
    yield built
    built.engine.dispose()


def test_each_statement_is_planned_for_its_own_values(database: Database) -> None:
    """A plan for any values may read a whole table where the values lead to a few rows."""
    with database.reading() as session:
        for number in range(20):
            session.execute(text("SELECT relname FROM pg_class WHERE relname = :name"), {"name": f"table{number}"})
        assert session.scalar(text("SELECT count(*) FROM pg_prepared_statements")) == 0


def _end_connections(database: Database) -> None:
    """As a server that restarts does; waits until they are gone, at most 10 s."""
    other = Database(database.url)
    with other.reading() as session:
        others = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        session.execute(text(f"{others} AND datname = current_database()"))
    other.engine.dispose()


def test_connections_that_the_server_ended_are_replaced(database: Database) -> None:
    for use in (database.reading, database.writing):
        database.ping()
        _end_connections(database)
        with use() as session:
            assert session.scalar(text("SELECT 1")) == 1
    _end_connections(database)
    with database.at_once(write=False) as connection:
        assert connection.scalar(text("SELECT 1")) == 1


def test_the_server_is_asked_whether_it_is_there_after_a_pause_only(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    dialect = database.engine.dialect
    ask = dialect.do_ping

    def counted(connection: Any) -> bool:
        asked.append(connection)
        return ask(connection)

    monkeypatch.setattr(dialect, "do_ping", counted)
    database.ping()
    database.ping()
    assert asked == []
    later = time.monotonic() + alive.PAUSE_S + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    database.ping()
    assert len(asked) == 1


def test_sites_of_before_keep_the_voice_that_english_had(empty_postgres: str) -> None:
    database = Database(empty_postgres)
    sites_keep_the_voice_that_english_had(database)
    database.engine.dispose()
