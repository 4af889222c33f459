"""Breakages of what is kept how long, of quotas, and of what must be on disk."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

NEEDED = "tts_service/retention/needed.py"
BREAKAGES = (
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
