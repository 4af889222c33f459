"""An article is erased while it is spoken, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.parts.factories import delete_all_rows, make_parts
from tests.parts.quick_render import Workers
from tests.retention.test_doomed import later
from tests.retention.test_erasure_interrupted import NAME, named_in_webhooks, sent
from tts_service.access.audit import COMMAND_LINE
from tts_service.db.tables import AuditRow, Base
from tts_service.parts import Parts
from tts_service.retention.doomed import LATE_WRITES_MS, delete_doomed
from tts_service.retention.erasure import erase_article

pytestmark = pytest.mark.slow


@pytest.fixture
def parts(tmp_path: Path, postgres: str) -> Iterator[Parts]:
    built = make_parts(tmp_path, database_url=postgres)
    delete_all_rows(built.database)
    yield built
    built.close()


def test_its_worker_loses_the_job_and_nothing_is_left(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    workers = Workers(parts, monkeypatch)
    lease = workers.begin(sent(parts))
    assert lease is not None
    named_in_webhooks(parts)
    assert erase_article(parts, "gazette", NAME, COMMAND_LINE).rows > 8
    assert workers.finish(lease) is False
    later(parts, LATE_WRITES_MS)
    delete_doomed(parts)
    assert list(parts.store.names("")) == []
    with parts.database.reading() as session:
        left = {table.name: session.execute(select(table)).all() for table in Base.metadata.sorted_tables}
    assert {name for name, rows in left.items() if NAME in repr(rows)} == set()
    assert [row.what for row in left[AuditRow.__tablename__]] == ["article.withdrawn", "article.erased"]
