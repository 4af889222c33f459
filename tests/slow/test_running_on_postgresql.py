"""The page Running's figures on PostgreSQL: each statement, for all sites and for one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.parts.factories import delete_all_rows, make_parts
from tests.parts.running import ALL_PARTS, Service
from tests.parts.web_rows import ready_clip
from tts_service.jobs.turns import claim_next
from tts_service.monitoring import parts_check
from tts_service.monitoring.parts_check import PartsCheck
from tts_service.monitoring.running import running_now
from tts_service.monitoring.weighing import weigh_store
from tts_service.newsroom.sites import set_options
from tts_service.parts import Parts
from tts_service.storage.watch import StoreWatch

pytestmark = pytest.mark.slow


@pytest.fixture
def parts(tmp_path: Path, postgres: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Parts]:
    built = make_parts(tmp_path, database_url=postgres)
    delete_all_rows(built.database)
    monkeypatch.setattr(parts_check, "broker_down", lambda _: None)
    yield built
    built.close()


def test_all_sites_and_one(parts: Parts) -> None:
    service = Service(parts=parts)
    service.begin(*ALL_PARTS)
    ready_clip(parts, name="ready", site="gazette")
    for site in ("gazette", "herald"):
        service.failed(f"{site}1", 60, site)
        service.due(f"due-{site}", 30, site)
        service.endpoint(f"{site}.example", "5 days", site)
    assert claim_next(parts, "normal", "studio-1:pid:[1]|6|7")
    set_options(parts.database, "gazette", {"stored_bytes": 4000})
    weigh_store(parts)
    check = PartsCheck(parts, StoreWatch(parts.store, parts.settings))

    found = running_now(parts, check)
    assert [one.part for one in found.down] == ["callbacks", "callbacks"]
    assert [(one.queue, one.waiting, one.running) for one in found.queues] == [
        ("breaking", 0, 0),
        ("normal", 1, 1),
        ("backfill", 0, 0),
    ]
    assert len(found.jobs) == 1
    assert len(found.failed) == 2
    assert found.keeping is not None
    assert [(one.site, one.bytes, one.quota) for one in found.keeping.sites] == [
        ("gazette", 10_000, 4000),
        ("herald", 5000, None),
    ]

    own = running_now(parts, check, ("gazette",))
    assert "herald" not in str(own)
    assert (len(own.failed), len(own.endpoints), own.keeping) == (1, 1, None)
