"""Breakages of cases: gathering, deciding, following, forgetting."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

STATE = "tts_service/corrections/cases/state.py"
BREAKAGES = (
    Breakage(
        name="the second decider overwrites the first",
        file=STATE,
        old="    if version is not None and case.version != version:",
        new="    if version is not None and case.version < version:",
        test="tests/corrections/test_decisions.py::test_the_second_who_decides_is_told_who_was_first",
    ),
    Breakage(
        name="a case overrules an answer of a single report",
        file=STATE,
        old="ReportRow.case_id == case.id, ReportRow.state.in_(following)",
        new="ReportRow.case_id == case.id",
        test="tests/corrections/test_decisions.py::test_a_report_that_was_settled_by_itself_keeps_its_answer",
    ),
    Breakage(
        name="an old revision's report is lost",
        file="tts_service/corrections/cases/following.py",
        old="    return best[2] if best[0] >= ALIKE else None",
        new="    return None",
        test="tests/corrections/test_following.py::test_an_edited_sentence_is_found_by_likeness_and_the_word_in_it",
    ),
    Breakage(
        name="a report about the old sound opens a corrected case again",
        file="tts_service/corrections/cases/gathering.py",
        old="heard.created_ms > case.settled_ms",
        new="heard.created_ms > 0",
        test="tests/corrections/test_gathering.py::test_a_report_about_the_uncorrected_revision_leaves_the_case_corrected",
    ),
    Breakage(
        name="a misspelt name is another case",
        file="tts_service/corrections/cases/likeness.py",
        old="    most = (shorter + 1) // 4",
        new="    most = 0",
        test="tests/corrections/test_grouping.py::test_the_word_that_is_meant",
    ),
    Breakage(
        name="a word that a variety says otherwise joins the case of another",
        file="tts_service/corrections/cases/finding.py",
        old="        alike = [case for case in cases if self._spoken_in(case) == spoken]",
        new="        alike = list(cases)",
        test="tests/corrections/test_gathering.py::"
        "test_a_variety_in_which_a_word_is_said_otherwise_has_a_case_of_its_own",
    ),
    Breakage(
        name="undoing brings back what was erased",
        file="tts_service/corrections/cases/forgetting.py",
        old="    _forget_undo(session, references, whole=whole)",
        new="    pass",
        test="tests/corrections/test_forgetting.py::test_a_case_with_other_reports_stays_and_shows_one_of_theirs",
    ),
)
