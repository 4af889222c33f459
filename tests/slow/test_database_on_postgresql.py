"""What the service asks of PostgreSQL's driver."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from tests.db.test_migrations import sites_keep_the_voice_that_english_had
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


def test_sites_of_before_keep_the_voice_that_english_had(empty_postgres: str) -> None:
    database = Database(empty_postgres)
    sites_keep_the_voice_that_english_had(database)
    database.engine.dispose()
