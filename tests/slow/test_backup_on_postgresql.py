"""Backups of PostgreSQL and a bucket, and from each kind of database and store to the other."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from tests.parts.factories import make_settings
from tests.parts.odd_rows import all_rows, fill_every_table
from tts_service.db.session import Database
from tts_service.jobs.store_owner import OWNER_OBJECT
from tts_service.parts import Parts
from tts_service.retention.backup.make import make_backup
from tts_service.retention.backup.restore import restore_backup
from tts_service.settings import Settings
from tts_service.storage.store import open_store

pytestmark = pytest.mark.slow


@pytest.fixture
def second(empty_postgres: str) -> Iterator[str]:
    """Another database of the same server."""
    url = make_url(empty_postgres)
    name = f"{url.database}_second"
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield url.set(database=name).render_as_string(hide_password=False)
    server.dispose()


def carry(source: Settings, target: Settings) -> None:
    """From one place to another through a backup; the source changes while it is made."""

    def meanwhile(_: str) -> None:
        with old.writing() as session:
            session.execute(text("UPDATE sites SET created_ms = created_ms + 1"))
            session.execute(text("UPDATE utterances SET language = 'later'"))

    file = io.BytesIO()
    old, new = Database(source.database), Database(target.database)
    assert make_backup(source, old, open_store(source), file, meanwhile).faults == []
    file.seek(0)
    restore_backup(target, new, open_store(target), file, lambda _: None)
    old.close()
    new.close()


def rows_at(settings: Settings) -> dict[str, list[list[object]]]:
    database = Database(settings.database)
    rows = all_rows(database)
    database.close()
    rows.pop("store_holds")
    return rows


def test_everything_survives_the_way_to_postgresql_within_it_and_back(
    parts: Parts, empty_postgres: str, second: str, s3: dict[str, str], tmp_path: Path
) -> None:
    fill_every_table(parts.database)
    with parts.database.writing() as session:
        session.execute(text("UPDATE clip_revisions SET renditions = NULL, files = NULL, notice_key = NULL"))
        session.execute(text("UPDATE utterances SET samples = 5, segment_key = 'aa' || clip_id"))
    parts.store.put("segments/aa/aa1", b"sound")
    before = rows_at(parts.settings)
    places = (
        parts.settings,
        make_settings(tmp_path / "a", database_url=empty_postgres, **s3),
        make_settings(tmp_path / "b", database_url=second, **s3 | {"store_url": "s3://audio/other"}),
        make_settings(tmp_path / "c"),
    )
    for source, target in pairwise(places):
        carry(source, target)
        assert rows_at(target) == before, target.database
        assert set(open_store(target).names("")) == {"segments/aa/aa1", OWNER_OBJECT}
    numbers_go_on(second)


def numbers_go_on(url: str) -> None:
    """The next row that PostgreSQL numbers doesn't get a number that is taken."""
    database = Database(url)
    with database.writing() as session:
        session.execute(text("DELETE FROM clip_texts WHERE number = 2"))
        session.execute(text("INSERT INTO clip_texts (clip_id, words) VALUES ('2', 'x')"))
        assert session.execute(text("SELECT max(number) FROM clip_texts")).scalar_one() == 3
    database.close()
