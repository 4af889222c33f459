"""Breakages of what is seen, kept and left behind: the log, the staff's pages, erasure, files that mislead."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

AUDIT, PAGES = "tests/access/test_audit.py", "tests/web/test_staff_pages.py"
BREAKAGES = (
    Breakage(
        name="a hook is removed without a line in the log",
        file="tts_service/cms/inbox/addresses.py",
        old='        note(database, session, Deed(who=who, what="hook.removed",',
        new='        (Deed(who=who, what="hook.removed",',
        test=f"{AUDIT}::test_every_command_that_changes_something_leaves_a_line",
    ),
    Breakage(
        name="the line of a hook's change is written after the change",
        file="tts_service/cms/inbox/addresses.py",
        old='        note(database, session, Deed(who=who, what="hook.changed",',
        new="    with database.writing() as session:\n"
        '        note(database, session, Deed(who=who, what="hook.changed",',
        test=f"{AUDIT}::test_every_command_that_changes_something_leaves_a_line",
    ),
    Breakage(
        name="the clip of a job that was given up renders for ever",
        file="tts_service/jobs/dispatch.py",
        old="            fail_clip(parts, session, left.job_id)\n",
        new="            pass\n",
        test="tests/jobs/test_jobs.py::TestSweep::test_a_job_that_kills_workers_is_given_up",
    ),
    Breakage(
        name="a stored webhook shows the secret it came with",
        file="tts_service/web/staff/sites/events.py",
        old="hidden if _KEYS.search(name) else value",
        new="value",
        test=f"{PAGES}::TestWebhooks::test_one_is_shown_as_it_came_without_what_opens_something",
    ),
    Breakage(
        name="the staff's API needs no token of the session's form",
        file="tts_service/web/auth.py",
        old="    require_own_change(request, person, parts.settings)\n",
        new="",
        test=f"{PAGES}::test_the_api_below_staff_takes_sessions_with_their_token_only",
    ),
    Breakage(
        name="an erased article stays in the callbacks that told of it",
        file="tts_service/retention/trail.py",
        old="        if any(one in delivery.body for one in trail.ids):\n",
        new="        if False:\n",
        test="tests/retention/test_erasure.py::test_nothing_is_left_of_an_erased_article_and_nothing_is_missing_beside_it",
    ),
    Breakage(
        name="a sound file may be a list of others",
        file="tts_service/audio/sound_file.py",
        old='FORMATS = "mp3,mov,ogg,wav,flac"',
        new='FORMATS = "mp3,mov,ogg,wav,flac,concat"',
        test="tests/audio/test_sound_file.py::test_no_file_leads_to_another_or_to_the_outside",
    ),
    Breakage(
        name="any page may frame a clip whose site is known",
        file="tts_service/web/pages/clip.py",
        old="    allow_frames(request, (site.origins if site else None) or ())\n",
        new="",
        test="tests/web/test_headers.py::test_the_frame_is_for_the_sites_own_pages_once_they_are_known",
    ),
)
