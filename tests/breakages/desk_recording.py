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
)
