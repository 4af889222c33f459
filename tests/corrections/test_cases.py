"""The queue and the page of a case: what staff see, in a handful of statements."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, update

from tests.corrections.desk_bench import Newsroom
from tests.corrections.reporting import gathered, report
from tests.parts.statements import statements
from tests.parts.web_rows import SECONDS, ready_clip
from tts_service.access.staff import add_person
from tts_service.corrections.cases import decisions, regrouping
from tts_service.corrections.cases.case_filter import NOBODY, CaseFilter
from tts_service.corrections.cases.gathering import gather
from tts_service.corrections.cases.page import case_page
from tts_service.corrections.cases.queue import choices, queue
from tts_service.corrections.cases.weight import rank_of, recount
from tts_service.db.tables import CaseRow, ClipRow, JobRow, ListeningRow, ReportRow, UtteranceRow
from tts_service.errors import InputRefused, NotFound
from tts_service.jobs.again import render_again
from tts_service.newsroom.lexicon import add
from tts_service.newsroom.lexicon_place import Place
from tts_service.parts import Parts
from tts_service.speakable.lexeme import Lexeme, Scope

WHO = "staff:stf_1"
ENTRY = Lexeme(graphemes=("First",), language="en", alias="Furst", scope=Scope.GLOBAL)
TEXTS = ("The parliament at Holyrood voted on Monday.", "Gruyères: Été à la ferme.", "Traffic starts tomorrow.")


def ids(parts: Parts, **wanted: object) -> list[str]:
    with parts.database.reading() as session:
        return [case.id for case in queue(session, CaseFilter(**wanted)).cases]  # type: ignore[arg-type]


def plays(parts: Parts, clip: str, times: int) -> None:
    with parts.database.writing() as session:
        session.add(ListeningRow(clip_id=clip, revision=1, day="2026-11-23", what="start", times=times))
    recount(parts)


def test_more_reports_more_plays_and_younger_weigh_more() -> None:
    week = 7 * 24 * 3_600_000
    assert rank_of(2, 0, 0) == rank_of(1, 1, 0) == rank_of(1, 0, week) == rank_of(1, 0, 0) + 1


def test_the_heaviest_case_comes_first_and_breaking_news_before_it(parts: Parts) -> None:
    for name in ("1", "2", "3"):
        ready_clip(parts, name=name, site=f"site{name}", sentences=TEXTS)
    one, two, three = (gathered(parts, clip=f"clip_{name}", word=3).id for name in ("1", "2", "3"))
    plays(parts, "clip_2", 100)
    assert ids(parts) == [two, three, one]
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        session.execute(update(JobRow).where(JobRow.clip_id == "clip_1").values(queue="breaking", created_ms=now))
    recount(parts)
    assert ids(parts) == [one, two, three]


def test_breaking_news_is_news_for_a_day(parts: Parts) -> None:
    ready_clip(parts, sentences=TEXTS)
    with parts.database.writing() as session:
        session.execute(update(JobRow).values(queue="breaking", created_ms=1))
    assert not gathered(parts, word=3).breaking


def test_what_staff_have_rendered_again_is_no_news(newsroom: Newsroom) -> None:
    clip = newsroom.publish()
    case = newsroom.case(clip)
    add(newsroom.parts.database, newsroom.parts.voices, Place.of(), ENTRY, author=WHO)
    job = newsroom.job(render_again(newsroom.parts, newsroom.article(clip).id, who=WHO))
    recount(newsroom.parts)
    assert (job.queue, newsroom.row(CaseRow, case).breaking) == ("breaking", False)
    with newsroom.parts.database.writing() as session:
        session.execute(update(JobRow).values(queue="breaking"))
    recount(newsroom.parts)
    assert newsroom.row(CaseRow, case).breaking


def test_every_filter_leaves_out_what_it_should(parts: Parts) -> None:
    ready_clip(parts, sentences=TEXTS)
    ready_clip(parts, name="2", site="herald", language="de", sentences=TEXTS)
    anna = add_person(parts.database, "anna@example.org", "staff", "command line")
    here, there = gathered(parts, word=3), gathered(parts, clip="clip_2", word=3, category="number")
    decisions.assign(parts, there.id, version=there.version, who=WHO, to=anna.id)
    assert ids(parts, sites=("herald",)) == ids(parts, language="de") == ids(parts, category="number") == [there.id]
    assert ids(parts, assigned_to=anna.id) == [there.id]
    assert ids(parts, assigned_to=NOBODY) == [here.id]
    assert ids(parts, voice="piper:other") == ids(parts, states=("rejected",)) == ids(parts, sites=()) == []
    assert ids(parts, older_than_ms=here.first_ms) == []
    assert ids(parts, older_than_ms=there.first_ms + 1) == [there.id, here.id]


def test_the_search_finds_words_sentences_ids_and_references(parts: Parts) -> None:
    ready_clip(parts, sentences=TEXTS)
    reference = report(parts, word=3)
    case = gather(parts, reference)
    umlaut = gathered(parts, sentence=1, word=0).id
    for words in ("holy", "PARLIAMENT at", case, reference, reference.lower()):
        assert ids(parts, words=words) == [case], words
    assert ids(parts, words="GRUYÈRES") == ids(parts, words="ÉTÉ à") == [umlaut]
    assert ids(parts, words="100%") == ids(parts, words="H_lyrood") == []


def test_pages_follow_each_other_without_gaps(parts: Parts) -> None:
    ready_clip(parts, sentences=TEXTS)
    made = {gathered(parts, sentence=at, word=word).id for at, word in ((0, 3), (0, 1), (0, 6), (2, 0), (1, 0))}
    with parts.database.writing() as session:
        session.execute(update(CaseRow).where(CaseRow.id == min(made)).values(breaking=True))
        session.execute(update(CaseRow).values(rank=1.5))
    seen: list[str] = []
    after = None
    with parts.database.reading() as session:
        while True:
            page = queue(session, CaseFilter(), after=after, most=2)
            seen += [case.id for case in page.cases]
            after = page.after
            if after is None:
                break
    assert seen[0] == min(made)
    assert (len(seen), set(seen)) == (5, made)


@given(st.text(max_size=30))
def test_a_made_up_cursor_is_refused(cursor: str) -> None:
    from tts_service.corrections.cases import queue as cases

    try:
        cases._behind(cursor)
    except InputRefused:
        return
    assert cursor.count("~") == 2


def test_the_numbers_by_state_fit_the_other_filters(parts: Parts) -> None:
    ready_clip(parts, sentences=TEXTS)
    case = gathered(parts, word=3)
    decisions.confirm_case(parts, case.id, version=case.version, who=WHO)
    gathered(parts, sentence=1, word=0, category="number")
    with parts.database.reading() as session:
        found = choices(session, CaseFilter(words="Holyrood"))
    assert {state: number for state, number in found.by_state.items() if number} == {"confirmed": 1}
    assert (found.sites, found.categories) == (("gazette",), ("number", "pronunciation"))


def test_the_queue_shows_the_word_and_where_it_was_heard(parts: Parts) -> None:
    ready_clip(parts, sentences=TEXTS)
    gathered(parts, sentence=1, word=0, comment="soft g")
    gathered(parts, sentence=1, word=0)
    with parts.database.reading() as session, statements(parts.database.engine) as made:
        (case,) = queue(session, CaseFilter()).cases
    assert len(made) <= 4
    assert case.sentence[slice(case.word_start, case.word_end)] == "Gruyères"
    assert case.comment == "soft g"
    assert case.heard is not None
    assert (case.heard.clip_id, case.heard.at_ms, case.heard.from_ms) == ("clip_1", 3100, 100)


def test_the_page_of_a_case_shows_all_of_it_in_twelve_statements(parts: Parts) -> None:
    ready_clip(parts, sentences=TEXTS)
    anna = add_person(parts.database, "anna@example.org", "staff", "command line")
    case = gathered(parts, word=3, comment="<b>Holyrood</b> is wrong", email="a@example.org")
    who = f"staff:{anna.id}"
    decisions.confirm_case(parts, case.id, version=case.version, who=who)
    decisions.add_note(parts, case.id, who=who, text="Ask the minister.")
    _enter(parts, "Holyrood")
    with parts.database.reading() as session, statements(parts.database.engine) as made:
        page = case_page(session, case.id)
    assert len(made) <= 12
    assert page.sentence[slice(page.word_start, page.word_end)] == "Holyrood"
    assert [word.written for word in page.said if word.reported] == ["Holyrood"]
    assert [(note.name, note.text) for note in page.notes] == [("anna@example.org", "Ask the minister.")]
    assert [(deed.name, deed.what) for deed in page.deeds] == [
        ("anna@example.org", "case.confirmed"),
        ("anna@example.org", "case.noted"),
    ]
    assert [entry.graphemes for entry in page.entries] == [["Holyrood"]]
    (shown,) = page.reports
    assert (shown.comment, shown.has_email, shown.still_there) == ("<b>Holyrood</b> is wrong", True, True)
    assert page.heard is not None
    assert page.heard.at_ms == 1000 + 3 * 200


def test_the_word_that_is_marked_is_the_cases_and_not_the_tapped_one(parts: Parts) -> None:
    ready_clip(parts, sentences=TEXTS)
    case = gathered(parts, word=4, comment="Holyrood")
    with parts.database.reading() as session:
        page = case_page(session, case.id)
    assert [word.written for word in page.said if word.reported] == ["Holyrood"]


def test_reports_of_a_merged_case_about_another_word_never_lead(parts: Parts) -> None:
    ready_clip(parts, sentences=TEXTS)
    case = gathered(parts, word=3)
    other = gathered(parts, sentence=1, word=0)
    regrouping.merge(parts, case.id, version=case.version, who=WHO, others={other.id: other.version})
    with parts.database.writing() as session:
        session.execute(update(ReportRow).where(ReportRow.sentence == TEXTS[1]).values(created_ms=2**41))
    with parts.database.reading() as session, statements(parts.database.engine) as made:
        page = case_page(session, case.id)
        (first,) = queue(session, CaseFilter()).cases
    assert len(made) <= 14
    assert (page.sentence, len(page.reports)) == (TEXTS[0], 2)
    assert page.sentence[slice(page.word_start, page.word_end)] == "Holyrood"
    assert page.leading is not None and page.leading.sentence == TEXTS[0]
    assert page.heard is not None and first.heard is not None
    assert max(page.heard.at_ms, first.heard.at_ms) < 1000 + SECONDS * 1000


def test_a_case_with_only_merged_reports_shows_its_own_sentence(parts: Parts) -> None:
    ready_clip(parts, sentences=TEXTS)
    case = gathered(parts, word=3)
    other = gathered(parts, sentence=1, word=0)
    regrouping.merge(parts, case.id, version=case.version, who=WHO, others={other.id: other.version})
    with parts.database.writing() as session:
        session.execute(delete(ReportRow).where(ReportRow.sentence == TEXTS[0]))
    with parts.database.reading() as session:
        page = case_page(session, case.id)
    assert (page.sentence, page.leading, page.heard, page.case.heard) == (TEXTS[0], None, None, None)


def test_a_report_about_a_withdrawn_clip_is_named_as_such(parts: Parts) -> None:
    ready_clip(parts, sentences=TEXTS)
    case = gathered(parts, word=3)
    with parts.database.writing() as session:
        session.execute(update(ClipRow).values(state="withdrawn"))
    with parts.database.reading() as session:
        (shown,) = case_page(session, case.id).reports
    assert (shown.clip_state, shown.still_there) == ("withdrawn", False)


def test_a_case_whose_sentence_is_not_kept_any_more_still_has_a_page(parts: Parts) -> None:
    ready_clip(parts, sentences=TEXTS)
    case = gathered(parts, word=3)
    with parts.database.writing() as session:
        session.query(UtteranceRow).delete()
    with parts.database.reading() as session:
        page = case_page(session, case.id)
    assert (page.sentence, page.said, page.heard) == (TEXTS[0], (), None)
    assert page.sentence[slice(page.word_start, page.word_end)] == "Holyrood"


def test_an_unknown_case_is_not_found(parts: Parts) -> None:
    with parts.database.reading() as session, pytest.raises(NotFound):
        case_page(session, "case_none")


def _enter(parts: Parts, *words: str, language: str = "en") -> None:
    lexeme = Lexeme(graphemes=words, language=language, alias="holly rude", scope=Scope.GLOBAL)
    add(parts.database, parts.voices, Place.of(), lexeme, author=WHO)


@pytest.mark.parametrize("grapheme", ["Gruyères", "GRUYÈRES", "Château Gruyères"])
def test_entries_are_found_in_any_case_and_inside_of_longer_graphemes(parts: Parts, grapheme: str) -> None:
    ready_clip(parts, sentences=TEXTS)
    case = gathered(parts, sentence=1, word=0)
    _enter(parts, grapheme)
    _enter(parts, "Gruyèresque")
    _enter(parts, "Gruyères", language="de")
    with parts.database.reading() as session:
        assert [entry.graphemes for entry in case_page(session, case.id).entries] == [[grapheme]]
