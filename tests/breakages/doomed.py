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
        old="now + _AGAIN_MS + 1",
        new="now + _AGAIN_MS - 1",
        test=f"{TESTS}::test_one_object_that_cannot_be_deleted_holds_up_no_other",
    ),
    Breakage(
        name="each object of a store that hangs is tried for itself",
        file=DOOMED,
        old="                _postpone(parts, kind, turn.failed)\n",
        new="",
        test=f"{TESTS}::test_a_store_that_fails_is_asked_once_a_minute_for_each_kind",
    ),
    Breakage(
        name="an erasure leaves the worker its job",
        file="tts_service/retention/erasure.py",
        old="        gone += sum(delete_rows(session, table, mine) for table, mine in _own_rows(trail))\n",
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
        name="a new revision locks its clip before its article",
        file="tts_service/jobs/revise.py",
        old="    lock_article_of(session, clip_id)\n",
        new="",
        test="tests/slow/test_lock_order_on_postgresql.py::test_nobody_waits_for_a_row_while_holding_a_later_one",
    ),
    Breakage(
        name="erasing keeps a clip from everybody before it has the cases",
        file="tts_service/retention/erasure.py",
        old="        session.execute(clip.with_for_update(key_share=True))\n",
        new="        session.execute(clip.with_for_update())\n",
        test="tests/slow/test_lock_order_on_postgresql.py::test_erasing_waits_for_a_case_while_others_may_still_refer_to_the_clip",
    ),
    Breakage(
        name="a site that is being erased takes new articles",
        file="tts_service/db/closed_sites.py",
        old="        refuse_if_closed(session, fresh)\n",
        new="",
        test="tests/retention/test_site_erasure.py::test_nothing_is_accepted_for_a_site_that_is_being_erased_until_it_is_forgotten",
    ),
    Breakage(
        name="an erased site's callbacks stay",
        file="tts_service/retention/site_rows.py",
        old="        SiteRows(table=DeliveryRow, mine=_delivery(site)),\n",
        new="",
        test="tests/retention/test_site_erasure.py::test_every_table_is_deleted_from_changed_or_of_no_site",
    ),
    Breakage(
        name="an accepted article is lost with the power",
        file="tts_service/db/session.py",
        old='"synchronous=FULL"',
        new='"synchronous=NORMAL"',
        test="tests/db/test_migrations.py::test_a_commit_is_on_disk_before_it_is_acknowledged",
    ),
)
