"""Breakages of recordings of whole articles."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

BREAKAGES = (
    Breakage(
        name="a recording is still called artificially generated",
        file="tts_service/narration/labels.py",
        old="    if record is not None and record.is_recorded:\n",
        new="    if False:\n",
        test="tests/jobs/test_recordings.py::test_nobody_is_told_that_a_recording_is_artificial",
    ),
    Breakage(
        name="a feed with recordings calls everything artificially generated",
        file="tts_service/web/api/podcasts.py",
        old="        return mixed_notice(language)\n",
        new="        return notice(language)\n",
        test="tests/web/test_podcast.py::test_a_feed_of_both_kinds_says_so_and_each_episode_its_own",
    ),
)
