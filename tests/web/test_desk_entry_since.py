"""A case whose word got its pronunciation elsewhere: said on its page and in the queue, and closed by it."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete, select

from tests.corrections.desk_bench import Newsroom
from tests.parts.quick_render import Workers
from tests.parts.staff import Signed, signed
from tests.web.test_desk_pages import post, read, takes_few_statements
from tts_service.corrections.cases.following import follow_articles
from tts_service.corrections.taking_back import take_back
from tts_service.db.tables import CaseRow, ClipRevisionRow, LexiconEntryRow, ReportRow
from tts_service.newsroom.lexicon import add
from tts_service.newsroom.lexicon_place import Place
from tts_service.parts import Parts
from tts_service.speakable.lexeme import Lexeme

HAS_ONE, FLAG = "This word has a pronunciation now", "has a pronunciation now"
AT = "/staff/cases/case_1"


@pytest.fixture
def anna(parts: Parts) -> Signed:
    return signed(parts)


@pytest.fixture
def newsroom(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> Newsroom:
    """An article in which a word is reported."""
    made = Newsroom(parts, Workers(parts, monkeypatch))
    made.case(made.publish())
    return made


def case_and_report(newsroom: Newsroom) -> tuple[str, str | None, str, int | None]:
    case, report = newsroom.row(CaseRow, "case_1"), newsroom.row(ReportRow, "R-0000-0001")
    return case.state, case.correction_id, report.state, report.corrected_revision


def close(client: TestClient, who: Signed, entry: str, version: str = "1") -> int:
    return post(client, f"{AT}/decide", who, do="corrected", version=version, entry=entry).status_code


def test_the_page_says_which_who_and_when_and_plays_what_was_heard(
    client: TestClient, newsroom: Newsroom, anna: Signed
) -> None:
    assert HAS_ONE not in read(client, AT, anna)
    made = newsroom.correct(who=anna.person.who)
    assert "doesn’t say it yet" in read(client, AT, anna)
    newsroom.work()
    follow_articles(newsroom.parts)
    page = read(client, AT, anna)
    assert HAS_ONE in page
    assert f'href="/staff/lexicon/{made.entry_id}">Elmsworth → Emsworth</a>. By anna, ' in page
    assert re.search(r'id="hear" href="/staff/sound/\w+/1#', page)
    assert re.search(r'id="now" href="/staff/sound/\w+/2#', page)
    assert FLAG in read(client, "/staff", anna)
    takes_few_statements(client, newsroom.parts, anna, AT)
    takes_few_statements(client, newsroom.parts, anna, "/staff")


def test_where_the_old_sound_is_gone_the_new_one_is_played(
    client: TestClient, newsroom: Newsroom, anna: Signed
) -> None:
    newsroom.correct()
    newsroom.work()
    follow_articles(newsroom.parts)
    with newsroom.parts.database.writing() as session:
        session.execute(delete(ClipRevisionRow).where(ClipRevisionRow.revision == 1))
    page = read(client, AT, anna)
    assert HAS_ONE in page
    assert re.search(r'id="hear" href="/staff/sound/\w+/2#', page)


def test_the_case_is_closed_by_it_and_opened_again_when_it_is_taken_back(
    client: TestClient, newsroom: Newsroom, anna: Signed
) -> None:
    made = newsroom.correct()
    assert close(client, anna, made.entry_id) == 303
    assert case_and_report(newsroom) == ("confirmed", made.correction_id, "confirmed", None)
    newsroom.work()
    assert case_and_report(newsroom) == ("corrected", made.correction_id, "corrected", 2)
    take_back(newsroom.parts, made.correction_id, "staff:2")
    assert case_and_report(newsroom) == ("new", None, "new", None)


def test_a_correction_that_another_case_has_settles_both(client: TestClient, newsroom: Newsroom, anna: Signed) -> None:
    made = newsroom.correct()
    newsroom.work()
    with newsroom.parts.database.writing() as session:
        other = newsroom.row(CaseRow, "case_1")
        values = {column.key: getattr(other, column.key) for column in CaseRow.__table__.columns}
        session.add(CaseRow(**values | {"id": "case_2", "key": "2", "correction_id": made.correction_id}))
    assert close(client, anna, made.entry_id) == 303
    assert case_and_report(newsroom) == ("corrected", made.correction_id, "corrected", 2)
    assert FLAG not in read(client, AT, anna)
    take_back(newsroom.parts, made.correction_id, "staff:2")
    assert case_and_report(newsroom)[:3] == ("new", None, "new")


def test_an_entry_that_no_correction_brought_closes_it_too(
    client: TestClient, newsroom: Newsroom, anna: Signed
) -> None:
    lexeme = Lexeme(graphemes=("Elmsworth",), language="en", alias="Emsworth")
    entry = add(newsroom.parts.database, newsroom.parts.voices, Place.of("gazette"), lexeme, author="test").row.id
    assert FLAG in read(client, "/staff", anna)
    assert close(client, anna, entry) == 303
    assert case_and_report(newsroom) == ("corrected", None, "corrected", None)


@pytest.mark.parametrize(
    "values",
    [
        {"place": Place.of("herald")},
        {"place": Place.of("gazette", "another")},
        {"language": "de"},
        {"language": "en-US"},
        {"graphemes": ("Elmsworth Road",)},
        {"graphemes": ("ELMSWORTH",)},
    ],
)
def test_an_entry_that_does_not_say_the_word_there_is_not_meant(
    client: TestClient, newsroom: Newsroom, anna: Signed, values: dict[str, object]
) -> None:
    newsroom.change(CaseRow, "case_1", language="en-GB")
    place = values.pop("place", Place.of("gazette"))
    lexeme = Lexeme(**{"graphemes": ("Elmsworth",), "language": "en", "alias": "Emsworth"} | values)  # type: ignore[arg-type]
    entry = add(newsroom.parts.database, newsroom.parts.voices, place, lexeme, author="test").row.id  # type: ignore[arg-type]
    assert FLAG not in read(client, "/staff", anna)
    assert HAS_ONE not in read(client, AT, anna)
    assert close(client, anna, entry) == 400


def test_what_was_heard_by_the_entry_already_or_is_as_before_is_not_meant(
    client: TestClient, newsroom: Newsroom, anna: Signed
) -> None:
    made = newsroom.correct()
    newsroom.work()
    newsroom.change(ReportRow, "R-0000-0001", revision=2)  # it was heard as the entry says it
    assert HAS_ONE not in read(client, AT, anna)
    newsroom.change(ReportRow, "R-0000-0001", revision=1)
    take_back(newsroom.parts, made.correction_id, "staff:2")
    assert HAS_ONE not in read(client, AT, anna)
    with newsroom.parts.database.reading() as session:
        assert session.scalars(select(LexiconEntryRow)).all() == []


def test_an_entry_that_says_the_word_as_it_was_heard_is_not_meant(
    client: TestClient, newsroom: Newsroom, anna: Signed
) -> None:
    made = newsroom.correct()
    newsroom.work()
    newsroom.change(ReportRow, "R-0000-0001", revision=2)
    form = {"form_token": anna.token, "do": "save", "graphemes": "Elmsworth", "language": "en", "alias": "Emsworth"}
    got = client.post(
        f"/staff/lexicon/{made.entry_id}", data=form | {"note": "as the mayor says"}, headers=anna.headers
    )
    assert got.status_code == 303
    assert HAS_ONE not in read(client, AT, anna)
    again = newsroom.correct(alias="Elms wuth", entry_id=made.entry_id)
    assert HAS_ONE in read(client, AT, anna)
    take_back(newsroom.parts, again.correction_id, "staff:2")
    assert HAS_ONE not in read(client, AT, anna)
