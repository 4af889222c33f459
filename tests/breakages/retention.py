"""Breakages of what is kept how long, of quotas, and of what must be on disk."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

NEEDED = "tts_service/retention/needed.py"
OWNERSHIP = "tests/retention/test_ownership.py"
BREAKAGES = (
    Breakage(
        name="any store without an owner is claimed",
        file="tts_service/retention/ownership.py",
        old="        return 2 * len(known) >= len(found)\n",
        new="        return True\n",
        test=f"{OWNERSHIP}::test_a_new_database_beside_an_old_store_deletes_nothing",
    ),
    Breakage(
        name="a restored copy is the same installation as its original",
        file="tts_service/retention/backup/rows.py",
        old='_OF_THIS_PLACE = ("alembic_version", "installation")',
        new='_OF_THIS_PLACE = ("alembic_version",)',
        test=f"{OWNERSHIP}::test_a_copy_restored_beside_the_running_original_leaves_it_its_objects",
    ),
    Breakage(
        name="doomed objects are deleted from another installation's store",
        file="tts_service/retention/doomed.py",
        old="        require_own_store(parts)\n",
        new="        pass\n",
        test=f"{OWNERSHIP}::test_beside_another_owner_jobs_wait_and_erased_files_stay",
    ),
    Breakage(
        name="live audio that is missing is streamed all the same",
        file="tts_service/web/api/clip_audio.py",
        old='    return parts.store.size(f"live/{row.clip_id}/{row.revision}/head") is None\n',
        new="    return False\n",
        test="tests/retention/test_prune.py::test_live_audio_that_is_missing_leads_to_the_finished_file",
    ),
    Breakage(
        name="files that a killed writer staged stay for ever",
        file="tts_service/storage/store.py",
        old='re.compile(r"#[0-9]+$")',
        new='re.compile(r"#[0-9]+[.]")',
        test="tests/storage/test_unfinished.py::test_pruning_removes_what_was_staged_a_day_ago_and_counts_it",
    ),
    Breakage(
        name="a version that an open report is about is pruned",
        file=NEEDED,
        old="    needed = set(clip.wanted)\n",
        new="    needed: set[int] = set()\n",
        test="tests/retention/test_needed.py::test_what_an_open_report_or_correction_is_about_stays",
    ),
    Breakage(
        name="the time of an earlier version begins when it was made",
        file=NEEDED,
        old="one.unneeded_ms is not None and one.unneeded_ms <= old_ms}",
        new="one.revision not in needed}",
        test="tests/retention/test_prune.py::test_the_time_of_a_version_begins_when_it_is_replaced",
    ),
    Breakage(
        name="a cancelled job's characters still count",
        file="tts_service/newsroom/quotas.py",
        old='"cancelled", ',
        new="",
        test="tests/newsroom/test_quotas.py::test_characters_of_a_day_are_reserved_and_given_back",
    ),
    Breakage(
        name="a finished file is not on disk when its row is committed",
        file="tts_service/storage/store.py",
        old="        try:\n            os.fsync(opened)\n",
        new="        try:\n            pass\n",
        test="tests/storage/test_store.py::test_what_rows_promise_is_on_disk_before_put_returns",
    ),
)
