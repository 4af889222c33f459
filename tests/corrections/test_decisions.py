"""Decisions about cases: what they change, what they leave alone, and how they are undone."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select

from tests.corrections.reporting import case_of, gathered, report, report_of
from tests.parts.web_rows import ready_clip
from tts_service.access.staff import add_person
from tts_service.corrections.cases import decisions, regrouping
from tts_service.corrections.cases.gathering import gather
from tts_service.corrections.cases.history import history
from tts_service.corrections.cases.queue import queued
from tts_service.corrections.cases.settling import settle_corrected
from tts_service.corrections.cases.state import locked_case
from tts_service.corrections.cases.undoing import undo, undo_last
from tts_service.db.tables import AuditRow, CaseRow, ReportRow
from tts_service.errors import CaseChanged, Conflict, InputRefused, NotFound
from tts_service.listeners import reports
from tts_service.listeners.reports import change_report
from tts_service.parts import Parts

SENTENCES = ("The parliament at Holyrood voted on Monday.", "The bandage was wound twice.")
WHO = "staff:stf_1"


@pytest.fixture(autouse=True)
def _clip(parts: Parts) -> None:
    ready_clip(parts, sentences=SENTENCES)


def two_reports(parts: Parts) -> tuple[CaseRow, list[str]]:
    references = [report(parts, word=3), report(parts, word=3)]
    ids = [gather(parts, reference) for reference in references]
    return case_of(parts, ids[0]), references


def states(parts: Parts, references: list[str]) -> list[str]:
    return [report_of(parts, reference).state for reference in references]


def deeds(parts: Parts, case_id: str) -> list[str]:
    with parts.database.reading() as session:
        return [deed.what for deed in history(session, case_id)]


def test_the_reports_follow_their_case(parts: Parts) -> None:
    case, references = two_reports(parts)
    case = decisions.confirm_case(parts, case.id, version=case.version, who=WHO)
    assert (case.state, states(parts, references)) == ("confirmed", ["confirmed"] * 2)
    case = decisions.reject(parts, case.id, version=case.version, who=WHO, reason=" He says it so. ")
    rows = [report_of(parts, reference) for reference in references]
    assert [(row.state, row.note, bool(row.settled_ms)) for row in rows] == [("rejected", "He says it so.", True)] * 2
    assert deeds(parts, case.id) == ["case.confirmed", "case.rejected"]


def test_a_report_that_was_settled_by_itself_keeps_its_answer(parts: Parts) -> None:
    case, references = two_reports(parts)
    change_report(parts, references[0], "rejected", "Only you hear it.")
    case = decisions.mark_corrected(parts, case.id, version=case.version, who=WHO)
    assert states(parts, references) == ["rejected", "corrected"]
    undo(parts, case.id, version=case.version, who=WHO)
    assert states(parts, references) == ["rejected", "new"]
    assert report_of(parts, references[0]).note == "Only you hear it."


def test_undoing_leaves_an_answer_that_was_given_since(parts: Parts) -> None:
    case, references = two_reports(parts)
    case = decisions.confirm_case(parts, case.id, version=case.version, who=WHO)
    change_report(parts, references[0], "rejected", "Only you hear it.")
    undo(parts, case.id, version=case.version, who=WHO)
    assert states(parts, references) == ["rejected", "new"]


def test_the_second_who_decides_is_told_who_was_first(parts: Parts) -> None:
    anna = add_person(parts.database, "anna@example.org", "staff", "command line")
    case, references = two_reports(parts)
    decisions.confirm_case(parts, case.id, version=case.version, who=f"staff:{anna.id}")
    with pytest.raises(CaseChanged, match=r"anna@example.org confirmed this case \d+ s ago") as told:
        decisions.reject(parts, case.id, version=case.version, who=WHO, reason="No.")
    assert told.value.details["version"] == case.version + 1
    assert states(parts, references) == ["confirmed"] * 2


def test_of_many_who_decide_at_once_one_decides(parts: Parts) -> None:
    case, _ = two_reports(parts)
    told: list[str] = []

    def decide(number: int) -> None:
        try:
            decisions.reject(parts, case.id, version=case.version, who=WHO, reason=f"Reason {number}.")
            told.append("decided")
        except CaseChanged:
            told.append("told")

    threads = [threading.Thread(target=decide, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["decided", *["told"] * 4]


def test_a_new_report_does_not_stand_in_the_way_of_a_decision(parts: Parts) -> None:
    case, _ = two_reports(parts)
    gathered(parts, word=3)
    assert decisions.confirm_case(parts, case.id, version=case.version, who=WHO).reports == 3


def test_undo_puts_everything_back(parts: Parts) -> None:
    case, references = two_reports(parts)
    rejected = decisions.reject(parts, case.id, version=case.version, who=WHO, reason="No.")
    back = undo(parts, case.id, version=rejected.version, who=WHO)
    assert (back.state, back.reason, back.settled_ms, back.undo) == ("new", "", None, None)
    rows = [report_of(parts, reference) for reference in references]
    assert [(row.state, row.note, row.settled_ms) for row in rows] == [("new", "", None)] * 2
    with pytest.raises(Conflict, match="no decision to undo"):
        undo(parts, case.id, version=back.version, who=WHO)


def test_merging_moves_the_reports_and_undoing_returns_them(parts: Parts) -> None:
    kept, _ = two_reports(parts)
    other = gathered(parts, sentence=1, word=3)
    third = gathered(parts, word=6)
    versions = {other.id: other.version, third.id: third.version}
    merged = regrouping.merge(parts, kept.id, version=kept.version, who=WHO, others=versions)
    assert (merged.reports, case_of(parts, other.id).state, case_of(parts, other.id).reports) == (4, "duplicate", 0)
    assert gathered(parts, sentence=1, word=3).id == kept.id
    undo(parts, kept.id, version=merged.version, who=WHO)
    # What came in the meantime stays where it was gathered.
    assert [case_of(parts, one).reports for one in (kept.id, other.id, third.id)] == [3, 1, 1]
    assert case_of(parts, other.id).state == "new"


def test_a_merge_with_a_changed_case_merges_nothing(parts: Parts) -> None:
    kept, _ = two_reports(parts)
    other, third = gathered(parts, sentence=1, word=3), gathered(parts, word=6)
    decisions.confirm_case(parts, third.id, version=third.version, who=WHO)
    with pytest.raises(CaseChanged):
        regrouping.merge(
            parts, kept.id, version=kept.version, who=WHO, others={other.id: other.version, third.id: third.version}
        )
    assert case_of(parts, other.id).state == "new"


def test_a_duplicate_takes_the_state_of_the_case_that_counts(parts: Parts) -> None:
    kept, _ = two_reports(parts)
    kept = decisions.confirm_case(parts, kept.id, version=kept.version, who=WHO)
    reference = report(parts, sentence=1, word=3)
    other = case_of(parts, gather(parts, reference))
    other = regrouping.mark_duplicate(parts, other.id, version=other.version, who=WHO, of=kept.id)
    assert (report_of(parts, reference).state, case_of(parts, kept.id).reports) == ("confirmed", 3)
    with pytest.raises(InputRefused, match="duplicate"):
        regrouping.mark_duplicate(parts, kept.id, version=kept.version + 1, who=WHO, of=other.id)
    undo(parts, other.id, version=other.version, who=WHO)
    row = report_of(parts, reference)
    assert (row.state, row.case_id, case_of(parts, kept.id).reports) == ("new", other.id, 2)


def test_a_duplicate_is_in_the_history_of_the_case_that_counts_and_is_undone_there(parts: Parts) -> None:
    kept, _ = two_reports(parts)
    other = gathered(parts, sentence=1, word=3)
    regrouping.mark_duplicate(parts, other.id, version=other.version, who=WHO, of=kept.id)
    with parts.database.reading() as session:
        assert [deed.what for deed in history(session, kept.id)] == ["case.merged"]
    undo(parts, kept.id, version=kept.version + 1, who=WHO)
    assert [(case_of(parts, one).state, case_of(parts, one).reports) for one in (kept.id, other.id)] == [
        ("new", 2),
        ("new", 1),
    ]


def test_a_merge_into_a_corrected_case_is_undone_and_the_correction_stays(parts: Parts) -> None:
    kept, _ = two_reports(parts)
    with parts.database.writing() as session:
        settle_corrected(parts, session, locked_case(parts, session, kept.id), "cor_1", WHO)
    other = gathered(parts, sentence=1, word=3)
    regrouping.mark_duplicate(parts, other.id, version=other.version, who=WHO, of=kept.id)
    with parts.database.reading() as session:
        shown = queued(session, kept.id)
    assert shown is not None
    assert shown.can_undo
    undo(parts, kept.id, version=shown.version, who=WHO)
    with parts.database.reading() as session:
        shown = queued(session, kept.id)
    assert shown is not None
    assert (shown.state, shown.correction_id, shown.reports, shown.can_undo) == ("corrected", "cor_1", 2, False)
    assert (case_of(parts, other.id).state, case_of(parts, other.id).reports) == ("new", 1)


def test_a_case_of_another_site_is_no_duplicate(parts: Parts) -> None:
    ready_clip(parts, name="2", site="herald", sentences=SENTENCES)
    here, there = gathered(parts, word=3), gathered(parts, clip="clip_2", word=3)
    with pytest.raises(InputRefused, match="herald"):
        regrouping.mark_duplicate(parts, here.id, version=1, who=WHO, of=there.id)


def test_splitting_gives_some_reports_their_own_case(parts: Parts) -> None:
    case, references = two_reports(parts)
    own = regrouping.split_off(parts, case.id, version=case.version, who=WHO, reports=references[:1])
    assert (report_of(parts, references[0]).case_id, own.reports, case_of(parts, case.id).reports) == (own.id, 1, 1)
    assert gathered(parts, word=3).id == case.id
    undo(parts, case.id, version=case.version + 1, who=WHO)
    assert (case_of(parts, case.id).reports, case_of(parts, own.id).state) == (3, "duplicate")


def test_splitting_off_nothing_everything_or_strangers_is_refused(parts: Parts) -> None:
    case, references = two_reports(parts)
    stranger = report(parts, word=6)
    gather(parts, stranger)
    for chosen in ([], references, [stranger]):
        with pytest.raises(InputRefused):
            regrouping.split_off(parts, case.id, version=case.version, who=WHO, reports=chosen)


def test_a_case_is_assigned_to_somebody_who_sees_its_site(parts: Parts) -> None:
    anna = add_person(parts.database, "anna@example.org", "staff", "command line")
    case, _ = two_reports(parts)
    case = decisions.assign(parts, case.id, version=case.version, who=WHO, to=anna.id)
    assert case.assigned_to == anna.id
    with pytest.raises(InputRefused, match="no active account"):
        decisions.assign(parts, case.id, version=case.version, who=WHO, to="stf_nobody")


def test_a_note_is_kept_and_no_decision(parts: Parts) -> None:
    case, _ = two_reports(parts)
    decisions.add_note(parts, case.id, who=WHO, text="<script>Ask the minister.</script>")
    assert case_of(parts, case.id).version == case.version
    with pytest.raises(InputRefused):
        decisions.add_note(parts, case.id, who=WHO, text="  ")


def test_several_cases_are_decided_together_and_the_others_named(parts: Parts) -> None:
    case, _ = two_reports(parts)
    other = gathered(parts, word=6)
    outcomes = decisions.decide_together(
        {case.id: case.version, other.id: 99, "case_none": 1},
        lambda one, version: decisions.confirm_case(parts, one, version=version, who=WHO),
    )
    assert [(one.version, type(one.error)) for one in outcomes] == [
        (2, type(None)),
        (None, CaseChanged),
        (None, NotFound),
    ]


def test_a_settled_case_is_told_to_the_publisher_once_for_each_report(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(reports, "report_resolved", lambda parts, session, row: told.append(row.id))
    case, references = two_reports(parts)
    case = decisions.reject(parts, case.id, version=case.version, who=WHO, reason="No.")
    decisions.reject(parts, case.id, version=case.version, who=WHO, reason="No.")
    assert sorted(told) == sorted(references)


def test_a_correction_settles_the_case_and_is_taken_back_as_one(parts: Parts) -> None:
    case, references = two_reports(parts)
    with parts.database.writing() as session:
        locked = locked_case(parts, session, case.id, case.version)
        settle_corrected(parts, session, locked, "cor_1", WHO)
    settled = case_of(parts, case.id)
    assert (settled.state, settled.correction_id, states(parts, references)) == (
        "corrected",
        "cor_1",
        ["corrected"] * 2,
    )
    with pytest.raises(Conflict, match="take back the correction"):
        undo(parts, case.id, version=settled.version, who=WHO)
    with parts.database.writing() as session:
        undo_last(parts, session, session.get_one(CaseRow, case.id), WHO)
    assert (case_of(parts, case.id).state, states(parts, references)) == ("new", ["new"] * 2)


def test_every_decision_is_in_the_audit_log_of_its_site(parts: Parts) -> None:
    case, _ = two_reports(parts)
    decisions.confirm_case(parts, case.id, version=case.version, who=WHO)
    with parts.database.reading() as session:
        row = session.scalars(select(AuditRow).where(AuditRow.subject == case.id)).one()
        assert session.scalars(select(ReportRow.case_id).distinct()).all() == [case.id]
    assert (row.who, row.what, row.site) == (WHO, "case.confirmed", "gazette")
