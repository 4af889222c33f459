"""Revisions, repeated requests, feeds and the lexicon's version, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cms.conftest import site
from tests.cms.feeds.test_feeds import TestWhatWasMissed
from tests.cms.feeds.test_turns import TestTurns
from tests.corrections.test_impact import (
    test_a_change_and_a_removal_are_weighed_against_what_holds,
    test_the_list_is_that_of_brute_force,
    test_the_scope_bounds_the_list,
    test_what_sounds_right_already_is_left_alone_and_what_is_stale_is_not,
)
from tests.jobs.test_clip_words import (
    filled,
    test_a_thousand_graphemes_are_looked_for_at_once,
    test_candidates_have_the_words_whatever_their_form,
    test_candidates_of_a_site_or_an_article,
    test_clips_that_nobody_hears_are_no_candidates,
    test_staff_search_by_words_and_beginnings_of_words,
    test_the_index_follows_what_happens_to_a_clip,
)
from tests.jobs.test_idempotency import (
    app,
    client,
    test_a_refused_request_leaves_the_key_free,
    test_a_repeated_request_has_the_first_ones_answer,
    test_keys_live_for_a_day,
    test_many_at_once_make_one_job,
    test_the_same_key_with_another_request_is_refused,
    test_two_processes_at_once_make_one_job_and_have_one_answer,
)
from tests.jobs.test_revisions import (
    test_a_late_job_does_not_bring_a_withdrawn_clip_back,
    test_a_text_that_never_settles_is_rendered_all_the_same,
    test_a_withdrawn_text_comes_back_at_once_without_rendering,
    test_an_older_job_that_finishes_late_never_replaces_a_newer_clip,
    test_files_of_an_old_revision_stay_until_the_article_is_withdrawn,
    test_the_same_text_sent_with_more_haste_is_hurried,
    workers,
)
from tests.newsroom.test_lexicon_version import (
    test_a_file_counts_entry_by_entry,
    test_what_is_changed_and_changed_back_leaves_no_trace,
)
from tests.parts.factories import Doorbell, delete_all_rows, make_parts
from tts_service.parts import Parts

pytestmark = pytest.mark.slow

__all__ = [
    "TestTurns",
    "TestWhatWasMissed",
    "app",
    "client",
    "filled",
    "site",
    "test_a_change_and_a_removal_are_weighed_against_what_holds",
    "test_a_file_counts_entry_by_entry",
    "test_a_late_job_does_not_bring_a_withdrawn_clip_back",
    "test_a_refused_request_leaves_the_key_free",
    "test_a_repeated_request_has_the_first_ones_answer",
    "test_a_text_that_never_settles_is_rendered_all_the_same",
    "test_a_thousand_graphemes_are_looked_for_at_once",
    "test_a_withdrawn_text_comes_back_at_once_without_rendering",
    "test_an_older_job_that_finishes_late_never_replaces_a_newer_clip",
    "test_candidates_have_the_words_whatever_their_form",
    "test_candidates_of_a_site_or_an_article",
    "test_clips_that_nobody_hears_are_no_candidates",
    "test_files_of_an_old_revision_stay_until_the_article_is_withdrawn",
    "test_keys_live_for_a_day",
    "test_many_at_once_make_one_job",
    "test_staff_search_by_words_and_beginnings_of_words",
    "test_the_index_follows_what_happens_to_a_clip",
    "test_the_list_is_that_of_brute_force",
    "test_the_same_key_with_another_request_is_refused",
    "test_the_same_text_sent_with_more_haste_is_hurried",
    "test_the_scope_bounds_the_list",
    "test_two_processes_at_once_make_one_job_and_have_one_answer",
    "test_what_is_changed_and_changed_back_leaves_no_trace",
    "test_what_sounds_right_already_is_left_alone_and_what_is_stale_is_not",
    "workers",
]


def emptied(tmp_path: Path, bell: Doorbell, **values: Any) -> Parts:
    built = make_parts(tmp_path, bell, **values)
    delete_all_rows(built.database)
    return built


@pytest.fixture
def parts(tmp_path: Path, bell: Doorbell, postgres: str) -> Iterator[Parts]:
    built = emptied(tmp_path, bell, database_url=postgres, fetch_pause_s=0)
    yield built
    built.close()


@pytest.fixture
def settling(tmp_path: Path, bell: Doorbell, postgres: str) -> Iterator[Parts]:
    built = emptied(tmp_path / "settling", bell, database_url=postgres, settle_s=5)
    yield built
    built.close()
