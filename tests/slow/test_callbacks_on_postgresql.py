"""The contract tests of callbacks, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.callbacks.test_deliver import TestNothingIsLost, TestRoom, TestTries, theirs
from tests.callbacks.test_outbox import TestJobsOwnAddress, TestOneTransaction, TestWhatHappened, TestWhoHears
from tests.parts.callbacks import VOUCHED, all_deliveries, happened
from tests.parts.factories import Doorbell, delete_all_rows, make_parts
from tts_service.callbacks.endpoints import list_endpoints
from tts_service.parts import Parts

pytestmark = pytest.mark.slow

__all__ = [
    "TestJobsOwnAddress",
    "TestNothingIsLost",
    "TestOneTransaction",
    "TestRoom",
    "TestTries",
    "TestWhatHappened",
    "TestWhoHears",
    "theirs",
]


@pytest.fixture
def parts(tmp_path: Path, bell: Doorbell, postgres: str) -> Iterator[Parts]:
    built = make_parts(
        tmp_path, bell, database_url=postgres, allow_hosts=VOUCHED, public_url="https://listen.example.org"
    )
    delete_all_rows(built.database)
    yield built
    built.close()


def test_many_jobs_that_end_at_once_make_one_host(parts: Parts) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: happened(parts, callback_url=f"http://cms.lan/{n}"), range(16)))

    assert [(row.site, row.url) for row in list_endpoints(parts.database)] == [("gazette", "http://cms.lan")]
    assert len(all_deliveries(parts)) == 16
