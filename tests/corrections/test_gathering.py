"""Reports about the same thing gather into one case, once each, in the case's state."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import update

from tests.corrections.reporting import all_cases, case_of, gathered, report, report_of
from tests.measure.desk.grouping import gathered as gathered_world
from tests.measure.desk.grouping import pairs_of
from tests.parts.web_rows import ready_clip
from tts_service.corrections.cases.gathering import gather, gather_waiting
from tts_service.db.tables import CaseRow, ClipRevisionRow, ReportRow, UtteranceRow
from tts_service.errors import NotFound
from tts_service.parts import Parts

SENTENCES = (
    "The parliament at Holyrood voted on Monday.",
    "Critics of Holyrood's plan left early.",
    "The bandage was wound twice.",
)


@pytest.fixture(autouse=True)
def _clip(parts: Parts) -> None:
    ready_clip(parts, sentences=SENTENCES)


def test_the_same_word_in_two_sentences_is_one_case(parts: Parts) -> None:
    first = gathered(parts, word=3)
    second = gathered(parts, sentence=1, word=2)
    assert (first.id, first.kind, first.written) == (second.id, "word", "Holyrood")
    assert (second.reports, second.articles, second.state) == (2, 1, "new")


def test_two_words_of_a_sentence_are_two_cases(parts: Parts) -> None:
    assert gathered(parts, word=3).id != gathered(parts, word=6).id


def test_another_site_and_another_language_have_cases_of_their_own(parts: Parts) -> None:
    ready_clip(parts, name="2", site="herald", sentences=SENTENCES)
    ready_clip(parts, name="3", language="de", sentences=SENTENCES)
    ids = {gathered(parts, clip=f"clip_{name}", word=3).id for name in (1, 2, 3)}
    assert len(ids) == 3


def _say(parts: Parts, clip: str, spoken: str) -> None:
    """A rule had the fourth word of a clip's first sentence said like this."""
    with parts.database.writing() as session:
        said = session.get_one(UtteranceRow, (f"clip_{clip}", 1, 0))
        tokens = [dict(token) for token in said.tokens]
        tokens[3] |= {"spoken": spoken.split(), "rules": ["lexicon"]}
        said.tokens = tokens


def test_a_word_is_one_case_in_all_varieties_in_which_it_is_said_alike(parts: Parts) -> None:
    for name, language in (("2", "en-GB"), ("3", "en-US"), ("4", "enm")):
        ready_clip(parts, name=name, language=language, sentences=SENTENCES)
    british, plain, american, middle = (gathered(parts, clip=f"clip_{name}", word=3) for name in ("2", "1", "3", "4"))

    assert british.id == plain.id == american.id != middle.id
    assert (british.language, plain.language, american.language, american.reports) == ("en-GB", "en", "en", 3)


def test_a_variety_in_which_a_word_is_said_otherwise_has_a_case_of_its_own(parts: Parts) -> None:
    for name in ("2", "3", "4"):
        ready_clip(parts, name=name, language="en-GB", sentences=SENTENCES)
    for name in ("2", "4"):
        _say(parts, name, "Hollee rood")
    plain, otherwise = gathered(parts, word=3), gathered(parts, clip="clip_2", word=3)
    alike = gathered(parts, clip="clip_3", word=3)
    again = gathered(parts, clip="clip_4", word=3)

    assert (plain.id, otherwise.id) == (alike.id, again.id)
    assert plain.id != otherwise.id
    assert (alike.language, again.language) == ("en", "en-GB")


def test_a_report_is_gathered_once(parts: Parts) -> None:
    reference = report(parts, word=3)
    assert gather(parts, reference) == gather(parts, reference)
    assert all_cases(parts)[0].reports == 1


def test_reports_that_come_at_once_make_one_case(parts: Parts) -> None:
    references = [report(parts, word=3) for _ in range(4)]
    threads = [threading.Thread(target=gather, args=(parts, reference)) for reference in references]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [case.reports for case in all_cases(parts)] == [4]


def test_what_waited_is_gathered_by_the_tick(parts: Parts) -> None:
    references = [report(parts, word=3), report(parts, sentence=2)]
    assert gather_waiting(parts) == 2
    assert gather_waiting(parts) == 0
    assert all(report_of(parts, reference).case_id for reference in references)


def test_an_unknown_report_is_named(parts: Parts) -> None:
    with pytest.raises(NotFound, match="R-0000-0000"):
        gather(parts, "R-0000-0000")


def _settle(parts: Parts, case_id: str, **values: object) -> None:
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        session.execute(update(CaseRow).where(CaseRow.id == case_id).values(settled_ms=now, **values))


def test_a_report_for_a_rejected_case_is_answered_with_its_reason(parts: Parts) -> None:
    case = gathered(parts, word=3)
    _settle(parts, case.id, state="rejected", reason="The minister says it so himself.")
    reference = report(parts, word=3)
    assert gather(parts, reference) == case.id
    row = report_of(parts, reference)
    assert (row.state, row.note) == ("rejected", "The minister says it so himself.")
    assert row.settled_ms is not None
    assert case_of(parts, case.id).reports == 2


def test_a_report_about_the_uncorrected_revision_leaves_the_case_corrected(parts: Parts) -> None:
    case = gathered(parts, word=3)
    _settle(parts, case.id, state="corrected")
    reference = report(parts, word=3)
    gather(parts, reference)
    assert case_of(parts, case.id).state == "corrected"
    assert report_of(parts, reference).state == "corrected"


def test_a_report_about_a_corrected_revision_opens_the_case_again(parts: Parts) -> None:
    case = gathered(parts, word=3)
    _settle(parts, case.id, state="corrected")
    with parts.database.writing() as session:
        session.execute(update(ClipRevisionRow).values(created_ms=2**42))
    reference = report(parts, word=3)
    gather(parts, reference)
    opened = case_of(parts, case.id)
    assert (opened.state, opened.settled_ms, opened.version) == ("new", None, 2)
    assert report_of(parts, reference).state == "new"


def test_a_report_for_a_duplicate_counts_for_the_case_that_it_duplicates(parts: Parts) -> None:
    kept, other = gathered(parts, word=3), gathered(parts, word=6)
    _settle(parts, other.id, state="duplicate", duplicate_of=kept.id)
    assert gathered(parts, word=6).id == kept.id


def test_a_report_from_before_cases_brings_its_state(parts: Parts) -> None:
    reference = report(parts, word=3)
    with parts.database.writing() as session:
        session.execute(update(ReportRow).values(state="rejected", note="No.", settled_ms=5))
    case = case_of(parts, gather(parts, reference))
    assert (case.state, case.reason, case.settled_ms) == ("rejected", "No.", 5)


def test_generated_reports_are_gathered_as_their_listeners_meant_them(parts: Parts) -> None:
    pairs = pairs_of(gathered_world(parts, seed=3, count=60))
    assert pairs.right >= 98
    assert pairs.precision >= 95
