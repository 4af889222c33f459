"""A correction that is taken back, whole or for one article: the earlier sound is heard again and nothing is spoken."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.corrections.desk_bench import TEXT, Newsroom
from tts_service.corrections.cases.decisions import confirm_case
from tts_service.corrections.cases.history import history
from tts_service.corrections.follow_up import SPOKEN_AGAIN
from tts_service.corrections.taking_back import retry, take_back, take_back_clip
from tts_service.db.tables import (
    AuditRow,
    CaseRow,
    ClipRevisionRow,
    CorrectionClipRow,
    CorrectionRow,
    JobRow,
    LexiconChangeRow,
    ReportRow,
)
from tts_service.errors import Conflict, NotFound
from tts_service.newsroom.lexicon_place import ArticleName, Place

WHO = "staff:2"


def test_the_entry_and_every_clip_go_back_and_nothing_is_spoken(newsroom: Newsroom) -> None:
    clips = [newsroom.publish(str(number)) for number in range(3)]
    accepted = newsroom.correct()
    newsroom.work()
    take_back(newsroom.parts, accepted.correction_id, WHO)
    jobs = newsroom.work()

    assert newsroom.entries() == []
    assert [newsroom.keys(clip) for clip in clips] == [newsroom.keys(clip, 1) for clip in clips]
    assert [newsroom.current(clip) for clip in clips] == [3, 3, 3]
    assert {newsroom.row(ClipRevisionRow, (clip, 3)).cause for clip in clips} == {"taken_back"}
    assert sum(job.spoken for job in jobs) == 0
    assert newsroom.correction(accepted.correction_id).state == "taken_back"
    assert newsroom.clip_of(accepted.correction_id, clips[0]).state == "taken_back"


def test_a_change_and_a_removal_are_taken_back_to_what_was_there(newsroom: Newsroom) -> None:
    clip = newsroom.publish()
    entry = newsroom.correct().entry_id
    newsroom.work()
    for alias in ("Elms worth", None):
        correction = newsroom.correct(alias=alias, entry_id=entry).correction_id
        newsroom.work()
        take_back(newsroom.parts, correction, WHO)
        jobs = newsroom.work()
        assert [(row.id, row.alias) for row in newsroom.entries()] == [(entry, "Emsworth")]
        assert newsroom.said(clip)[1] == "Emsworth was dark"
        assert [job.spoken for job in jobs] == [0]


def test_a_clip_made_since_follows_though_it_has_no_earlier_sound(newsroom: Newsroom) -> None:
    newsroom.publish("1")
    accepted = newsroom.correct()
    newsroom.work()
    since = newsroom.publish("2", "Elmsworth sleeps.")
    assert newsroom.said(since) == ["Emsworth sleeps"]
    take_back(newsroom.parts, accepted.correction_id, WHO)
    newsroom.work()

    assert newsroom.said(since) == ["Elmsworth sleeps"]
    row = newsroom.clip_of(accepted.correction_id, since)
    assert (row.state, row.reason) == ("taken_back", SPOKEN_AGAIN.format(1))


def test_an_earlier_sound_that_is_gone_is_spoken_again_and_said_so(newsroom: Newsroom) -> None:
    clip = newsroom.publish()
    accepted = newsroom.correct()
    newsroom.work()
    newsroom.parts.segments.delete(newsroom.keys(clip, 1)[1])
    take_back(newsroom.parts, accepted.correction_id, WHO)
    jobs = newsroom.work()

    assert [job.spoken for job in jobs] == [1]
    assert newsroom.clip_of(accepted.correction_id, clip).reason == SPOKEN_AGAIN.format(1)


def test_what_was_built_upon_is_taken_back_last(newsroom: Newsroom) -> None:
    newsroom.publish()
    first = newsroom.correct()
    second = newsroom.correct(alias="Elms worth", entry_id=first.entry_id)
    newsroom.work()
    with pytest.raises(Conflict, match=second.correction_id):
        take_back(newsroom.parts, first.correction_id, WHO)
    take_back(newsroom.parts, second.correction_id, WHO)
    take_back(newsroom.parts, first.correction_id, WHO)
    with pytest.raises(Conflict, match="already"):
        take_back(newsroom.parts, first.correction_id, WHO)
    with pytest.raises(NotFound):
        take_back(newsroom.parts, "cor_0", WHO)

    assert newsroom.entries() == []


def test_one_article_is_left_out_and_the_others_keep_the_correction(newsroom: Newsroom) -> None:
    one, other = newsroom.publish("1"), newsroom.publish("2")
    accepted = newsroom.correct()
    newsroom.work()
    take_back_clip(newsroom.parts, accepted.correction_id, one, WHO)
    jobs = newsroom.work()

    assert newsroom.said(one)[1] == "Elmsworth was dark"
    assert newsroom.said(other)[1] == "Emsworth was dark"
    assert [job.spoken for job in jobs] == [0]
    assert newsroom.clip_of(accepted.correction_id, one).state == "taken_back"
    assert newsroom.correction(accepted.correction_id).state == "done"
    with pytest.raises(Conflict, match="already"):
        take_back_clip(newsroom.parts, accepted.correction_id, one, WHO)
    with pytest.raises(NotFound):
        take_back_clip(newsroom.parts, accepted.correction_id, "clip_0", WHO)


def test_an_edit_of_an_article_that_was_left_out_keeps_it_left_out(newsroom: Newsroom) -> None:
    clip = newsroom.publish()
    accepted = newsroom.correct()
    newsroom.work()
    take_back_clip(newsroom.parts, accepted.correction_id, clip, WHO)
    newsroom.work()
    newsroom.publish(text=f"{TEXT} More came.")

    assert newsroom.said(clip)[1] == "Elmsworth was dark"


@pytest.mark.parametrize("alias", ["Elms worth", None])
def test_one_article_keeps_what_a_changed_or_removed_entry_said(newsroom: Newsroom, alias: str | None) -> None:
    one, other = newsroom.publish("1"), newsroom.publish("2")
    entry = newsroom.correct().entry_id
    newsroom.work()
    accepted = newsroom.correct(alias=alias, entry_id=entry)
    newsroom.work()
    take_back_clip(newsroom.parts, accepted.correction_id, one, WHO)
    jobs = newsroom.work()

    assert newsroom.said(one)[1] == "Emsworth was dark"
    assert newsroom.said(other)[1] == f"{alias or 'Elmsworth'} was dark"
    assert [job.spoken for job in jobs] == [0]


def test_a_correction_of_one_article_is_taken_back_as_a_whole(newsroom: Newsroom) -> None:
    clip = newsroom.publish()
    accepted = newsroom.correct(place=Place.of("gazette", "1"))
    newsroom.work()
    with pytest.raises(Conflict, match="itself"):
        take_back_clip(newsroom.parts, accepted.correction_id, clip, WHO)
    take_back(newsroom.parts, accepted.correction_id, WHO)
    newsroom.work()

    assert newsroom.said(clip)[1] == "Elmsworth was dark"


def test_a_correction_taken_back_while_it_is_rendered_ends_taken_back(newsroom: Newsroom) -> None:
    clip = newsroom.publish()
    accepted = newsroom.correct()
    lease = newsroom.workers.begin(newsroom.clip_of(accepted.correction_id, clip).job_id or "")
    take_back(newsroom.parts, accepted.correction_id, WHO)
    assert lease is not None
    newsroom.workers.finish(lease)
    newsroom.work()

    assert newsroom.said(clip)[1] == "Elmsworth was dark"
    assert newsroom.correction(accepted.correction_id).state == "taken_back"


def test_the_case_is_open_again_and_its_listeners_lose_the_revision(newsroom: Newsroom) -> None:
    case = newsroom.case(newsroom.publish())
    accepted = newsroom.correct(case_id=case, version=1)
    newsroom.work()
    assert newsroom.row(ReportRow, "R-0000-0001").corrected_revision == 2
    take_back(newsroom.parts, accepted.correction_id, WHO)
    newsroom.work()

    row, report = newsroom.row(CaseRow, case), newsroom.row(ReportRow, "R-0000-0001")
    assert (row.state, row.correction_id, row.undo) == ("new", None, None)
    assert (report.state, report.corrected_revision) == ("new", None)
    with newsroom.parts.database.reading() as session:
        assert [deed.what for deed in history(session, case)][-1] == "correction.taken_back"


def test_a_case_that_was_confirmed_before_is_confirmed_again(newsroom: Newsroom) -> None:
    case = newsroom.case(newsroom.publish())
    confirm_case(newsroom.parts, case, version=1, who=WHO)
    accepted = newsroom.correct(case_id=case, version=2)
    take_back(newsroom.parts, accepted.correction_id, WHO)
    newsroom.work()
    assert newsroom.row(CaseRow, case).state == "confirmed"


def test_reports_of_an_article_that_is_left_out_later_are_open_again(newsroom: Newsroom) -> None:
    one, other = newsroom.publish("1"), newsroom.publish("2")
    case = newsroom.case(one)
    newsroom.report(case, other)
    accepted = newsroom.correct(case_id=case, version=1)
    newsroom.work()
    assert newsroom.row(CaseRow, case).state == "corrected"
    take_back_clip(newsroom.parts, accepted.correction_id, one, WHO)
    newsroom.work()

    reports = [newsroom.row(ReportRow, f"R-0000-000{number}") for number in (1, 2)]
    told = [(report.state, report.corrected_revision) for report in reports]
    assert told == [("confirmed", None), ("corrected", 2)]
    assert newsroom.row(CaseRow, case).state == "confirmed"


def test_who_took_it_back_is_in_the_audit_log_and_the_history(newsroom: Newsroom) -> None:
    newsroom.publish()
    accepted = newsroom.correct()
    take_back(newsroom.parts, accepted.correction_id, WHO)

    with newsroom.parts.database.reading() as session:
        deeds = session.scalars(select(AuditRow).where(AuditRow.subject == accepted.correction_id)).all()
        changes = session.scalars(select(LexiconChangeRow).order_by(LexiconChangeRow.id)).all()
    assert [(deed.what, deed.who) for deed in deeds][-1] == ("correction.taken_back", WHO)
    assert [(change.what, change.who) for change in changes] == [("added", "staff:1"), ("removed", WHO)]


def test_an_article_that_was_left_out_since_stays_left_out(newsroom: Newsroom) -> None:
    one, other = newsroom.publish("1"), newsroom.publish("2")
    entry = newsroom.correct().entry_id
    changed = newsroom.correct(alias="Elms worth", entry_id=entry)
    newsroom.work()
    newsroom.correct(alias="Elms worth", entry_id=entry, except_articles=(ArticleName("gazette", "2"),))
    newsroom.work()
    take_back(newsroom.parts, changed.correction_id, WHO)
    newsroom.work()

    assert [newsroom.said(clip)[1] for clip in (one, other)] == ["Emsworth was dark", "Elmsworth was dark"]


def test_an_article_that_the_correction_left_out_has_the_entry_again(newsroom: Newsroom) -> None:
    one, other = newsroom.publish("1"), newsroom.publish("2")
    entry = newsroom.correct().entry_id
    newsroom.work()
    accepted = newsroom.correct(entry_id=entry, except_articles=(ArticleName("gazette", "1"),))
    newsroom.work()
    assert newsroom.said(one)[1] == "Elmsworth was dark"
    take_back(newsroom.parts, accepted.correction_id, WHO)
    newsroom.work()

    assert [newsroom.said(clip)[1] for clip in (one, other)] == ["Emsworth was dark"] * 2
    assert newsroom.entries()[0].except_articles is None


# --- a second try ---


def test_a_failed_clip_is_tried_again_and_then_the_case_is_settled(newsroom: Newsroom) -> None:
    clip = newsroom.publish()
    case = newsroom.case(clip)
    voice = newsroom.row(ClipRevisionRow, (clip, 1)).voice
    newsroom.change(ClipRevisionRow, (clip, 1), voice={**voice, "name": "gone"})
    accepted = newsroom.correct(case_id=case, version=1)
    newsroom.work()
    assert newsroom.correction(accepted.correction_id).state == "failed"

    newsroom.change(ClipRevisionRow, (clip, 1), voice=voice)
    retry(newsroom.parts, accepted.correction_id, WHO)
    newsroom.work()
    assert newsroom.correction(accepted.correction_id).state == "done"
    assert newsroom.row(CaseRow, case).state == "corrected"
    with pytest.raises(Conflict, match="No clip"):
        retry(newsroom.parts, accepted.correction_id, WHO)


def test_a_taking_back_that_failed_is_tried_again_as_one(newsroom: Newsroom) -> None:
    clip = newsroom.publish()
    accepted = newsroom.correct()
    newsroom.work()
    voice = newsroom.row(ClipRevisionRow, (clip, 2)).voice
    newsroom.change(ClipRevisionRow, (clip, 2), voice={**voice, "name": "gone"})
    take_back_clip(newsroom.parts, accepted.correction_id, clip, WHO)
    newsroom.work()
    assert newsroom.clip_of(accepted.correction_id, clip).state == "failed"

    newsroom.change(ClipRevisionRow, (clip, 2), voice=voice)
    retry(newsroom.parts, accepted.correction_id, WHO)
    newsroom.work()
    assert newsroom.clip_of(accepted.correction_id, clip).state == "taken_back"
    assert newsroom.said(clip)[1] == "Elmsworth was dark"


def failed(newsroom: Newsroom, correction: str, clip: str) -> None:
    """As if the clip's job had failed."""
    newsroom.change(JobRow, newsroom.clip_of(correction, clip).job_id, state="failed")
    newsroom.change(CorrectionClipRow, (correction, clip), state="failed", job_id=None)
    newsroom.change(CorrectionRow, correction, state="failed")


