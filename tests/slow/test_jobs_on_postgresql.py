"""The contract tests of a job's life, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.jobs.test_jobs import TestControl, TestDispatch, TestLease, TestSubmit, TestSweep
from tests.parts.factories import Doorbell, make_parts
from tts_service.db.tables import Base
from tts_service.parts import Parts

pytestmark = pytest.mark.slow

__all__ = ["TestControl", "TestDispatch", "TestLease", "TestSubmit", "TestSweep"]


@pytest.fixture
def parts(tmp_path: Path, bell: Doorbell, postgres: str) -> Iterator[Parts]:
    built = make_parts(tmp_path, bell, database_url=postgres)
    with built.database.writing() as session:
        for table in reversed(Base.metadata.sorted_tables):
            session.execute(table.delete())
    yield built
    built.close()
