"""Erased reports leave nothing in their cases."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from tests.corrections.reporting import all_cases, case_of, gathered, report
from tests.parts.web_rows import ready_clip
from tts_service.corrections.cases import decisions
from tts_service.corrections.cases.gathering import gather
from tts_service.corrections.cases.undoing import undo
from tts_service.db.tables import CaseNoteRow, CorrectionRow, ReportRow
from tts_service.parts import Parts
from tts_service.retention.erasure import erase_article
from tts_service.retention.listeners import ReportSelection, erase_reports

WHO = "staff:stf_1"
HERE = ("The secret parliament at Holyrood voted.",)
THERE = ("Buses go to Holyrood now.",)


@pytest.fixture(autouse=True)
def _clips(parts: Parts) -> None:
    ready_clip(parts, sentences=HERE)
    ready_clip(parts, name="2", sentences=THERE)


def traces(parts: Parts, *words: str) -> list[str]:
    """Words that still stand somewhere in the tables of cases."""
    with parts.database.reading() as session:
        tables = [session.execute(text(f"SELECT * FROM {name}")).all() for name in ("cases", "case_notes")]
    # A row itself would be written with its long values cut.
    rows = [str(tuple(row)) for table in tables for row in table]
    return [word for word in words for row in rows if word in row]


def test_a_case_of_an_erased_article_is_gone_with_its_notes(parts: Parts) -> None:
    case = gathered(parts, word=4)
    decisions.add_note(parts, case.id, who=WHO, text="Ask the secret parliament.")
    erase_article(parts, "gazette", "1", WHO)
    assert all_cases(parts) == []
    with parts.database.reading() as session:
        assert session.scalars(select(CaseNoteRow)).all() == []


def test_a_case_with_other_reports_stays_and_shows_one_of_theirs(parts: Parts) -> None:
    reference = report(parts, word=4)
    gather(parts, reference)
    case = gathered(parts, clip="clip_2", word=3)
    decisions.reject(parts, case.id, version=case.version, who=WHO, reason="No.")
    erase_article(parts, "gazette", "1", WHO)
    left = case_of(parts, case.id)
    assert (left.reports, left.articles, left.sentence) == (1, 1, THERE[0])
    assert traces(parts, reference, "secret") == []
    undo(parts, case.id, version=left.version, who=WHO)
    assert case_of(parts, case.id).state == "new"


def test_a_case_that_a_correction_answers_is_emptied(parts: Parts) -> None:
    case = gathered(parts, word=4)
    with parts.database.writing() as session:
        values = {
            "kind": "lexicon",
            "why": "",
            "who": WHO,
            "state": "done",
            "sentences": 1,
            "clips": 1,
            "created_ms": 1,
        }
        session.add(CorrectionRow(id="cor_1", case_id=case.id, **values))
    erase_article(parts, "gazette", "1", WHO)
    (left,) = all_cases(parts)
    assert (left.sentence, left.written, left.state, left.reports) == ("", "", "rejected", 0)
    assert traces(parts, "secret", "olyrood") == []


def test_a_listeners_data_are_erased_from_what_undoing_would_put_back(parts: Parts) -> None:
    reference = report(parts, word=4, email="a@example.org")
    case = case_of(parts, gather(parts, reference))
    case = decisions.reject(parts, case.id, version=case.version, who=WHO, reason="You misheard the minister.")
    case = decisions.reject(parts, case.id, version=case.version, who=WHO, reason="Because.")
    assert traces(parts, "misheard") == ["misheard"]
    erase_reports(parts.database, ReportSelection(email="a@example.org"), WHO)
    with parts.database.reading() as session:
        assert session.get_one(ReportRow, reference).note == ""
    undo = case_of(parts, case.id).undo or {}
    assert undo["reports"][reference]["note"] == ""


def test_a_report_that_is_erased_whole_is_not_counted_any_more(parts: Parts) -> None:
    reference = report(parts, word=4)
    gather(parts, reference)
    case = gathered(parts, word=4)
    erase_reports(parts.database, ReportSelection(reference=reference), WHO, whole=True)
    assert case_of(parts, case.id).reports == 1
