"""Whether a lexicon changed is known without reading it: equal versions for equal entries, whatever came in between."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from tests.parts.factories import make_article
from tests.parts.statements import statements
from tts_service.db.tables import LexiconEntryRow
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.submit import submit
from tts_service.newsroom.lexicon import add, change, new_rows, remove
from tts_service.newsroom.lexicon_place import Place
from tts_service.newsroom.lexicon_version import lexicon_version, note_change
from tts_service.newsroom.pls import Taking, export_pls, import_pls
from tts_service.parts import Parts
from tts_service.speakable.lexeme import Lexeme, Scope

EVERYWHERE = Place(scope=Scope.GLOBAL)
GAZETTE = Place(scope=Scope.SITE, site="gazette")
ARTICLE = Place(scope=Scope.ARTICLE, site="gazette", article="1")


def lexeme(word: str, alias: str = "said so", **values: Any) -> Lexeme:
    return Lexeme(**({"graphemes": (word,), "language": "en", "alias": alias, "case_sensitive": True} | values))


def enter(parts: Parts, place: Place, word: str, **values: Any) -> LexiconEntryRow:
    return add(parts.database, parts.voices, place, lexeme(word, **values), author="test").row


def version(parts: Parts, site: str = "gazette", article: str = "1") -> str:
    return lexicon_version(parts.database, site, article)


@pytest.mark.parametrize("place", [EVERYWHERE, GAZETTE, ARTICLE])
def test_an_entry_changes_the_version_where_it_holds(parts: Parts, place: Place) -> None:
    places = [("gazette", "1"), ("gazette", "2"), ("other", "1")]
    before = [version(parts, *where) for where in places]
    enter(parts, place, "Elmsworth")
    changed = [version(parts, *where) != old for where, old in zip(places, before, strict=True)]

    holds = {Scope.GLOBAL: [True, True, True], Scope.SITE: [True, True, False], Scope.ARTICLE: [True, False, False]}
    assert changed == holds[place.scope]


def test_what_is_changed_and_changed_back_leaves_no_trace(parts: Parts) -> None:
    empty = version(parts)
    row = enter(parts, GAZETTE, "Elmsworth")
    one = version(parts)
    changed = change(parts.database, parts.voices, row, lexeme("Elmsworth", "Emsworth"), "", who="test").row
    two = version(parts)
    assert len({empty, one, two}) == 3
    change(parts.database, parts.voices, changed, lexeme("Elmsworth"), "with a note", who="test")
    assert version(parts) == one
    remove(parts.database, row.id, who="test")

    assert version(parts) == empty


def test_neither_order_nor_id_matters_but_every_part_of_what_is_said(parts: Parts) -> None:
    words = [enter(parts, GAZETTE, word) for word in ("A", "B")]
    there = version(parts)
    for row in words:
        remove(parts.database, row.id, who="test")
    for word in ("B", "A"):
        enter(parts, GAZETTE, word)
    assert version(parts) == there
    seen = {there}
    for values in (
        {"alias": "otherwise"},
        {"language": "en-GB"},
        {"case_sensitive": False},
        {"alone": True},
        {"graphemes": ("C", "D")},
    ):
        row = enter(parts, ARTICLE, "C", **values)
        seen.add(version(parts))
        remove(parts.database, row.id, who="test")

    assert len(seen) == 6


def test_a_file_counts_entry_by_entry(parts: Parts) -> None:
    for word in ("A", "B"):
        enter(parts, GAZETTE, word)
    there = version(parts)
    document = export_pls(parts.database, GAZETTE)
    taking = Taking(author="test", replace=True)
    import_pls(parts.database, parts.voices, document, GAZETTE, taking)
    assert version(parts) == there
    other = document.replace(b"said so", b"said otherwise", 1)
    import_pls(parts.database, parts.voices, other, GAZETTE, Taking(author="test", replace=True, dry_run=True))
    assert version(parts) == there
    import_pls(parts.database, parts.voices, other, GAZETTE, taking)
    assert version(parts) != there
    import_pls(parts.database, parts.voices, document, GAZETTE, taking)

    assert version(parts) == there


def test_an_article_is_submitted_without_reading_the_lexicon(parts: Parts) -> None:
    with parts.database.writing() as session:
        rows = new_rows(GAZETTE, [(lexeme(f"Word{number}"), "") for number in range(200)], "test", 1)
        session.add_all(rows)
        note_change(session, [], rows)
    with statements(parts.database.engine) as seen:
        submit(parts, make_article(), Wish(voice="tone:beep"))

    assert not [statement for statement in seen if "lexicon_entries" in statement]
    assert [statement for statement in seen if "lexicon_versions" in statement]


def test_a_changed_lexicon_renders_the_same_article_again(parts: Parts) -> None:
    first = submit(parts, make_article(), Wish(voice="tone:beep"))
    row = enter(parts, GAZETTE, "Elmsworth")
    again = submit(parts, make_article(), Wish(voice="tone:beep"))
    assert again.created
    remove(parts.database, row.id, who="test")

    assert submit(parts, make_article(), Wish(voice="tone:beep")).job_id not in (first.job_id, again.job_id)
    with parts.database.reading() as session:
        assert session.scalars(select(LexiconEntryRow)).all() == []
