"""Corrections and repairs on PostgreSQL, where workers and ticks really work at the same time."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from gettext import NullTranslations
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.corrections.conftest import newsroom
from tests.corrections.desk_bench import SITE, Newsroom
from tests.corrections.test_accept import (
    test_a_first_rendering_that_was_under_way_is_corrected_after_it,
    test_a_rendering_that_fails_half_way_leaves_the_case_open_and_names_the_clip,
    test_a_revision_that_lacks_another_correction_does_not_answer_for_its_text,
    test_only_the_sentences_that_sound_different_are_spoken,
    test_the_reported_clip_is_first_and_its_listeners_get_the_revision,
    test_the_second_who_decides_is_told_and_changes_nothing,
)
from tests.corrections.test_records import test_an_erased_article_leaves_no_sentence_of_its_corrections
from tests.corrections.test_release import test_a_held_version_is_corrected_as_soon_as_it_is_released
from tests.corrections.test_repairs import test_a_repair_is_taken_back_without_synthesis_to_what_was_there
from tests.corrections.test_rule_corrections import test_one_article_is_left_out_also_when_it_is_edited
from tests.corrections.test_taking_back import (
    test_a_change_and_a_removal_are_taken_back_to_what_was_there,
    test_one_article_keeps_what_a_changed_or_removed_entry_said,
    test_the_entry_and_every_clip_go_back_and_nothing_is_spoken,
)
from tests.parts.factories import Doorbell, delete_all_rows, make_parts
from tts_service.corrections.accept_rule import accept_rule
from tts_service.corrections.cases.page import case_page
from tts_service.corrections.follow_up import follow_up, job_ended
from tts_service.corrections.taking_back import take_back
from tts_service.db.tables import CaseRow
from tts_service.newsroom.lexicon import locked
from tts_service.parts import Parts
from tts_service.retention.erasure import erase_article
from tts_service.values.speech_policy import BlockRule
from tts_service.web.staff.desk.correction_view import correction_of_case

pytestmark = pytest.mark.slow

__all__ = [
    "newsroom",
    "test_a_change_and_a_removal_are_taken_back_to_what_was_there",
    "test_a_first_rendering_that_was_under_way_is_corrected_after_it",
    "test_a_held_version_is_corrected_as_soon_as_it_is_released",
    "test_a_rendering_that_fails_half_way_leaves_the_case_open_and_names_the_clip",
    "test_a_repair_is_taken_back_without_synthesis_to_what_was_there",
    "test_a_revision_that_lacks_another_correction_does_not_answer_for_its_text",
    "test_an_erased_article_leaves_no_sentence_of_its_corrections",
    "test_one_article_is_left_out_also_when_it_is_edited",
    "test_one_article_keeps_what_a_changed_or_removed_entry_said",
    "test_only_the_sentences_that_sound_different_are_spoken",
    "test_the_entry_and_every_clip_go_back_and_nothing_is_spoken",
    "test_the_reported_clip_is_first_and_its_listeners_get_the_revision",
    "test_the_second_who_decides_is_told_and_changes_nothing",
]


@pytest.fixture
def parts(tmp_path: Path, bell: Doorbell, postgres: str) -> Iterator[Parts]:
    built = make_parts(tmp_path, bell, database_url=postgres)
    delete_all_rows(built.database)
    yield built
    built.close()


def test_clips_that_end_at_once_close_their_correction(newsroom: Newsroom) -> None:
    for number in range(4):
        newsroom.publish(str(number))
    accepted = newsroom.correct()
    jobs = newsroom.queued()
    for job in jobs:
        newsroom.turn(job)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda job: job_ended(newsroom.parts, job), jobs))

    assert newsroom.correction(accepted.correction_id).state == "done"


def test_two_ticks_at_once_make_one_job_a_clip(newsroom: Newsroom) -> None:
    for number in range(8):
        newsroom.publish(str(number))
    newsroom.correct()
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: follow_up(newsroom.parts), range(3)))

    assert len(newsroom.queued()) == 8


def test_rules_accepted_at_once_for_a_site_without_settings_are_all_kept(newsroom: Newsroom) -> None:
    newsroom.publish("1", "The story.\n\nSupport us.\n\nFollow us.\n\nThe end of it.")
    rules = [BlockRule(text="Support us."), BlockRule(text="Follow us."), BlockRule(text="The end", begins=True)]
    with ThreadPoolExecutor(3) as pool:
        accepted = list(pool.map(lambda rule: accept_rule(newsroom.parts, "gazette", rule, who="staff:1"), rules))
    newsroom.work()

    assert newsroom.blocks("1", spoken=True) == ["The story."]
    assert {newsroom.correction(one.correction_id).state for one in accepted} == {"done"}
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda one: take_back(newsroom.parts, one.correction_id, "staff:1"), accepted))
    newsroom.work()
    assert len(newsroom.blocks("1", spoken=True)) == 4
    assert {newsroom.correction(one.correction_id).state for one in accepted} == {"taken_back"}


def test_a_case_shows_its_correction(newsroom: Newsroom) -> None:
    case = newsroom.case(newsroom.publish())
    accepted = newsroom.correct(case_id=case, version=1)
    newsroom.work()
    with newsroom.parts.database.reading() as session:
        shown = correction_of_case(session, case_page(session, case), None, NullTranslations())

    assert shown is not None
    assert (shown["id"], shown["total"], shown["done"], shown["failures"]) == (accepted.correction_id, 1, 1, [])


def test_erasing_waits_for_the_lexicon_before_it_locks_a_case(newsroom: Newsroom) -> None:
    """Who corrects has the lexicon first and wants the case: in another order both could wait for each other."""
    case = newsroom.case(newsroom.publish())
    database = newsroom.parts.database
    waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    with ThreadPoolExecutor(1) as other, database.writing() as session:
        locked(database, session, SITE)
        erasing = other.submit(erase_article, newsroom.parts, "gazette", "1", "staff:1")
        while not session.scalar(waiting):
            assert not erasing.done()
        assert session.get(CaseRow, case, with_for_update={"nowait": True})
    assert erasing.result().rows
