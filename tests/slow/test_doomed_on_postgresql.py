"""Deleting segments while workers name them, in two transactions of PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.parts.factories import delete_all_rows, make_article, make_parts
from tests.parts.quick_render import Workers
from tests.parts.waiting import until_one_waits
from tests.retention.test_doomed import decide, doomed, put_segment
from tts_service.db.tables import UtteranceRow
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.locks import name_segments
from tts_service.jobs.submit import submit
from tts_service.parts import Parts
from tts_service.retention.doomed import delete_doomed

pytestmark = pytest.mark.slow


@pytest.fixture
def parts(tmp_path: Path, postgres: str) -> Iterator[Parts]:
    built = make_parts(tmp_path, database_url=postgres)
    delete_all_rows(built.database)
    yield built
    built.close()


def test_a_segment_stays_that_a_worker_is_about_to_name(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    Workers(parts, monkeypatch).begin(submit(parts, make_article(), Wish(voice="tone:beep")).job_id)
    put_segment(parts, "aaaa")
    decide(parts, "segment", "aaaa")
    with ThreadPoolExecutor(1) as threads:
        with parts.database.writing() as worker:
            name_segments(worker)
            worker.scalars(select(UtteranceRow).limit(1)).one().segment_key = "aaaa"
            worker.flush()
            deleting = threads.submit(delete_doomed, parts)
            until_one_waits(parts, deleting)
        assert deleting.result(timeout=60) == 0
    assert parts.segments.get("aaaa") is not None
    assert doomed(parts) == []
