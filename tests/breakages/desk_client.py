"""Breakages of the desk's API and of the client at the desk."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

API, CLIENT = "tests/web/test_corrections_api.py", "tests/client/test_desk.py"
BREAKAGES = (
    Breakage(
        name="a decision whose answer was lost is sent again",
        file="tts_service/client/steps.py",
        old="wait_s = None if lost and call.once else",
        new="wait_s =",
        test=f"{CLIENT}::test_a_decision_whose_answer_was_lost_isnt_sent_again",
    ),
    Breakage(
        name="an entry of one site answers a case of another",
        file="tts_service/corrections/accept.py",
        old="            if proposal.place.site not in (None, case.site):",
        new="            if False:",
        test=f"{API}::test_a_case_is_answered_with_its_version_and_on_its_site",
    ),
    Breakage(
        name="listeners read that it was corrected when nothing changed",
        file="tts_service/corrections/cases/answering.py",
        old="    return any(changes_sentence(one, report.sentence) for one in row.changes)",
        new="    return True",
        test="tests/corrections/test_accept.py::"
        "test_a_correction_that_leaves_the_reported_sentence_alone_answers_nobody",
    ),
    Breakage(
        name="the client loads a recording whole",
        file="tts_service/client/calls/call.py",
        old="        while piece := opened.read(_PIECE_BYTES):",
        new="        while piece := opened.read():",
        test="tests/client/test_desk_streams.py::test_a_recording_is_sent_piece_by_piece",
    ),
    Breakage(
        name="a lost stream of changes begins anew",
        file="tts_service/client/queue_events.py",
        old="        self._failed, self._seen = 0, event.id",
        new="        self._failed = 0",
        test="tests/client/test_desk_streams.py::test_the_stream_of_changes_is_resumed_where_it_was_lost",
    ),
    Breakage(
        name="a stream that can't be had is asked for without end",
        file="tts_service/client/queue_events.py",
        old="        self._failed += 1",
        new="        pass",
        test="tests/client/test_desk_streams.py::test_a_stream_that_cannot_be_had_says_why",
    ),
)
