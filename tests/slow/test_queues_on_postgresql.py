"""What every queue promises, on PostgreSQL, where several claim at the same time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text

from tests.parts.factories import Doorbell, delete_all_rows, make_parts
from tests.parts.queue_rows import plant_job
from tests.queue.test_every_queue import EVERY, WITH_ROOM, TestClaims, TestRings, TestTurns, claimed, end, plant
from tts_service.cms.feeds.turn import FEEDS
from tts_service.db.tables import JobRow
from tts_service.jobs.turns import claim_next
from tts_service.parts import Parts
from tts_service.queue.claim import claim_row, fenced
from tts_service.queue.turns import WorkQueue

pytestmark = pytest.mark.slow

__all__ = ["TestClaims", "TestRings", "TestTurns"]


@pytest.fixture
def parts(tmp_path: Path, bell: Doorbell, postgres: str) -> Iterator[Parts]:
    built = make_parts(tmp_path, bell, database_url=postgres)
    delete_all_rows(built.database)
    yield built
    built.close()


@EVERY
def test_many_workers_claim_each_row_once(parts: Parts, queue: WorkQueue[Any]) -> None:
    for number in range(24):
        plant(parts, queue, f"site-{number if queue.party is None else number % 4}")
    taken: Counter[Any] = Counter()

    def take(_: int) -> None:
        while (one := claim_row(parts, queue)) is not None:
            taken[one.key] += 1
            end(parts, one)

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(take, range(6)))
    take(0)  # who found a party's room full left its rest to the next ring

    assert list(taken.values()) == [1] * 24


def test_many_workers_claim_each_job_once(parts: Parts) -> None:
    for number in range(12):
        plant_job(parts, f"site-{number % 3}")

    def take(_: int) -> int:
        taken = 0
        while claim_next(parts, "normal", "elsewhere|1|1") is not None:
            taken += 1
        return taken

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(take, range(6))) == 12
    with parts.database.reading() as session:
        assert session.scalar(select(func.max(JobRow.fence))) == 1


@WITH_ROOM
def test_several_who_claim_at_once_stay_within_a_partys_room(parts: Parts, queue: WorkQueue[Any]) -> None:
    plant(parts, queue, "one", rows=20)
    with ThreadPoolExecutor(8) as threads:
        taken = [one for one in threads.map(lambda _: claim_row(parts, queue), range(16)) if one is not None]

    assert len(taken) == (1 if queue is FEEDS else 4)


@EVERY
def test_nobody_claims_a_row_while_its_worker_writes(parts: Parts, queue: WorkQueue[Any]) -> None:
    """Its lease ends in the middle of a transaction: whoever comes next waits for the commit."""
    plant(parts, queue)
    one = claimed(parts, queue)
    with fenced(parts, one).database.writing() as writing:
        table = queue.row.__tablename__
        with parts.database.writing() as session:
            session.execute(text(f"UPDATE {table} SET lease_until_ms = 1"))
        assert claim_row(parts, queue) is None
        writing.flush()

    assert claim_row(parts, queue) is not None
