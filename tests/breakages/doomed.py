"""Breakages of what is deleted from the store, and when, and of what is kept."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

DOOMED, TESTS = "tts_service/retention/doomed.py", "tests/retention/test_doomed.py"
BREAKAGES = (
    Breakage(
        name="a segment is deleted that a newer text names",
        file=DOOMED,
        old="() if row.name in used else _names_of(parts, row)",
        new="_names_of(parts, row)",
        test=f"{TESTS}::test_a_segment_that_a_newer_text_names_stays",
    ),
    Breakage(
        name="what a late worker writes below a deleted folder stays",
        file=DOOMED,
        old="        if row.until_ms <= row.due_ms:\n",
        new="        if True:\n",
        test=f"{TESTS}::test_what_a_late_worker_still_writes_is_deleted_too",
    ),
    Breakage(
        name="an object that can't be deleted holds up all others",
        file=DOOMED,
        old="    if turn.failed is not None:\n",
        new="    if False:\n",
        test=f"{TESTS}::test_one_object_that_cannot_be_deleted_holds_up_no_other",
    ),
    Breakage(
        name="an erasure leaves the worker its job",
        file="tts_service/retention/erasure.py",
        old="        gone += sum(rows_gone(session, table, mine) for table, mine in _own_rows(trail))\n",
        new="",
        test="tests/retention/test_erasure_interrupted.py::test_a_worker_that_speaks_an_erased_article_loses_its_job_and_leaves_nothing",
    ),
    Breakage(
        name="what a worker writes after the erasure of its article stays",
        file="tts_service/retention/erasure.py",
        old="JobRow.started_ms.is_not(None), JobRow.finished_ms > recent)",
        new="JobRow.started_ms.is_(None), JobRow.finished_ms > recent)",
        test="tests/retention/test_erasure_interrupted.py::test_a_worker_that_speaks_an_erased_article_loses_its_job_and_leaves_nothing",
    ),
    Breakage(
        name="an accepted article is lost with the power",
        file="tts_service/db/session.py",
        old='"synchronous=FULL"',
        new='"synchronous=NORMAL"',
        test="tests/db/test_migrations.py::test_a_commit_is_on_disk_before_it_is_acknowledged",
    ),
)
