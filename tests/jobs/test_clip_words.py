"""The index of clips' words: which clips can have a grapheme, kept right by all that happens to a clip."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from sqlalchemy import select, text, update

from tests.jobs.test_revisions import save, workers
from tests.parts.clip_rows import RowArticle, insert_clips, paragraphs
from tests.parts.quick_render import Workers
from tts_service.db.tables import ClipRow, ClipTextRow
from tts_service.jobs.clip_words import ClipsOf, candidates, clips_with_text, search_clips
from tts_service.jobs.control import withdraw
from tts_service.newsroom.sites import set_options
from tts_service.parts import Parts
from tts_service.retention.erasure import erase_article
from tts_service.speakable.lexeme import Lexeme
from tts_service.speakable.lexicon import grapheme_words
from tts_service.speakable.word_index import index_form

__all__ = ["workers"]


def having(parts: Parts, *graphemes: str, **whose: Any) -> list[str]:
    """Ids of articles whose clips can have one of the graphemes."""
    lexeme = Lexeme(graphemes=graphemes, language="en", alias="x")
    with parts.database.reading() as session:
        found = candidates(session, grapheme_words([lexeme]), ClipsOf(**whose))
    return sorted(one.rpartition("_")[2] for one in found)


def searched(parts: Parts, words: str, **more: Any) -> list[str]:
    with parts.database.reading() as session:
        return [one.rpartition("_")[2] for one in search_clips(session, words, **more)]


@pytest.fixture
def filled(parts: Parts) -> Parts:
    texts = [
        "Holyrood met. UN/Nato says l’Otan.",
        unicodedata.normalize("NFD", "Zürich und Müllers Straße in Øster Ελλάδα 東京"),
        "The nato-summit in New York, York.",
        "don't say 5 or C++ or “quoted” 0️⃣ ½",
    ]
    made = [RowArticle(external_id=str(number), blocks=paragraphs(one)) for number, one in enumerate(texts)]
    insert_clips(parts, [*made, RowArticle(external_id="9", site="herald", blocks=paragraphs("Holyrood"))])
    return parts


FORMS = {
    "Holyrood": ["0", "9"],
    "HOLYROOD": ["0", "9"],
    "Nato": ["0", "2"],
    "Otan": ["0"],
    "Zürich": ["1"],
    unicodedata.normalize("NFD", "zürich"): ["1"],
    "STRASSE": ["1"],
    "ελλάδα": ["1"],
    "東京": ["1"],
    "Müller": [],
    "New York": ["2"],
    "York New": ["2"],
    "New Zürich": [],
    "don’t": ["3"],
    "C++": ["3"],
    "½": ["3"],
    "0️⃣": ["3"],
    "quoted": ["3"],
}


def test_candidates_have_the_words_whatever_their_form(filled: Parts) -> None:
    assert {grapheme: having(filled, grapheme) for grapheme in FORMS} == FORMS
    # No query: three words, of which no article has all.
    assert having(filled, 'or" OR "met') == []


def test_candidates_of_a_site_or_an_article(filled: Parts) -> None:
    assert having(filled, "Holyrood", sites=("herald",)) == ["9"]
    assert having(filled, "Holyrood", sites=("gazette",), external_id="0") == ["0"]
    assert having(filled, "Holyrood", sites=("gazette",), external_id="1") == []
    assert having(filled, "Holyrood", "York") == ["0", "2", "9"]


def test_the_newest_candidates_alone(filled: Parts) -> None:
    with filled.database.reading() as session:
        newest = candidates(session, {("holyrood",), ("headline",)}, ClipsOf(), most=2)
    assert newest == ["clip_herald_9", "clip_gazette_3"]


def test_clips_that_nobody_hears_are_no_candidates(filled: Parts) -> None:
    with filled.database.writing() as session:
        session.execute(update(ClipRow).where(ClipRow.id == "clip_gazette_0").values(state="withdrawn"))
    assert having(filled, "Holyrood") == ["9"]
    assert searched(filled, "Holyrood") == ["9", "0"]


def test_a_thousand_graphemes_are_looked_for_at_once(filled: Parts) -> None:
    assert having(filled, *(f"Word{number} two" for number in range(1000)), "Holyrood") == ["0", "9"]


def test_staff_search_by_words_and_beginnings_of_words(filled: Parts) -> None:
    assert searched(filled, "holy") == ["9", "0"]
    assert searched(filled, "holy ") == []
    assert searched(filled, "NATO summ") == ["2"]
    assert searched(filled, "zür") == ["1"]
    assert searched(filled, "headline", sites=["gazette"], most=2) == ["3", "2"]
    assert searched(filled, "headline", sites=["gazette"], before="clip_gazette_2") == ["1", "0"]
    assert searched(filled, "“ ”") == []
    assert searched(filled, "nato*") == ["2", "0"]


def test_the_form_of_a_words_beginning_begins_its_form() -> None:
    for word in ("zürich", "ελλάδα", "東京", "naïve"):
        for end in range(1, len(word)):
            assert index_form(word).startswith(index_form(word[:end]))
    assert len(index_form("東" * 300)) == 200


def test_the_index_follows_what_happens_to_a_clip(parts: Parts, workers: Workers) -> None:
    def with_word(word: str) -> int:
        return len(having(parts, word))

    first = save(parts, "Holyrood met.")
    assert with_word("Holyrood") == 0
    workers.render(first)
    assert with_word("Holyrood") == 1
    second = save(parts, "Elmsworth met.")
    assert (with_word("Holyrood"), with_word("Elmsworth")) == (1, 0)
    workers.render(second)
    assert (with_word("Holyrood"), with_word("Elmsworth")) == (0, 1)
    withdraw(parts, "gazette", "1")
    assert with_word("Elmsworth") == 0
    save(parts, "Elmsworth met.")
    assert with_word("Elmsworth") == 1
    withdraw(parts, "gazette", "1")
    save(parts, "Holyrood met.")
    assert (with_word("Holyrood"), with_word("Elmsworth")) == (1, 0)


def test_staff_find_a_text_that_waits_for_its_release(parts: Parts, workers: Workers) -> None:
    set_options(parts.database, "gazette", {"hold": True})
    workers.render(save(parts, "Holyrood met."))
    workers.render(save(parts, "Elmsworth met."))
    with parts.database.reading() as session:
        assert [len(search_clips(session, word)) for word in ("Holyrood", "Elmsworth")] == [0, 1]
    assert having(parts, "Elmsworth") == []


def test_of_an_erased_article_no_word_is_left(parts: Parts, workers: Workers) -> None:
    workers.render(save(parts, "Holyroodian met."))
    erase_article(parts, "gazette", "1", who="test")
    with parts.database.reading() as session:
        assert session.scalars(select(ClipTextRow)).all() == []
        blocks = session.scalars(text("SELECT block FROM clip_words_data")).all()
    assert not any(b"holyroodian" in block for block in blocks)


STEPS_AT_ONCE = 100


def sqlite_steps(parts: Parts, words: str) -> int:
    """How many hundreds of steps SQLite takes to find the clips of a site with some words."""
    taken = 0

    def count() -> None:
        nonlocal taken
        taken += 1

    with parts.database.reading() as session:
        connection: Any = session.connection().connection.driver_connection
        connection.set_progress_handler(count, STEPS_AT_ONCE)
        clips_with_text(session, words, ClipsOf(sites=("gazette",)), begun=False)
        candidates(session, {(words,)}, ClipsOf(sites=("gazette",)))
        connection.set_progress_handler(None, STEPS_AT_ONCE)
    return taken


def test_a_word_of_every_article_takes_steps_for_each_article_not_for_each_pair_of_them(parts: Parts) -> None:
    made = [
        RowArticle(external_id=str(number), blocks=paragraphs("Newsletter"), sentences=False) for number in range(400)
    ]
    insert_clips(parts, made[:100])
    of_hundred = sqlite_steps(parts, "Newsletter")
    insert_clips(parts, made[100:])
    assert sqlite_steps(parts, "Newsletter") < 6 * of_hundred
