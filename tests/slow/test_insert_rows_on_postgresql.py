"""A new article on PostgreSQL: one statement reads what holds for it, one writes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.db.test_insert_rows import write_both_ways
from tests.parts.factories import Doorbell, delete_all_rows, make_article, make_parts
from tests.parts.statements import statements
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.submit import submit
from tts_service.parts import Parts

pytestmark = pytest.mark.slow


@pytest.fixture
def parts(tmp_path: Path, bell: Doorbell, postgres: str) -> Iterator[Parts]:
    built = make_parts(tmp_path, bell, database_url=postgres)
    delete_all_rows(built.database)
    yield built
    built.close()


def test_rows_are_the_same_as_those_that_a_session_writes(parts: Parts) -> None:
    write_both_ways(parts)


def test_a_new_article_is_read_for_and_written_in_a_statement_each(parts: Parts, bell: Doorbell) -> None:
    with statements(parts.database.engine) as seen:
        assert submit(parts, make_article(), Wish(voice="tone:beep")).created

    assert len(seen) == 3, "\n".join(seen)  # the last one counts what is due
    assert bell.rung == ["normal"]
