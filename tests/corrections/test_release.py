"""Corrections and a version that is held: it is released with them, and the newest text can always be released."""

from __future__ import annotations

import pytest

from tests.corrections.desk_bench import Newsroom
from tts_service.corrections.release import release_held
from tts_service.corrections.taking_back import take_back
from tts_service.db.tables import CorrectionClipRow
from tts_service.errors import Conflict
from tts_service.jobs.again import render_again, restore_article, take_article_offline
from tts_service.jobs.control import withdraw
from tts_service.newsroom.lexicon_place import Place
from tts_service.newsroom.sites import set_options

WHO = "staff:1"


def hold(newsroom: Newsroom) -> None:
    set_options(newsroom.parts.database, "gazette", {"hold": True})


def test_a_held_version_is_corrected_as_soon_as_it_is_released(newsroom: Newsroom) -> None:
    hold(newsroom)
    taken_back = newsroom.correct("dark", "darker")
    clip = newsroom.publish(text="Elmsworth slept. It was dark.")
    accepted = newsroom.correct()
    take_back(newsroom.parts, taken_back.correction_id, WHO)
    newsroom.correct("was", "wars", place=Place.of("gazette", "2"))
    newsroom.work()
    release_held(newsroom.parts, clip, who=WHO, revision=1)
    assert newsroom.said(clip) == ["Elmsworth slept", "It was darker"]
    newsroom.work()

    assert newsroom.said(clip) == ["Emsworth slept", "It was dark"]
    states = [newsroom.correction(one.correction_id).state for one in (accepted, taken_back)]
    assert states == ["done", "taken_back"]
    row = newsroom.clip_of(accepted.correction_id, clip)
    assert (row.state, [change["after"] for change in row.changes]) == ("done", ["Emsworth slept."])


def test_corrections_that_a_released_version_has_already_are_not_brought_to_it(newsroom: Newsroom) -> None:
    hold(newsroom)
    accepted = newsroom.correct()
    clip = newsroom.publish()
    release_held(newsroom.parts, clip, who=WHO)
    newsroom.work()

    assert (newsroom.said(clip)[1], newsroom.current(clip)) == ("Emsworth was dark", 1)
    with newsroom.parts.database.reading() as session:
        assert session.get(CorrectionClipRow, (accepted.correction_id, clip)) is None


def test_a_held_text_that_a_correction_of_the_old_one_overtook_is_rendered_again(newsroom: Newsroom) -> None:
    clip = newsroom.publish()
    hold(newsroom)
    newsroom.publish(text="Elmsworth was light.")
    newsroom.correct()
    newsroom.work()
    with pytest.raises(Conflict, match="render the article again"):
        release_held(newsroom.parts, clip, who=WHO)
    render_again(newsroom.parts, newsroom.article(clip).id, who=WHO)
    newsroom.work()
    release_held(newsroom.parts, clip, who=WHO, revision=4)

    assert newsroom.said(clip) == ["Emsworth was light"]


def test_the_text_that_came_back_is_restored_and_not_the_one_after_it(newsroom: Newsroom) -> None:
    clip = newsroom.publish(text="First.")
    newsroom.publish(text="Second.")
    withdraw(newsroom.parts, "gazette", "1")
    newsroom.save(text="First.")
    take_article_offline(newsroom.parts, newsroom.article(clip).id, who=WHO)
    restore_article(newsroom.parts, newsroom.article(clip).id, who=WHO)
    newsroom.work()

    assert newsroom.said(clip) == ["First"]
