"""Breakages of revisions, idempotency, feeds and backfill."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

REV, IDEM = "tests/jobs/test_revisions.py", "tests/jobs/test_idempotency.py"
FEEDS, FILL = "tests/cms/feeds/test_feeds.py", "tests/cms/feeds/test_backfill.py"
BREAKAGES = (
    Breakage(
        name="an older job replaces a newer clip",
        file="tts_service/jobs/publish.py",
        old="newer = (ClipRow.current_revision.is_(None)) | (ClipRow.current_revision < job.revision)\n",
        new="newer = ClipRow.id == job.clip_id\n",
        test=f"{REV}::test_an_older_job_that_finishes_late_never_replaces_a_newer_clip",
    ),
    Breakage(
        name="a begun job is cut for a newer text",
        file="tts_service/jobs/revisions.py",
        old='    waiting = (mine, JobRow.state == "queued", JobRow.slices == 0)',
        new='    waiting = (mine, JobRow.state == "queued")',
        test=f"{REV}::test_a_job_between_two_turns_goes_on_although_a_newer_text_came",
    ),
    Breakage(
        name="every save of a burst is rendered",
        file="tts_service/jobs/submit.py",
        old='        hurried = is_first or order.wish.queue == "breaking" or row.withdrawn_ms is not None',
        new="        hurried = True",
        test=f"{REV}::test_a_first_text_is_rendered_at_once_and_a_burst_of_changes_once",
    ),
    Breakage(
        name="a withdrawn text is heard until the corrected one is finished",
        file="tts_service/jobs/revisions.py",
        old="    clip.current_revision = None",
        new="    assert clip.id",
        test=f"{REV}::test_of_a_withdrawn_article_another_text_is_heard_only_when_it_is_finished",
    ),
    Breakage(
        name="a late job of a withdrawn article goes on",
        file="tts_service/jobs/control.py",
        old='.where(mine, JobRow.state.in_(("queued", "running")))',
        new='.where(mine, JobRow.state.in_(("queued",)))',
        test=f"{REV}::test_a_late_job_does_not_bring_a_withdrawn_clip_back",
    ),
    Breakage(
        name="the body of a repeated request is ignored",
        file="tts_service/jobs/idempotency.py",
        old="        if row.request_sha256 != self.request_sha256:",
        new="        if not row.request_sha256:",
        test=f"{IDEM}::test_the_same_key_with_another_request_is_refused",
    ),
    Breakage(
        name="one client's key answers for another's",
        file="tts_service/web/api/jobs.py",
        old="api_key=caller.key_id",
        new='api_key=""',
        test=f"{IDEM}::test_another_clients_same_key_is_another_key",
    ),
    Breakage(
        name="the answer is kept apart from the job",
        file="tts_service/web/api/jobs.py",
        old="            keep(session, answers[-1], job.id)",
        new="            keep(Session(parts.database.engine), answers[-1], job.id)",
        test=f"{IDEM}::test_a_repeated_request_has_the_first_ones_answer",
    ),
    Breakage(
        name="a key in use is taken a second time",
        file="tts_service/jobs/idempotency.py",
        old="            if which in self._held:",
        new="            if which in set():",
        test=f"{IDEM}::test_while_the_first_is_worked_on_the_second_is_told_so",
    ),
    Breakage(
        name="the backfill forgets where it was",
        file="tts_service/cms/feeds/backfill.py",
        old="addresses=missed.addresses[: which.limit]",
        new="addresses=[entry.url for entry in archive.entries][: which.limit]",
        test=f"{FILL}::TestCommand::test_the_same_command_again_does_nothing",
    ),
    Breakage(
        name="a dry run keeps what it found",
        file="tts_service/cms/feeds/missed.py",
        old="            if not keep:",
        new="            if keep is None:",
        test=f"{FILL}::TestCommand::test_a_dry_run_says_what_it_takes_and_keeps_nothing",
    ),
    Breakage(
        name="articles for members are fetched for all",
        file="tts_service/cms/feeds/missed.py",
        old="    if article.visibility != PUBLIC:",
        new="    if article.visibility is None:",
        test=f"{FEEDS}::TestWhatWasMissed::test_one_that_is_not_for_everybody_is_never_fetched",
    ),
    Breakage(
        name="a feed's links to other sites are spoken",
        file="tts_service/cms/feeds/missed.py",
        old="        elsewhere = not horizon.any_host and not ours.has(entry.url)",
        new="        elsewhere = not horizon.any_host and not entry.url",
        test=f"{FEEDS}::TestWhatWasMissed::test_what_is_old_young_undated_or_elsewhere_is_counted_and_left",
    ),
    Breakage(
        name="an article younger than its webhook is lost",
        file="tts_service/cms/feeds/turn.py",
        old='            whole = not counts["too young"] and asked.feed.kind != "sitemap index"',
        new='            whole = asked.feed.kind != "sitemap index"',
        test=f"{FEEDS}::TestWhatWasMissed::test_what_was_too_young_is_seen_again_although_the_feed_did_not_change",
    ),
    Breakage(
        name="a host is asked without a pause",
        file="tts_service/cms/feeds/request.py",
        old="    context.politeness.wait(address)\n",
        new="",
        test="tests/cms/feeds/test_turns.py::TestTurns::test_pages_are_fetched_one_after_the_other_with_a_pause",
    ),
    Breakage(
        name="addresses lose their ampersands",
        file="tts_service/cms/feeds/parse.py",
        old="        return _read(_without_names(body), url, zone, forgiving=True)",
        new="        return _read(body, url, zone, forgiving=True)",
        test="tests/cms/feeds/test_reading.py::test_ill_formed_feeds_keep_their_addresses",
    ),
    Breakage(
        name="a new language's notice changes every version",
        file="tts_service/newsroom/policies.py",
        old="USUAL_NOTICES[language] for language in _HASHED_NOTICES}",
        new="USUAL_NOTICES[language] for language in USUAL_NOTICES}",
        test="tests/newsroom/test_policy_version.py::test_versions_are_those_that_stored_clips_hold",
    ),
    Breakage(
        name="a removed lexicon entry goes on",
        file="tts_service/newsroom/lexicon.py",
        old="    note_change(session, [row], [])\n",
        new="",
        test="tests/newsroom/test_lexicon_version.py::test_what_is_changed_and_changed_back_leaves_no_trace",
    ),
)
