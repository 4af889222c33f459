"""Feeds where tags lie in PostgreSQL's own JSON."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from tests.factories import make_parts
from tests.test_podcast import filed
from tts_service.parts import Parts
from tts_service.web.podcast.choice import Heading, choose, headings

pytestmark = pytest.mark.slow


@pytest.fixture
def parts(tmp_path: Path, postgres: str) -> Iterator[Parts]:
    server = create_engine(postgres, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text("CREATE DATABASE podcast"))
    server.dispose()
    own = make_url(postgres).set(database="podcast").render_as_string(hide_password=False)
    built = make_parts(tmp_path, database_url=own)
    yield built
    built.close()


def test_sections_and_tags_are_found_there_too(parts: Parts) -> None:
    filed(parts, "1", section="Kultur", tags=["müller", 'a"b'])
    filed(parts, "2", tags=[])
    filed(parts, "3")
    with parts.database.reading() as session:
        found = headings(session, "gazette")
        assert (found.sections, found.tags) == (("Kultur",), ('a"b', "müller"))
        for heading in (Heading(site="gazette", tag='a"b'), Heading(site="gazette", section="Kultur")):
            chosen, more = choose(parts, session, heading, 1)
            assert ([one.shown.clip.id for one in chosen], more) == (["clip_1"], False)
        everything, _ = choose(parts, session, Heading(site="gazette"), 1)
        assert len(everything) == 3
