"""The lock order article, clip, job (jobs.locks): each change of a job, while another transaction holds its clip."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.parts.factories import delete_all_rows, make_article, make_parts
from tests.parts.quick_render import Workers
from tests.parts.waiting import until_one_waits
from tts_service.db.tables import ClipRow, JobRow
from tts_service.errors import ServiceError
from tts_service.jobs.control import cancel, withdraw
from tts_service.jobs.dispatch import sweep
from tts_service.jobs.lease import LOST_ATTEMPTS, Lease
from tts_service.jobs.outcome import settle_job
from tts_service.jobs.submit import Wish, submit
from tts_service.parts import Parts

pytestmark = pytest.mark.slow

Change = Callable[[Parts, Workers, Lease], Any]


@pytest.fixture
def parts(tmp_path: Path, postgres: str) -> Iterator[Parts]:
    built = make_parts(tmp_path, database_url=postgres)
    delete_all_rows(built.database)
    yield built
    built.close()


def _publish(_: Parts, workers: Workers, lease: Lease) -> None:
    assert workers.finish(lease) is False  # the newer text took its job


def _fail(parts: Parts, _: Workers, lease: Lease) -> None:
    settle_job(parts, lease, ServiceError("broken on purpose"))


def _give_up(parts: Parts, _: Workers, lease: Lease) -> None:
    with parts.database.writing() as session:
        session.execute(update(JobRow).values(lease_until_ms=1, attempts=LOST_ATTEMPTS))
    sweep(parts)


def _cancel(parts: Parts, _: Workers, lease: Lease) -> None:
    with pytest.raises(ServiceError, match="already ended"):
        cancel(parts, lease.job_id)


def _withdraw(parts: Parts, _: Workers, lease: Lease) -> None:
    withdraw(parts, "gazette", "1")


@pytest.mark.parametrize("change", [_publish, _fail, _give_up, _cancel, _withdraw])
def test_a_job_is_changed_after_its_clip_was_locked(parts: Parts, monkeypatch: Any, change: Change) -> None:
    workers = Workers(parts, monkeypatch)
    lease = workers.begin(submit(parts, make_article(), Wish(voice="tone:beep")).job_id)
    assert lease is not None
    with ThreadPoolExecutor(1) as threads:
        with parts.database.writing() as newer_text:
            newer_text.scalars(select(ClipRow.id).with_for_update()).one()
            changing = threads.submit(change, parts, workers, lease)
            until_one_waits(parts, changing)
            # As a newer text does. A change that had locked the job first would now be in a deadlock with it.
            newer_text.execute(update(JobRow).where(JobRow.id == lease.job_id).values(state="superseded"))
        changing.result(timeout=60)
    with parts.database.reading() as session:
        assert session.scalars(select(JobRow.state)).one() == "superseded"
