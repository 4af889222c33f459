"""Databases of earlier versions: brought up to date with what they keep."""

from __future__ import annotations

import gc
import sqlite3
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import ClassVar, cast

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event, select, text

from tts_service.callbacks.deliveries import DELIVERIES
from tts_service.db.migrate import upgrade, versions
from tts_service.db.rows import utterance_of
from tts_service.db.session import Database, _prepare_sqlite
from tts_service.db.tables import Base, SiteRow, UtteranceRow
from tts_service.jobs.clip_words import search_clips
from tts_service.parts import Parts
from tts_service.queue.claim import claim_row


def at_revision(folder: Path, revision: str) -> Database:
    """A database as an earlier version left it."""
    database = Database(f"sqlite:///{folder}/old.sqlite3")
    bring_to(database, revision)
    return database


def bring_to(database: Database, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(files("tts_service.db") / "migrations"))
    with database.engine.execution_options(write=True).connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()


@pytest.mark.filterwarnings("ignore:.*expression-based index")
def test_migrations_make_the_tables_that_the_code_expects(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/new.sqlite3")
    upgrade(database)
    with database.engine.connect() as connection:
        opts = {"include_name": lambda name, kind, _parents: kind != "table" or not name.startswith("clip_words")}
        assert compare_metadata(MigrationContext.configure(connection, opts=opts), Base.metadata) == []
    database.close()


def test_all_steps_are_one_transaction(tmp_path: Path) -> None:
    """Between two, a process that starts at the same moment would begin with the next one, too."""
    database = Database(f"sqlite:///{tmp_path}/new.sqlite3")
    commits: list[object] = []
    event.listen(database.engine, "commit", commits.append)
    upgrade(database)
    database.close()
    assert len(commits) == 1


def test_a_new_file_that_another_process_prepares_is_waited_for() -> None:
    class BusyTwice:
        """SQLite's answer to several processes that open a new file at the same moment."""

        asked: ClassVar[list[str]] = []

        def execute(self, statement: str) -> None:
            self.asked.append(statement)
            if len(self.asked) < 3:
                raise sqlite3.OperationalError("database is locked")

        def create_function(self, *_: object, **__: object) -> None:
            pass

    _prepare_sqlite(cast(sqlite3.Connection, BusyTwice()), None)
    assert BusyTwice.asked[:4] == [*["PRAGMA journal_mode=WAL"] * 3, "PRAGMA synchronous=FULL"]


def test_a_file_that_can_not_be_written_to_is_told_at_once() -> None:
    class ReadOnly:
        asked = 0

        def execute(self, _statement: str) -> None:
            self.asked += 1
            raise sqlite3.OperationalError("attempt to write a readonly database")

    connection = ReadOnly()
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        _prepare_sqlite(cast(sqlite3.Connection, connection), None)
    assert connection.asked == 1


def test_a_commit_is_on_disk_before_it_is_acknowledged(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/new.sqlite3")
    with database.writing() as session:
        assert session.scalar(text("PRAGMA synchronous")) == 2  # FULL
    database.close()


def test_a_migrations_file_begins_with_its_revision(tmp_path: Path) -> None:
    """The version of the program is read from the names, without Alembic."""
    old = at_revision(tmp_path, "0002")
    head = ScriptDirectory(str(files("tts_service.db") / "migrations")).get_current_head()
    assert versions(old) == ("0002", head)
    assert versions(Database(f"sqlite:///{tmp_path}/none.sqlite3")) == (None, head)
    old.close()


def test_sentences_from_before_there_were_several_voices_are_the_main_voices(tmp_path: Path) -> None:
    database = at_revision(tmp_path, "0002")
    with database.writing() as session:
        session.execute(
            text(
                'INSERT INTO utterances (clip_id, revision, position, block, start, "end", language, pause_after_ms, '
                "tokens, segment_key, deaths) VALUES ('clip_1', 1, 0, 0, 0, 2, 'en', 320, '[]', 'k', 0)"
            )
        )
    upgrade(database)
    with database.reading() as session:
        said = utterance_of(session.scalars(select(UtteranceRow)).one())
    database.close()

    assert (said.voice, said.rate, said.pause_after_ms) == (None, 1.0, 320)


def test_clips_from_before_there_was_an_index_of_words_are_in_it(tmp_path: Path) -> None:
    database = at_revision(tmp_path, "0013")
    statements = (
        "INSERT INTO articles (id, site, external_id, created_ms) VALUES ('art_1', 'gazette', '1', 0)",
        "INSERT INTO clips (id, article_id, state, current_revision, last_revision, created_ms) "
        "VALUES ('clip_1', 'art_1', 'ready', 2, 2, 0)",
        *(
            "INSERT INTO clip_revisions (clip_id, revision, state, cause, title, language, voice, sample_rate_hz, "
            "blocks, account, live_head_bytes, created_ms) VALUES "
            f"('clip_1', {number}, 'ready', 'article', 'A headline', 'en', '{{}}', 22050, "
            f'\'[{{"kind": "paragraph", "text": "{word} met"}}]\', \'[]\', 0, 0)'
            for number, word in ((1, "Elmsworth"), (2, "Z\u00fcrich"))
        ),
    )
    with database.writing() as session:
        for statement in statements:
            session.execute(text(statement.replace(":", "\\:")))
    upgrade(database)
    with database.reading() as session:
        found = [search_clips(session, word) for word in ("z\u00fcrich", "headline", "elmsworth")]
    database.close()
    assert found == [["clip_1"], ["clip_1"], []]


def test_deliveries_in_flight_are_left_to_their_worker_for_its_time(parts: Parts, tmp_path: Path) -> None:
    """Those of the queue before there was one for everything: one waits, one is with a worker, one was with a worker
    that died, one is done."""
    database = at_revision(tmp_path, "0023")
    with database.writing() as session:
        now = database.now_ms(session)
        session.execute(
            text(
                "INSERT INTO callback_endpoints (id, url, events, note, secret_owner, failures, disabled_reason, "
                "created_ms, updated_ms) VALUES ('ep_1', 'https://cms.example/', '', '', 'all', 0, '', 0, 0)"
            )
        )
        for name, state, due_ms, lease_ms in (
            ("waits", "pending", 1, None),
            ("sent", "pending", 2, now + 30_000),
            ("left", "pending", 3, now - 1),
            ("done", "delivered", 4, None),
        ):
            session.execute(
                text(
                    "INSERT INTO callback_deliveries (id, endpoint_id, event_id, type, site, body, state, reason, "
                    "due_ms, tries, attempts, fence, lease_until_ms, released_ms, created_ms) VALUES "
                    "(:name, 'ep_1', :name, 'clip.ready', 'gazette', '{}', :state, '', :due_ms, 0, 0, 7, :lease_ms, "
                    ":lease_ms, 0)"
                ),
                {"name": name, "state": state, "due_ms": due_ms, "lease_ms": lease_ms},
            )
    upgrade(database)
    old = replace(parts, database=database)
    claims = [claim_row(old, DELIVERIES) for _ in range(3)]
    assert [(one.row.id, one.fence, one.row.lost) for one in claims if one] == [("waits", 8, 0), ("left", 8, 1)]
    with database.writing() as session:
        session.execute(text("UPDATE callback_deliveries SET lease_until_ms = 1 WHERE id = 'sent'"))
    last = claim_row(old, DELIVERIES)
    assert last is not None
    assert last.row.id == "sent"
    database.close()


OLD_SITES = (
    "INSERT INTO sites (name, policy, created_ms, updated_ms) VALUES ('settled', '{}', 1, 2)",
    "INSERT INTO articles (id, site, external_id, visibility, created_ms) VALUES "
    "('art_1', 'settled', '1', 'public', 0), ('art_2', 'gazette', '1', 'public', 0), "
    "('art_3', 'gazette', '2', 'public', 0)",
    "INSERT INTO site_feeds (id, site, url, due_ms, tries, error, told, created_ms) VALUES "
    "('feed_1', 'herald', 'https://herald.example/rss', 0, 0, '', '[]', 0)",
    "INSERT INTO webhook_sources (id, source, site, secret, options, created_ms) VALUES "
    "('hook_1', 'ghost', 'courier', 'x', '{}', 0)",
)


def kept_voices(database: Database) -> dict[str, tuple[dict[str, str] | None, int]]:
    """By site: the voices that it keeps, and when something was last settled for it."""
    with database.reading() as session:
        return {row.name: (row.kept_voices, row.updated_ms) for row in session.scalars(select(SiteRow))}


def sites_keep_the_voice_that_english_had(database: Database) -> None:
    """On an empty database of either kind."""
    bring_to(database, "0032")
    with database.writing() as session:
        for statement in OLD_SITES:
            session.connection().exec_driver_sql(statement)
    upgrade(database)
    joe = {"en": "piper:en_US-joe-medium"}
    kept = kept_voices(database)
    assert kept == {"settled": (joe, 2), "gazette": (joe, 0), "herald": (joe, 0), "courier": (joe, 0)}


def test_sites_of_before_keep_the_voice_that_english_had(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/old.sqlite3")
    sites_keep_the_voice_that_english_had(database)
    database.close()


def test_a_new_installation_keeps_no_voice(parts: Parts) -> None:
    assert kept_voices(parts.database) == {}


@pytest.mark.slow
@pytest.mark.filterwarnings("error")
def test_a_database_that_nobody_closed_leaves_no_open_file(tmp_path: Path) -> None:
    """Since Python 3.13 a connection that is collected while open is a warning, in whichever test runs then."""
    database = Database(f"sqlite:///{tmp_path / 'x.sqlite3'}")
    database.ping()
    engine = database.engine
    assert engine.pool.checkedin() == 1  # type: ignore[attr-defined]
    del database
    gc.collect()
    assert engine.pool.checkedin() == 0  # type: ignore[attr-defined]
