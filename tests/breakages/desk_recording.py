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
    Breakage(
        name="an offset is levelled with the voice",
        file="tts_service/audio/recording.py",
        old="            wave = offset.push(mixed)",
        new="            wave = mixed",
        test="tests/audio/test_recording.py::test_an_offset_is_removed_before_anything_is_measured",
    ),
    Breakage(
        name="two equal channels are added up",
        file="tts_service/audio/mixdown.py",
        old="frame.to_ndarray().mean(axis=0)",
        new="frame.to_ndarray().sum(axis=0)",
        test="tests/audio/test_recording.py::test_equal_channels_are_as_loud_as_one_and_never_clipped",
    ),
)
