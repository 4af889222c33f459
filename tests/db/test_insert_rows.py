"""Rows that are inserted together: the same as their session would write them one by one."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Text, cast, select

from tests.parts.statements import statements
from tts_service.db.insert_rows import insert_rows
from tts_service.db.tables import ArticleRevisionRow, ArticleRow, ClipRow, JobRow, SiteRow
from tts_service.db.tables.base import Base
from tts_service.errors import SiteClosed
from tts_service.parts import Parts


def new_rows(name: str) -> tuple[Base, ...]:
    """An article with all that comes with it, each under this name; its tags are unknown, as the API writes that."""
    return (
        ArticleRow(id=name, site="gazette", external_id=name, url=f"https://gazette.example/{name}", created_ms=1),
        ClipRow(id=name, article_id=name, state="rendering", created_ms=1),
        ArticleRevisionRow(
            id=name, article_id=name, content_hash="", source="", source_format="text", tags=None, created_ms=1
        ),
        JobRow(
            id=name,
            site="gazette",
            article_id=name,
            article_revision_id=name,
            clip_id=name,
            revision=1,
            formats="mp3",
            queue="normal",
            state="queued",
            due_ms=1,
            created_ms=1,
        ),
    )


def as_written(parts: Parts, name: str) -> list[dict[str, Any]]:
    """The rows of that name as the database has them, JSON as its text."""
    found = []
    with parts.database.reading() as session:
        for row in new_rows(name):
            columns = [cast(column, Text).label(column.key) for column in row.__table__.columns]
            (one,) = session.execute(select(*columns).where(row.__table__.c.id == name)).mappings()
            found.append({key: value and value.replace(name, "NAME") for key, value in one.items()})
    return found


def write_both_ways(parts: Parts) -> None:
    """`one` together, `two` by its session; asserts that they differ in nothing but the key of the page."""
    with parts.database.writing() as session:
        insert_rows(session, _with_page_key("one"))
    with parts.database.writing() as session:
        for row in _with_page_key("two"):
            session.add(row)
            session.flush()
    assert as_written(parts, "one") == as_written(parts, "two")


def _with_page_key(name: str) -> tuple[Base, ...]:
    rows = new_rows(name)
    assert isinstance(rows[0], ArticleRow)
    rows[0].page_key = f"gazette.example/{name}"
    return rows


def test_rows_are_the_same_as_those_that_a_session_writes(parts: Parts) -> None:
    write_both_ways(parts)

    article, _, revision, job = as_written(parts, "one")
    assert (article["visibility"], job["fence"], job["error"]) == ("public", "0", None)
    assert revision["tags"] == "null"


def test_they_are_the_session_s_and_are_not_read_again(parts: Parts) -> None:
    rows = _with_page_key("one")
    with parts.database.writing() as session:
        insert_rows(session, rows)
        with statements(parts.database.engine) as seen:
            job = session.get_one(JobRow, "one")
            assert (job.error, job.fence, job.total) == (None, 0, None)
        assert seen == []
        job.state = "running"

    assert as_written(parts, "one")[3]["state"] == "running"


def test_nothing_is_written_for_a_closed_site(parts: Parts) -> None:
    with parts.database.writing() as session:
        session.add(SiteRow(name="gazette", created_ms=1, updated_ms=1, closed_ms=1))
    with pytest.raises(SiteClosed), parts.database.writing() as session:
        insert_rows(session, _with_page_key("one"))
    with parts.database.reading() as session:
        assert session.scalars(select(ArticleRow.id)).all() == []


def test_a_default_that_depends_on_the_row_is_refused(parts: Parts) -> None:
    """It would be made of nothing."""
    with pytest.raises(ValueError, match="page_key"), parts.database.writing() as session:
        insert_rows(session, new_rows("one"))
