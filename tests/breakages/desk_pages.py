"""Breakages of the desk's pages: who is told what, what is shown, what a key does."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

PAGES, BROWSER = "tests/web/test_desk_pages.py", "tests/slow/test_desk.py"
BREAKAGES = (
    Breakage(
        name="a case of another site is shown",
        file="tts_service/web/staff/desk/case_view.py",
        old="        person.require_site(shown.case.site)\n",
        new="",
        test=f"{PAGES}::TestQueue::test_an_editor_neither_sees_nor_decides_another_sites_cases",
    ),
    Breakage(
        name="a decision forgets the version that was seen",
        file="tts_service/web/staff/desk/queue.py",
        old="return decisions.reject(parts, case_id, version=version,",
        new="return decisions.reject(parts, case_id, version=2,",
        test=f"{PAGES}::TestQueue::test_whoever_comes_second_is_told_and_the_others_are_decided",
    ),
    Breakage(
        name="what is accepted is not what was weighed",
        file="tts_service/web/staff/desk/trying.py",
        old='if step == "accept" and form.get("seen") == draft.digest:',
        new='if step == "accept":',
        test=f"{PAGES}::TestTrying::test_only_what_was_weighed_is_accepted",
    ),
    Breakage(
        name="a pasted document is read in the encoding of the file that it was copied from",
        file="tts_service/speakable/pls.py",
        old='    return _DECLARATION.sub("", text).encode()',
        new="    return text.encode()",
        test="tests/web/test_lexicon_page.py::TestImport::test_a_document_is_shown_and_taken_as_it_is_encoded",
    ),
    Breakage(
        name="a rejected case can only be opened by undoing",
        file="tts_service/web/staff/desk/case_view.py",
        old='"may_reopen": case.state in RESOLVED and',
        new='"may_reopen": case.state == "corrected" and',
        test=f"{PAGES}::TestCase::test_a_case_that_no_correction_settled_is_opened_again",
    ),
    Breakage(
        name="typed letters are keys",
        file="tts_service/web/static/desk/keys.js",
        old="if (keysAreOff() || event.target.matches(TYPED) ||",
        new="if (keysAreOff() ||",
        test=f"{BROWSER}::test_the_queue_is_worked_by_keyboard",
    ),
)
