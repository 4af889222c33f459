"""An import of pronunciations as one correction: weighed, accepted and taken back as a whole, or for one article."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.corrections.desk_bench import SITE, Newsroom
from tts_service.corrections.accept_import import AcceptedImport, accept_import, weigh_import
from tts_service.corrections.records import clip_corrections
from tts_service.corrections.taking_back import take_back, take_back_clip
from tts_service.db.tables import CorrectionRow, LexiconChangeRow
from tts_service.errors import Conflict, MarkupRefused
from tts_service.newsroom.lexicon import add, change, lexeme_of
from tts_service.newsroom.lexicon_place import Place
from tts_service.speakable.lexeme import Lexeme
from tts_service.speakable.pls import NAMESPACE

FIRST, SECOND = "We met. Elmsworth was dark. Holyrood too.", "Elmsworth again. The rest stays."


def document(**said: str) -> bytes:
    lexemes = "".join(
        f"<lexeme><grapheme>{word}</grapheme><alias>{alias}</alias></lexeme>" for word, alias in said.items()
    )
    head = f'version="1.0" xmlns="{NAMESPACE}" alphabet="ipa" xml:lang="en"'
    return f"<lexicon {head}>{lexemes}</lexicon>".encode()


NAMES = document(Elmsworth="Emsworth", Holyrood="Holly rood", Unheard="un heard")


def imported(newsroom: Newsroom, source: bytes = NAMES, place: Place = SITE) -> AcceptedImport:
    return accept_import(newsroom.parts, source, place, replaces=True, why="Names of the county", who="staff:1")


def published(newsroom: Newsroom) -> tuple[str, str, str]:
    return newsroom.publish("1", FIRST), newsroom.publish("2", SECOND), newsroom.publish("3", "Nothing of it.")


def graphemes(newsroom: Newsroom) -> dict[str, str | None]:
    return {row.graphemes[0]: row.alias for row in newsroom.entries()}


def test_what_is_weighed_is_what_is_spoken_again_with_one_record_for_each_clip(newsroom: Newsroom) -> None:
    first, second, third = published(newsroom)
    weighed = weigh_import(newsroom.parts, NAMES, SITE, replaces=True)
    assert (weighed.imported.added, weighed.impact.articles, weighed.impact.sentences) == (3, 2, 3)
    assert newsroom.entries() == []

    accepted = imported(newsroom)
    assert accepted.correction_id is not None
    correction = newsroom.correction(accepted.correction_id)
    assert (accepted.clips, correction.clips, correction.sentences) == (2, 2, 3)
    jobs = newsroom.work()
    assert {job.queue for job in jobs} == {"backfill"}
    assert sorted(job.spoken for job in jobs) == [1, 2]
    assert newsroom.said(first) == ["We met", "Emsworth was dark", "Holly rood too"]
    assert newsroom.said(second) == ["Emsworth again", "The rest stays"]
    assert [newsroom.current(clip) for clip in (first, second, third)] == [2, 2, 1]
    assert newsroom.correction(correction.id).state == "done"
    with newsroom.parts.database.reading() as session:
        (told,) = clip_corrections(session, first)
    assert (told.why, len(told.sentences)) == ("Names of the county", 2)


def test_entries_that_are_replaced_count_and_come_back_when_it_is_taken_back(newsroom: Newsroom) -> None:
    newsroom.correct("Elmsworth", "Elms worth")
    (entry,) = newsroom.entries()
    first, second, _ = published(newsroom)
    accepted = imported(newsroom)
    newsroom.work()
    assert graphemes(newsroom)["Elmsworth"] == "Emsworth"

    take_back(newsroom.parts, accepted.correction_id or "", "staff:2")
    assert [job.spoken for job in newsroom.work()] == [0, 0]
    assert newsroom.said(first) == ["We met", "Elms worth was dark", "Holyrood too"]
    assert newsroom.said(second)[0] == "Elms worth again"
    assert [(row.id, row.alias) for row in newsroom.entries()] == [(entry.id, "Elms worth")]
    assert newsroom.correction(accepted.correction_id or "").state == "taken_back"


def test_one_article_is_left_out_of_the_entries_that_it_has(newsroom: Newsroom) -> None:
    newsroom.correct("Elmsworth", "Elms worth")
    first, second, _ = published(newsroom)
    accepted = imported(newsroom)
    newsroom.work()
    take_back_clip(newsroom.parts, accepted.correction_id or "", second, "staff:2")
    newsroom.work()
    assert newsroom.said(second) == ["Elms worth again", "The rest stays"]
    assert newsroom.said(first) == ["We met", "Emsworth was dark", "Holly rood too"]
    left_out = {row.graphemes[0]: row.except_articles for row in newsroom.entries() if row.article is None}
    assert left_out == {"Elmsworth": [["gazette", "2"]], "Holyrood": None, "Unheard": None}


def test_an_entry_that_was_changed_since_is_not_overwritten(newsroom: Newsroom) -> None:
    accepted = imported(newsroom)
    row = next(row for row in newsroom.entries() if row.graphemes == ["Holyrood"])
    other = Lexeme(graphemes=("Holyrood",), language="en", alias="Hollow rude")
    change(newsroom.parts.database, newsroom.parts.voices, row, other, "", who="staff:3")
    with pytest.raises(Conflict, match=f"The entry {row.id} was changed after this correction"):
        take_back(newsroom.parts, accepted.correction_id or "", "staff:2")
    assert lexeme_of(next(one for one in newsroom.entries() if one.id == row.id)).alias == "Hollow rude"


def test_a_replaced_entry_does_not_come_back_beside_another_for_its_word(newsroom: Newsroom) -> None:
    def enter(*words: str) -> str:
        lexeme = Lexeme(graphemes=words, language="en", alias="so")
        return add(newsroom.parts.database, newsroom.parts.voices, SITE, lexeme, author="staff:3").row.id

    enter("Elmsworth", "Elms")
    accepted = imported(newsroom, document(Elmsworth="Emsworth"))
    later = enter("Elms")
    with pytest.raises(Conflict, match=f"already has an entry: {later}"):
        take_back(newsroom.parts, accepted.correction_id or "", "staff:2")
    assert graphemes(newsroom) == {"Elmsworth": "Emsworth", "Elms": "so"}


@pytest.mark.parametrize(
    ("source", "error"),
    [
        (NAMES.replace(b"Holly rood", b"!"), MarkupRefused),
        (NAMES.replace(b"<alias>un heard</alias>", "<phoneme>ǃ</phoneme>".encode()), MarkupRefused),
        (document(Unheard="x", Taken="y"), Conflict),
    ],
)
def test_one_lexeme_that_can_not_be_kept_leaves_nothing(
    newsroom: Newsroom, source: bytes, error: type[Exception]
) -> None:
    newsroom.correct("Taken", "so")
    clip = newsroom.publish("1", FIRST)
    with pytest.raises(error):
        accept_import(newsroom.parts, source, SITE, replaces=False, who="staff:1")
    newsroom.work()
    assert (graphemes(newsroom), newsroom.current(clip)) == ({"Taken": "so"}, 1)
    with newsroom.parts.database.reading() as session:
        assert len(session.scalars(select(CorrectionRow)).all()) == 1
        assert len(session.scalars(select(LexiconChangeRow)).all()) == 1


def test_a_document_that_is_there_already_is_no_correction(newsroom: Newsroom) -> None:
    imported(newsroom)
    again = imported(newsroom)
    assert (again.correction_id, again.imported.unchanged) == (None, 3)
