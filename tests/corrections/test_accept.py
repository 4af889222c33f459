"""A correction from its acceptance to the clips that carry it: only what sounds different is spoken."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.corrections.desk_bench import SITE, TEXT, Newsroom
from tts_service.corrections.cases.gathering import gather
from tts_service.corrections.cases.weight import recount
from tts_service.corrections.follow_up import follow_up, job_ended
from tts_service.corrections.impact.planning import ClipPlan, CorrectionPlanner
from tts_service.db.tables import (
    AuditRow,
    CaseRow,
    ClipRevisionRow,
    ClipRow,
    CorrectionClipRow,
    CorrectionRow,
    JobRow,
    LexiconChangeRow,
    ReportRow,
)
from tts_service.errors import CaseChanged, Conflict, InputRefused, NotFound
from tts_service.jobs.control import cancel, withdraw
from tts_service.listeners.outcome import ReportOutcome, outcome_of
from tts_service.newsroom.lexicon import add
from tts_service.newsroom.lexicon_place import ArticleName, Place
from tts_service.speakable.lexeme import Lexeme

OTHER = "Quite another text. Nobody speaks of the town."


def test_only_the_sentences_that_sound_different_are_spoken(newsroom: Newsroom) -> None:
    clips = [newsroom.publish(str(number)) for number in range(3)]
    unaffected = newsroom.publish("9", OTHER)
    accepted = newsroom.correct()
    jobs = newsroom.work()

    assert (accepted.clips, accepted.sentences) == (3, 3)
    # Three clips say the same sentence: it is spoken once.
    assert sum(job.spoken for job in jobs) == 1
    for clip in clips:
        assert newsroom.said(clip) == ["First we met", "Emsworth was dark", "Last we left"]
        assert newsroom.keys(clip, 1)[::2] == newsroom.keys(clip, 2)[::2]
    assert newsroom.current(unaffected) == 1
    assert newsroom.correction(accepted.correction_id).state == "done"


def test_a_clip_tells_what_changed_and_which_correction_made_it(newsroom: Newsroom) -> None:
    clip = newsroom.publish()
    accepted = newsroom.correct()
    newsroom.work()

    row = newsroom.clip_of(accepted.correction_id, clip)
    assert (row.state, row.from_revision, row.to_revision, row.reason) == ("done", 1, 2, "")
    change = {"block": 0, "start": 14, "end": 33, "text": "Elmsworth was dark."}
    assert row.changes == [{**change, "before": "Elmsworth was dark.", "after": "Emsworth was dark."}]
    revision = newsroom.row(ClipRevisionRow, (clip, 2))
    assert (revision.cause, revision.correction_id) == ("correction", accepted.correction_id)


def test_entry_history_correction_and_audit_entry_are_written_together(newsroom: Newsroom) -> None:
    newsroom.publish()
    accepted = newsroom.correct()

    with newsroom.parts.database.reading() as session:
        [change] = session.scalars(select(LexiconChangeRow)).all()
        [deed] = session.scalars(select(AuditRow).where(AuditRow.what == "correction.accepted")).all()
    row = newsroom.correction(accepted.correction_id)
    assert (change.entry_id, change.correction_id, change.who) == (row.entry_id, row.id, "staff:1")
    assert (row.before, (row.after or {})["alias"], row.why) == (None, "Emsworth", "as locals say it")
    assert (deed.subject, deed.who) == (row.id, "staff:1")


def test_a_refused_entry_leaves_nothing(newsroom: Newsroom) -> None:
    newsroom.publish()
    newsroom.correct()
    with pytest.raises(Conflict, match="already has an entry"):
        newsroom.correct(alias="Elms worth")
    with pytest.raises(InputRefused, match="To move it"):
        newsroom.correct(alias="Elms worth", entry_id=newsroom.entries()[0].id, place=Place.of())
    with pytest.raises(NotFound):
        newsroom.correct(entry_id="lex_0")
    with pytest.raises(InputRefused):
        newsroom.correct("London", why="x" * 501)

    with newsroom.parts.database.reading() as session:
        assert len(session.scalars(select(CorrectionRow)).all()) == len(newsroom.entries()) == 1


def test_an_entry_that_came_without_a_correction_is_brought_to_the_clips_that_lack_it(newsroom: Newsroom) -> None:
    clip = newsroom.publish()
    lexeme = Lexeme(graphemes=("Elmsworth",), language="en", alias="Emsworth")
    parts = newsroom.parts
    entry = add(parts.database, parts.voices, SITE, lexeme, author="test").row
    late = newsroom.publish("2")
    accepted = newsroom.correct(entry_id=entry.id)
    newsroom.work()

    assert (accepted.clips, newsroom.current(late)) == (1, 1)
    assert newsroom.said(clip) == ["First we met", "Emsworth was dark", "Last we left"]


def test_an_entry_that_changes_nothing_is_kept_and_done_at_once(newsroom: Newsroom) -> None:
    newsroom.publish()
    for grapheme, alias in (("Nowhere", "No where"), ("dark", "dark")):
        accepted = newsroom.correct(grapheme, alias)
        assert (accepted.clips, newsroom.correction(accepted.correction_id).state) == (0, "done")
    assert newsroom.work() == []


def test_a_changed_and_a_removed_entry_change_the_clips_too(newsroom: Newsroom) -> None:
    clip = newsroom.publish()
    first = newsroom.correct()
    newsroom.work()
    newsroom.correct(alias="Elms worth", entry_id=first.entry_id)
    newsroom.work()
    assert newsroom.said(clip)[1] == "Elms worth was dark"
    removed = newsroom.correct(alias=None, entry_id=first.entry_id)
    newsroom.work()

    assert newsroom.said(clip)[1] == "Elmsworth was dark"
    assert newsroom.correction(removed.correction_id).after is None
    assert newsroom.entries() == []


def test_an_article_that_is_left_out_keeps_its_clip(newsroom: Newsroom) -> None:
    one, other = newsroom.publish("1"), newsroom.publish("2")
    newsroom.correct(except_articles=(ArticleName("gazette", "2"),))
    newsroom.work()

    assert [newsroom.current(clip) for clip in (one, other)] == [2, 1]


@pytest.mark.parametrize(
    ("place", "revisions"),
    [(Place.of("gazette", "1"), [2, 1, 1]), (SITE, [2, 2, 1]), (Place.of(), [2, 2, 2])],
    ids=["article", "site", "all sites"],
)
def test_the_scope_decides_which_clips_follow(newsroom: Newsroom, place: Place, revisions: list[int]) -> None:
    clips = [newsroom.publish("1"), newsroom.publish("2"), newsroom.publish("3", site="herald")]
    newsroom.correct(place=place)
    newsroom.work()

    assert [newsroom.current(clip) for clip in clips] == revisions


def test_a_repeated_webhook_makes_no_job_beside_the_correction(newsroom: Newsroom) -> None:
    clip = newsroom.publish()
    accepted = newsroom.correct()
    follow_up(newsroom.parts)

    assert newsroom.save() == newsroom.clip_of(accepted.correction_id, clip).job_id


# --- what happens meanwhile ---


def test_an_article_that_is_edited_first_is_corrected_by_its_new_text(newsroom: Newsroom) -> None:
    clip = newsroom.publish()
    accepted = newsroom.correct()
    newsroom.save(text=f"{TEXT} More came.")
    newsroom.work()

    row = newsroom.clip_of(accepted.correction_id, clip)
    assert (row.state, row.to_revision, row.reason) == ("not_needed", 3, "The current revision already says it so.")
    assert newsroom.said(clip)[1] == "Emsworth was dark"


def test_a_text_that_was_prepared_before_the_correction_is_corrected_after_it(newsroom: Newsroom) -> None:
    clip = newsroom.publish()
    lease = newsroom.workers.begin(newsroom.save(text=f"{TEXT} More came."))
    accepted = newsroom.correct()
    follow_up(newsroom.parts)
    assert newsroom.correction(accepted.correction_id).state == "rendering"
    assert lease is not None
    newsroom.workers.finish(lease)
    newsroom.work()

    assert newsroom.said(clip) == ["First we met", "Emsworth was dark", "Last we left", "More came"]
    assert newsroom.clip_of(accepted.correction_id, clip).to_revision == 3


def test_an_entry_that_goes_before_its_correction_was_rendered_is_gone_from_the_clip(newsroom: Newsroom) -> None:
    clip = newsroom.publish()
    first = newsroom.correct()
    newsroom.correct(alias=None, entry_id=first.entry_id)  # the clip still says what it said before either
    newsroom.work()

    assert newsroom.said(clip)[1] == "Elmsworth was dark"


def test_a_first_rendering_that_was_under_way_is_corrected_after_it(newsroom: Newsroom) -> None:
    leases = [newsroom.workers.begin(newsroom.save(str(number), text)) for number, text in enumerate((TEXT, OTHER))]
    accepted = newsroom.correct()
    assert accepted.clips == 0
    for lease in leases:
        assert lease is not None
        newsroom.workers.finish(lease)
    newsroom.work()

    with newsroom.parts.database.reading() as session:
        rows = session.scalars(select(CorrectionClipRow)).all()
    # The other article doesn't contain the word: nothing is said of it.
    assert [row.state for row in rows] == ["done"]
    assert newsroom.said(rows[0].clip_id)[1] == "Emsworth was dark"
    row = newsroom.correction(accepted.correction_id)
    assert (row.state, row.clips, row.sentences) == ("done", 1, 1)


def test_a_correction_of_one_article_waits_for_no_job_of_another(newsroom: Newsroom) -> None:
    clip = newsroom.publish("1")
    lease = newsroom.workers.begin(newsroom.save("2"))
    accepted = newsroom.correct(place=Place.of("gazette", "1"))
    newsroom.work()

    assert lease is not None
    assert newsroom.said(clip)[1] == "Emsworth was dark"
    assert newsroom.correction(accepted.correction_id).state == "done"


def test_an_article_whose_edit_took_the_word_away_needs_nothing(newsroom: Newsroom) -> None:
    clip = newsroom.publish()
    accepted = newsroom.correct()
    newsroom.save(text=OTHER)
    newsroom.work()

    row = newsroom.clip_of(accepted.correction_id, clip)
    assert (row.state, row.to_revision) == ("not_needed", None)
    assert newsroom.correction(accepted.correction_id).state == "done"


def test_a_withdrawn_clip_is_left_alone(newsroom: Newsroom) -> None:
    clip = newsroom.publish()
    accepted = newsroom.correct()
    withdraw(newsroom.parts, "gazette", "1")
    newsroom.work()

    row = newsroom.clip_of(accepted.correction_id, clip)
    assert (row.state, row.reason) == ("not_needed", "The article was withdrawn.")
    assert newsroom.row(ClipRow, clip).state == "withdrawn"


def test_two_corrections_of_one_clip_follow_each_other(newsroom: Newsroom) -> None:
    clip = newsroom.publish()
    first, second = newsroom.correct(), newsroom.correct("met", "metre")
    jobs = newsroom.work()

    assert newsroom.said(clip) == ["First we metre", "Emsworth was dark", "Last we left"]
    assert [job.spoken for job in jobs] == [1, 1]
    assert {newsroom.correction(one.correction_id).state for one in (first, second)} == {"done"}


def test_two_corrections_of_one_sentence_cost_one_rendering(newsroom: Newsroom) -> None:
    clip = newsroom.publish()
    first = newsroom.correct()
    lease = newsroom.workers.begin(newsroom.clip_of(first.correction_id, clip).job_id or "")
    second, third = newsroom.correct("dark", "darker"), newsroom.correct("was", "wars")
    assert lease is not None
    newsroom.workers.finish(lease)
    newsroom.work()

    assert newsroom.said(clip)[1] == "Emsworth wars darker"
    states = [newsroom.clip_of(one.correction_id, clip).state for one in (first, second, third)]
    assert sorted(states) == ["done", "done", "not_needed"]


def test_a_revision_that_lacks_another_correction_does_not_answer_for_its_text(newsroom: Newsroom) -> None:
    text = "Elmsworth slept. It was dark."
    clip = newsroom.publish(text=text)
    lease = newsroom.workers.begin(newsroom.save(text=f"{text} So."))
    newsroom.correct()
    newsroom.correct("dark", "darker")
    assert lease is not None
    newsroom.workers.finish(lease)
    follow_up(newsroom.parts)
    [first] = newsroom.queued()
    assert newsroom.turn(first)
    withdraw(newsroom.parts, "gazette", "1")
    newsroom.work()
    newsroom.publish(text=f"{text} So.")

    assert newsroom.said(clip) == ["Emsworth slept", "It was darker", "So"]


def test_a_revision_that_lacks_a_plain_entry_does_not_answer_for_its_text(newsroom: Newsroom) -> None:
    clip = newsroom.publish()
    lexeme = Lexeme(graphemes=("met",), language="en", alias="metre")
    add(newsroom.parts.database, newsroom.parts.voices, SITE, lexeme, author="command line")
    newsroom.correct()
    newsroom.work()
    assert newsroom.said(clip) == ["First we met", "Emsworth was dark", "Last we left"]
    newsroom.publish()

    assert newsroom.said(clip) == ["First we metre", "Emsworth was dark", "Last we left"]


# --- the case ---


def test_the_reported_clip_is_first_and_its_listeners_get_the_revision(newsroom: Newsroom) -> None:
    clips = [newsroom.publish(str(number)) for number in range(3)]
    case = newsroom.case(clips[2])
    accepted = newsroom.correct(case_id=case, version=1)

    jobs = {clip: newsroom.clip_of(accepted.correction_id, clip).job_id for clip in clips}
    assert [bool(jobs[clip]) for clip in clips] == [False, False, True]
    assert newsroom.job(jobs[clips[2]] or "").queue == "breaking"
    newsroom.work()
    assert {newsroom.job(newsroom.clip_of(accepted.correction_id, clip).job_id or "").queue for clip in clips[:2]} == {
        "backfill"
    }
    assert newsroom.row(ReportRow, "R-0000-0001").corrected_revision == 2


def test_a_correction_that_hurries_makes_no_breaking_news(newsroom: Newsroom) -> None:
    case = newsroom.case(newsroom.publish())
    newsroom.correct(case_id=case, version=1)
    recount(newsroom.parts)
    assert not newsroom.row(CaseRow, case).breaking


def test_the_second_who_decides_is_told_and_changes_nothing(newsroom: Newsroom) -> None:
    clip = newsroom.publish()
    case = newsroom.case(clip)
    newsroom.correct(case_id=case, version=1)
    with pytest.raises(CaseChanged):
        newsroom.correct("dark", "darker", case_id=case, version=1)

    assert [row.graphemes for row in newsroom.entries()] == [["Elmsworth"]]


def test_a_case_is_open_until_every_clip_is_ready(newsroom: Newsroom) -> None:
    case = newsroom.case(newsroom.publish())
    accepted = newsroom.correct(case_id=case, version=1)
    assert newsroom.row(CaseRow, case).state == "confirmed"
    newsroom.work()

    row = newsroom.row(CaseRow, case)
    assert (row.state, row.correction_id) == ("corrected", accepted.correction_id)


def test_a_rendering_that_fails_half_way_leaves_the_case_open_and_names_the_clip(newsroom: Newsroom) -> None:
    good, bad = newsroom.publish("1"), newsroom.publish("2")
    case = newsroom.case(good)
    voice = newsroom.row(ClipRevisionRow, (bad, 1)).voice
    newsroom.change(ClipRevisionRow, (bad, 1), voice={**voice, "name": "gone"})
    accepted = newsroom.correct(case_id=case, version=1)
    newsroom.work()

    assert newsroom.correction(accepted.correction_id).state == "failed"
    assert newsroom.row(CaseRow, case).state == "confirmed"
    assert newsroom.clip_of(accepted.correction_id, good).state == "done"
    failed = newsroom.clip_of(accepted.correction_id, bad)
    assert failed.state == "failed"
    assert "no voice 'gone'" in failed.reason


def test_a_cancelled_job_is_a_failure_that_says_so(newsroom: Newsroom) -> None:
    clip = newsroom.publish()
    accepted = newsroom.correct()
    follow_up(newsroom.parts)
    cancel(newsroom.parts, newsroom.clip_of(accepted.correction_id, clip).job_id or "")
    newsroom.work()

    row = newsroom.clip_of(accepted.correction_id, clip)
    assert (row.state, row.reason) == ("failed", "Its job was cancelled.")


def test_a_clip_that_cannot_be_planned_fails_and_keeps_no_other_waiting(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = newsroom.publish("1"), newsroom.publish("2")
    plan = CorrectionPlanner.plan

    def planned(planner: CorrectionPlanner, clip_id: str) -> ClipPlan | None:
        return {sound: plan(planner, clip_id)}[clip_id]

    monkeypatch.setattr(CorrectionPlanner, "plan", planned)
    accepted = newsroom.correct()
    newsroom.work()

    assert newsroom.clip_of(accepted.correction_id, sound).state == "done"
    failed = newsroom.clip_of(accepted.correction_id, broken)
    assert (failed.state, failed.reason) == ("failed", "Internal error in this service: KeyError")


def test_a_clip_whose_job_cannot_be_settled_fails_and_keeps_no_other_waiting(newsroom: Newsroom) -> None:
    broken, sound = newsroom.publish("1"), newsroom.publish("2")
    accepted = newsroom.correct()
    for clip in (broken, sound):
        newsroom.turn(newsroom.clip_of(accepted.correction_id, clip).job_id or "")
    newsroom.change(JobRow, newsroom.clip_of(accepted.correction_id, broken).job_id, basis=["no basis"])
    newsroom.work()

    assert newsroom.clip_of(accepted.correction_id, sound).state == "done"
    failed = newsroom.clip_of(accepted.correction_id, broken)
    assert (failed.state, failed.reason) == ("failed", "Internal error in this service: AttributeError")


def test_a_job_that_was_erased_ends_no_correction(newsroom: Newsroom) -> None:
    job_ended(newsroom.parts, "job_0")


def _answered(newsroom: Newsroom, case: str) -> tuple[str, str, int | None]:
    """State of a case and of its first report, and the revision in which that is corrected."""
    report = newsroom.row(ReportRow, "R-0000-0001")
    return newsroom.row(CaseRow, case).state, report.state, report.corrected_revision


def test_a_correction_that_leaves_the_reported_sentence_alone_answers_nobody(newsroom: Newsroom) -> None:
    case = newsroom.case(newsroom.publish())
    accepted = newsroom.correct("met", "metre", case_id=case, version=1)
    newsroom.work()

    assert newsroom.correction(accepted.correction_id).state == "done"
    assert _answered(newsroom, case) == ("confirmed", "confirmed", None)


@pytest.mark.parametrize("gone", ["sentence", "article"])
def test_what_is_gone_before_the_correction_reaches_it_is_not_told_as_corrected(newsroom: Newsroom, gone: str) -> None:
    case = newsroom.case(newsroom.publish())
    newsroom.correct(case_id=case, version=1)
    newsroom.save(text=OTHER) if gone == "sentence" else withdraw(newsroom.parts, "gazette", "1")
    newsroom.work()
    newsroom.publish(text=f"{OTHER} More came.")

    report = newsroom.row(ReportRow, "R-0000-0001")
    assert (newsroom.row(CaseRow, case).state, report.state) == ("confirmed", "confirmed")
    with newsroom.parts.database.reading() as session:
        assert outcome_of(session, report) == ReportOutcome()


def test_a_reported_article_that_is_left_out_keeps_the_case_open(newsroom: Newsroom) -> None:
    reported, _ = newsroom.publish("1"), newsroom.publish("2")
    case = newsroom.case(reported)
    accepted = newsroom.correct(case_id=case, version=1, except_articles=(ArticleName("gazette", "1"),))
    newsroom.work()

    assert newsroom.correction(accepted.correction_id).state == "done"
    assert _answered(newsroom, case) == ("confirmed", "confirmed", None)


def test_only_the_reports_whose_clip_has_changed_are_corrected(newsroom: Newsroom) -> None:
    changed, left_out = newsroom.publish("1"), newsroom.publish("2")
    case = newsroom.case(changed)
    newsroom.report(case, left_out)
    newsroom.correct(case_id=case, version=1, except_articles=(ArticleName("gazette", "2"),))
    newsroom.work()

    reports = [newsroom.row(ReportRow, f"R-0000-000{number}") for number in (1, 2)]
    told = [(report.state, report.corrected_revision) for report in reports]
    assert told == [("corrected", 2), ("confirmed", None)]
    assert newsroom.row(CaseRow, case).state == "confirmed"


def test_a_later_report_of_an_article_that_was_left_out_opens_the_case_again(newsroom: Newsroom) -> None:
    corrected, left_out = newsroom.publish("1"), newsroom.publish("2")
    case = newsroom.case(corrected)
    newsroom.correct(case_id=case, version=1, except_articles=(ArticleName("gazette", "2"),))
    newsroom.work()
    assert newsroom.row(CaseRow, case).state == "corrected"
    newsroom.report(case, left_out)
    newsroom.change(ReportRow, "R-0000-0002", case_id=None, token=0, written="Elmsworth", language="en")

    assert gather(newsroom.parts, "R-0000-0002") == case
    report = newsroom.row(ReportRow, "R-0000-0002")
    assert (newsroom.row(CaseRow, case).state, report.state, report.corrected_revision) == ("new", "new", None)