def test_a_failed_correction_of_one_article_is_tried_again_and_not_taken_back(newsroom: Newsroom) -> None:
    clip = newsroom.publish()
    case = newsroom.case(clip)
    accepted = newsroom.correct(place=Place.of("gazette", "1"), case_id=case, version=1)
    failed(newsroom, accepted.correction_id, clip)
    retry(newsroom.parts, accepted.correction_id, WHO)
    newsroom.work()

    assert newsroom.said(clip)[1] == "Emsworth was dark"
    assert newsroom.clip_of(accepted.correction_id, clip).state == "done"
    assert newsroom.row(CaseRow, case).state == "corrected"


def test_an_article_of_another_site_with_the_same_id_is_not_taken_for_left_out(newsroom: Newsroom) -> None:
    mine, theirs = newsroom.publish("1"), newsroom.publish("1", site="herald")
    entry = newsroom.correct(place=Place.of()).entry_id
    newsroom.work()
    changed = newsroom.correct(place=Place.of(), alias="Elms worth", entry_id=entry).correction_id
    failed(newsroom, changed, theirs)
    take_back_clip(newsroom.parts, changed, mine, WHO)
    retry(newsroom.parts, changed, WHO)
    newsroom.work()

    assert [newsroom.said(clip)[1] for clip in (mine, theirs)] == ["Emsworth was dark", "Elms worth was dark"]
    assert [newsroom.clip_of(changed, clip).state for clip in (mine, theirs)] == ["taken_back", "done"]
