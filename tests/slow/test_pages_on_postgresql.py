"""Pages under every address, and a database from before there were page keys, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import select, text

from tests.cms.conftest import site
from tests.cms.inbox.test_page_lookup import (
    TestFeeds,
    TestReaders,
    test_a_changed_list_joins_what_is_one_page_now,
)
from tests.parts.factories import Doorbell, delete_all_rows, make_parts
from tts_service.db.migrate import upgrade
from tts_service.db.pages import at_page
from tts_service.db.session import Database
from tts_service.db.tables import ArticleRow, FoundArticleRow
from tts_service.parts import Parts

pytestmark = pytest.mark.slow

__all__ = ["TestFeeds", "TestReaders", "site", "test_a_changed_list_joins_what_is_one_page_now"]


@pytest.fixture
def parts(tmp_path: Path, bell: Doorbell, postgres: str) -> Iterator[Parts]:
    built = make_parts(tmp_path, bell, database_url=postgres, fetch_pause_s=0)
    delete_all_rows(built.database)
    yield built
    built.close()


def test_articles_from_before_there_were_keys_are_found(parts: Parts) -> None:
    _go_to(parts.database, "0010")
    with parts.database.writing() as session:
        session.execute(
            text(
                "INSERT INTO articles (id, site, external_id, url, visibility, created_ms) "
                "VALUES ('1', 'gazette', '1', 'https://Müller.example:443/straße/', 'public', 1)"
            )
        )
        for address, article, at in (("https://x.example/a/", None, 1), ("https://x.example/a?utm_id=1", "art_9", 2)):
            session.execute(
                text(
                    "INSERT INTO found_articles (site, address, found_in, state, reason, attempts, due_ms, article_id, "
                    "found_ms) VALUES ('gazette', :address, 'f', 'requested', '', 0, 0, :article, :at)"
                ),
                {"address": address, "article": article, "at": at},
            )
    upgrade(parts.database)
    with parts.database.reading() as session:
        here = select(ArticleRow.id).where(at_page(session, "http://xn--mller-kva.example/stra%C3%9Fe", "gazette"))
        assert session.scalars(here).all() == ["1"]
        assert session.scalars(select(FoundArticleRow.page_key)).all() == ["x.example/a"]


def _go_to(database: Database, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(files("tts_service.db") / "migrations"))
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
        connection.commit()
