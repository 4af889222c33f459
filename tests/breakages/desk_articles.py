"""Breakages of the desk's articles: holding before publishing."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

RELEASE = "tests/jobs/test_release.py"
BREAKAGES = (
    Breakage(
        name="a held clip is heard",
        file="tts_service/web/reading.py",
        old="    kept_back = clip.current_revision is None and is_kept_back(session, article, revision)\n",
        new="    kept_back = False\n",
        test=f"{RELEASE}::test_a_first_version_is_heard_by_nobody_before_it_is_released",
    ),
    Breakage(
        name="a held version is heard live while it is made",
        file="tts_service/jobs/publish.py",
        old='_UNFINISHED = ("rendering", "failed")',
        new="_UNFINISHED = ()",
        test=f"{RELEASE}::test_the_earlier_version_is_heard_until_the_new_one_is_released",
    ),
    Breakage(
        name="a withdrawn clip comes back released",
        file="tts_service/jobs/revisions.py",
        old="    if revision.ready_ms is None:\n",
        new="    if False:\n",
        test=f"{RELEASE}::test_what_was_never_released_does_not_come_back_released",
    ),
)
