"""The contract tests of a job's life, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.jobs.test_jobs import TestControl, TestDispatch, TestLease, TestSubmit, TestSweep, TestTurns
from tests.parts.factories import Doorbell, delete_all_rows, make_parts
from tts_service.parts import Parts

pytestmark = pytest.mark.slow

__all__ = ["TestControl", "TestDispatch", "TestLease", "TestSubmit", "TestSweep", "TestTurns"]


@pytest.fixture
def parts(tmp_path: Path, bell: Doorbell, postgres: str) -> Iterator[Parts]:
    built = make_parts(tmp_path, bell, database_url=postgres)
    delete_all_rows(built.database)
    yield built
    built.close()
