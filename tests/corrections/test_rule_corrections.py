"""A rule for recurring blocks as a correction: carried out clip by clip, taken back whole or for one article."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from tests.corrections.desk_bench import Newsroom
from tests.parts.staff import signed
from tts_service.access.audit import deeds
from tts_service.access.keys import create_key
from tts_service.corrections import affected
from tts_service.corrections.accept_rule import accept_rule, accept_rule_gone
from tts_service.corrections.follow_up import GONE, follow_up
from tts_service.corrections.impact import planning
from tts_service.corrections.impact.block_rules import RuleEdit, RuleHit
from tts_service.corrections.impact.block_rules import rule_hits as impact_rule_hits
from tts_service.corrections.impact.clip_plan import ClipPlan
from tts_service.corrections.impact.whole_text import NOTHING_LEFT
from tts_service.corrections.public_log import public_corrections
from tts_service.corrections.release import release_held
from tts_service.corrections.taking_back import retry, take_back, take_back_clip
from tts_service.db.tables import ArticleRepairRow, ClipRevisionRow, CorrectionClipRow
from tts_service.errors import Conflict
from tts_service.jobs.control import cancel
from tts_service.newsroom.lexicon_place import ArticleName
from tts_service.newsroom.policies import policy_for, set_policy
from tts_service.newsroom.sites import set_options
from tts_service.parts import Parts
from tts_service.retention.erasure import erase_article
from tts_service.values import SourceFormat
from tts_service.values.speech_policy import BlockRule, Treatment

WHO = "staff:1"
BOX = "Our kitchen this week: soup for cold days."
BOXED = BlockRule(text=BOX)
TEXT = f"The story.\n\n{BOX}\n\nThe end of it."


def accept(newsroom: Newsroom, rule: BlockRule = BOXED) -> str:
    return accept_rule(newsroom.parts, "gazette", rule, why="An advertisement", who=WHO).correction_id


def remove(newsroom: Newsroom, rule: BlockRule = BOXED) -> str:
    return accept_rule_gone(newsroom.parts, "gazette", rule, who=WHO).correction_id


def rules(newsroom: Newsroom) -> tuple[BlockRule, ...]:
    return policy_for(newsroom.parts.database, newsroom.parts.settings, "gazette").rules


def reads_box(newsroom: Newsroom, *articles: str) -> list[bool]:
    return [BOX in newsroom.blocks(article, spoken=True) for article in articles]


def clips_of(newsroom: Newsroom, correction: str) -> list[CorrectionClipRow]:
    with newsroom.parts.database.reading() as session:
        mine = select(CorrectionClipRow).where(CorrectionClipRow.correction_id == correction)
        return list(session.scalars(mine.order_by(CorrectionClipRow.clip_id)))


def test_it_waits_as_a_correction_and_is_carried_out_behind_new_articles(newsroom: Newsroom) -> None:
    clips = [newsroom.publish("1", TEXT), newsroom.publish("2", TEXT)]
    newsroom.publish("3", "Another story.")
    correction = accept(newsroom)

    assert newsroom.queued() == []
    row = newsroom.correction(correction)
    assert (row.kind, row.state, row.clips, row.sentences) == ("block", "rendering", 2, 2)
    assert (row.before, row.after) == (
        None,
        {"text": BOX, "begins": False, "kind": None, "treatment": "skipped", "position": 0},
    )
    waiting = clips_of(newsroom, correction)
    assert [(one.clip_id, one.state, one.changes[0]["text"]) for one in waiting] == [
        (clip, "waiting", BOX) for clip in clips
    ]
    jobs = newsroom.work()
    assert [(job.queue, job.spoken) for job in jobs] == [("backfill", 0)] * 2
    assert reads_box(newsroom, "1", "2") == [False, False]
    assert newsroom.correction(correction).state == "done"
    (change,) = clips_of(newsroom, correction)[0].changes
    assert (change["block"], change["before"], change["after"]) == (1, BOX, "")
    assert newsroom.row(ClipRevisionRow, (clips[0], 2)).correction_id == correction
    assert next(iter(deeds(newsroom.parts.database))).what == "site.rule-added"


def test_taken_back_everything_is_read_as_before_and_nothing_is_spoken(newsroom: Newsroom) -> None:
    clip = newsroom.publish("1", TEXT)
    correction = accept(newsroom)
    newsroom.work()
    since = newsroom.publish("2", TEXT)
    assert reads_box(newsroom, "1", "2") == [False, False]
    take_back(newsroom.parts, correction, WHO)
    jobs = newsroom.work()

    assert rules(newsroom) == ()
    assert reads_box(newsroom, "1", "2") == [True, True]
    assert newsroom.keys(clip) == newsroom.keys(clip, 1)
    assert [job.spoken for job in jobs] == [0, 0]
    assert newsroom.correction(correction).state == "taken_back"
    assert {one.state for one in clips_of(newsroom, correction)} == {"taken_back"}
    assert newsroom.clip_of(correction, since).changes[0]["text"] == BOX
    with pytest.raises(Conflict, match="already"):
        take_back(newsroom.parts, correction, WHO)


def test_a_removed_rule_is_a_correction_and_comes_back_where_it_was(newsroom: Newsroom) -> None:
    newsroom.publish("1", TEXT)
    accept(newsroom)
    last = BlockRule(text="support", begins=True, treatment=Treatment.SPOKEN)
    accept(newsroom, last)
    newsroom.work()
    correction = remove(newsroom)
    newsroom.work()
    assert (reads_box(newsroom, "1"), rules(newsroom)) == ([True], (last,))
    row = newsroom.clip_of(correction, clips_of(newsroom, correction)[0].clip_id)
    assert (row.state, row.changes[0]["before"], row.changes[0]["after"]) == ("done", "", BOX)
    take_back(newsroom.parts, correction, WHO)
    newsroom.work()
    assert (reads_box(newsroom, "1"), rules(newsroom)) == ([False], (BOXED, last))


def test_a_removed_rule_leaves_what_is_skipped_for_another_reason(newsroom: Newsroom) -> None:
    caption = f"<p>The story.</p><figure><img src='x.jpg'><figcaption>{BOX}</figcaption></figure><p>End.</p>"
    newsroom.publish("1", caption, source_format=SourceFormat.HTML)
    accept(newsroom)
    correction = remove(newsroom)
    newsroom.work()
    assert reads_box(newsroom, "1") == [False]
    assert {one.state for one in clips_of(newsroom, correction)} <= {"not_needed"}
    assert newsroom.correction(correction).state == "done"


@pytest.mark.parametrize("removed", [False, True])
def test_one_article_is_left_out_also_when_it_is_edited(newsroom: Newsroom, removed: bool) -> None:
    one = newsroom.publish("1", TEXT)
    newsroom.publish("2", TEXT)
    correction = accept(newsroom)
    newsroom.work()
    if removed:
        correction = remove(newsroom)
        newsroom.work()
    take_back_clip(newsroom.parts, correction, one, WHO)
    jobs = newsroom.work()
    assert reads_box(newsroom, "1", "2") == [not removed, removed]
    assert [job.spoken for job in jobs] == [0]
    newsroom.publish("1", f"{TEXT} More of it.")
    assert reads_box(newsroom, "1", "2") == [not removed, removed]
    states = newsroom.correction(correction).state, newsroom.clip_of(correction, one).state
    assert states == ("done", "taken_back")
    with pytest.raises(Conflict, match="already"):
        take_back_clip(newsroom.parts, correction, one, WHO)
    take_back(newsroom.parts, correction, WHO)
    newsroom.work()
    assert reads_box(newsroom, "1", "2") == [not removed, not removed]


def test_a_rule_that_is_added_again_holds_for_every_article(newsroom: Newsroom) -> None:
    clip = newsroom.publish("1", TEXT)
    first = accept(newsroom)
    newsroom.work()
    take_back_clip(newsroom.parts, first, clip, WHO)
    newsroom.work()
    remove(newsroom)
    second = accept(newsroom)
    newsroom.work()
    assert (reads_box(newsroom, "1"), newsroom.correction(second).clips) == ([False], 1)
    remove(newsroom)
    newsroom.work()
    assert reads_box(newsroom, "1") == [True]


def test_a_rule_that_changed_since_is_taken_back_by_its_last_correction(newsroom: Newsroom) -> None:
    first = accept(newsroom)
    second = remove(newsroom)
    with pytest.raises(Conflict, match=second):
        take_back(newsroom.parts, first, WHO)
    third = accept(newsroom)
    with pytest.raises(Conflict, match=third):
        take_back(newsroom.parts, first, WHO)
    set_policy(newsroom.parts.database, newsroom.parts.voices, "gazette", {})
    with pytest.raises(Conflict, match="rules of the site"):
        take_back(newsroom.parts, third, WHO)
    assert {newsroom.correction(one).state for one in (first, second, third)} == {"done"}


def test_an_article_that_is_being_edited_follows_and_one_that_lost_the_block_says_so(newsroom: Newsroom) -> None:
    kept, lost = newsroom.publish("1", TEXT), newsroom.publish("2", TEXT)
    leases = [
        newsroom.workers.begin(newsroom.save("1", f"{TEXT} More.")),
        newsroom.workers.begin(newsroom.save("2", "Quite another text.")),
    ]
    correction = accept(newsroom)
    follow_up(newsroom.parts)
    for lease in leases:
        assert lease is not None
        newsroom.workers.finish(lease)
    assert reads_box(newsroom, "1") == [True]
    newsroom.work()
    assert reads_box(newsroom, "1") == [False]
    assert newsroom.clip_of(correction, kept).state == "done"
    assert (newsroom.clip_of(correction, lost).state, newsroom.clip_of(correction, lost).reason) == ("not_needed", GONE)
    assert newsroom.correction(correction).state == "done"


def test_a_first_rendering_that_was_under_way_is_corrected_after_it(newsroom: Newsroom) -> None:
    lease = newsroom.workers.begin(newsroom.save("1", TEXT))
    other = newsroom.workers.begin(newsroom.save("2", "Without the box."))
    correction = accept(newsroom)
    for one in (lease, other):
        assert one is not None
        newsroom.workers.finish(one)
    newsroom.work()
    assert reads_box(newsroom, "1") == [False]
    row = newsroom.correction(correction)
    assert (row.state, row.clips, len(clips_of(newsroom, correction))) == ("done", 1, 1)


def test_a_rendering_that_fails_half_way_names_the_clip_and_is_tried_again(newsroom: Newsroom) -> None:
    clips = [newsroom.publish("1", TEXT), newsroom.publish("2", TEXT)]
    correction = accept(newsroom)
    follow_up(newsroom.parts)
    first, second = newsroom.queued()
    newsroom.turn(first)
    cancel(newsroom.parts, second)
    follow_up(newsroom.parts)
    assert newsroom.correction(correction).state == "failed"
    assert [one.state for one in clips_of(newsroom, correction)] == ["done", "failed"]
    retry(newsroom.parts, correction, WHO)
    newsroom.work()
    assert reads_box(newsroom, "1", "2") == [False, False]
    assert [newsroom.clip_of(correction, clip).state for clip in clips] == ["done", "done"]


def test_an_article_of_which_nothing_would_be_left_fails_with_the_reason_and_stays(newsroom: Newsroom) -> None:
    clip = newsroom.publish("1", BOX)
    newsroom.publish("2", TEXT)
    correction = accept(newsroom)
    newsroom.work()
    assert reads_box(newsroom, "1", "2") == [True, False]
    assert newsroom.correction(correction).state == "failed"
    row = newsroom.clip_of(correction, clip)
    assert (row.state, row.reason) == ("failed", NOTHING_LEFT)
    take_back(newsroom.parts, correction, WHO)
    newsroom.work()
    assert newsroom.correction(correction).state == "taken_back"
    assert reads_box(newsroom, "1", "2") == [True, True]


def test_taken_back_while_it_is_carried_out_every_clip_reads_it_in_the_end(newsroom: Newsroom) -> None:
    for article in ("1", "2", "3"):
        newsroom.publish(article, TEXT)
    correction = accept(newsroom)
    follow_up(newsroom.parts)
    first, second, _ = newsroom.queued()
    newsroom.turn(first)
    lease = newsroom.workers.begin(second)
    take_back(newsroom.parts, correction, WHO)
    assert lease is not None
    newsroom.workers.finish(lease)
    newsroom.work()
    assert reads_box(newsroom, "1", "2", "3") == [True] * 3
    assert newsroom.correction(correction).state == "taken_back"


def test_two_rules_at_once_are_both_kept_and_carried_out(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second is accepted while the first one's clips are looked for: they are looked for once more."""
    newsroom.publish("1", TEXT)
    other = BlockRule(text="The end", begins=True)
    looked: list[int] = []

    def rule_hits(parts: Parts, edit: RuleEdit) -> list[RuleHit]:
        looked.append(len(looked))
        if looked == [0]:
            accept(newsroom, other)
        return list(impact_rule_hits(parts, edit))

    monkeypatch.setattr(affected, "rule_hits", rule_hits)
    first = accept(newsroom)
    newsroom.work()
    assert rules(newsroom) == (other, BOXED)
    assert looked == [0, 1, 2]
    assert newsroom.blocks("1", spoken=True) == ["The story."]
    assert newsroom.correction(first).after["position"] == 1


@pytest.mark.parametrize("began_before", [False, True])
def test_a_clip_that_is_published_while_the_others_are_looked_for_follows_the_rule(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, began_before: bool
) -> None:
    """Also if its time of publication was set before the search, and committed when the search had begun."""
    newsroom.publish("1", TEXT)
    late = newsroom.save("2", TEXT)
    lease = newsroom.workers.begin(late) if began_before else None

    def rule_hits(parts: Parts, edit: RuleEdit) -> list[RuleHit]:
        found = list(impact_rule_hits(parts, edit))
        if lease is None:
            newsroom.workers.render(late)
        else:
            newsroom.workers.finish(lease)
            newsroom.change(ClipRevisionRow, (newsroom.job(late).clip_id, 1), ready_ms=1)
        return found

    monkeypatch.setattr(affected, "rule_hits", rule_hits)
    correction = accept(newsroom)
    newsroom.work()
    assert reads_box(newsroom, "1", "2") == [False, False]
    assert newsroom.correction(correction).state == "done"


def test_a_rule_that_fits_nothing_is_done_at_once_and_nobody_is_told(newsroom: Newsroom) -> None:
    newsroom.publish("1", TEXT)
    correction = accept(newsroom, BlockRule(text="Read this too"))
    row = newsroom.correction(correction)
    assert (row.state, row.clips, clips_of(newsroom, correction)) == ("done", 0, [])
    with newsroom.parts.database.reading() as session:
        assert public_corrections(session, "gazette") == ()


def test_an_erased_article_takes_its_clip_along_and_the_correction_goes_on(newsroom: Newsroom) -> None:
    clip = newsroom.publish("1", TEXT)
    newsroom.publish("2", TEXT)
    correction = accept(newsroom)
    newsroom.work()
    take_back_clip(newsroom.parts, correction, clip, WHO)
    follow_up(newsroom.parts)
    erase_article(newsroom.parts, "gazette", "1", WHO)
    newsroom.work()
    assert [one.state for one in clips_of(newsroom, correction)] == ["done"]
    assert (reads_box(newsroom, "2"), newsroom.correction(correction).state) == ([False], "done")
    with newsroom.parts.database.reading() as session:
        assert session.scalars(select(ArticleRepairRow)).all() == []
    take_back(newsroom.parts, correction, WHO)
    newsroom.work()
    assert reads_box(newsroom, "2") == [True]


def test_an_article_that_is_erased_between_two_steps_keeps_no_other_waiting(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.publish("1", TEXT)
    newsroom.publish("2", TEXT)
    correction = accept(newsroom)
    plan = planning.plan_rule

    def erased_first(parts: Parts, clip_id: str, name: ArticleName, rule: BlockRule) -> ClipPlan:
        if name.external_id == "1":
            erase_article(parts, "gazette", "1", WHO)
        return plan(parts, clip_id, name, rule)

    monkeypatch.setattr(planning, "plan_rule", erased_first)
    newsroom.work()
    assert (reads_box(newsroom, "2"), newsroom.correction(correction).state) == ([False], "done")


def test_a_held_version_follows_the_rule_as_soon_as_it_is_released(newsroom: Newsroom) -> None:
    set_options(newsroom.parts.database, "gazette", {"hold": True})
    clip = newsroom.publish("1", TEXT)
    correction = accept(newsroom)
    release_held(newsroom.parts, clip, who=WHO)
    assert reads_box(newsroom, "1") == [True]
    newsroom.work()
    assert (reads_box(newsroom, "1"), newsroom.correction(correction).state) == ([False], "done")


def test_a_clip_that_lost_an_entry_meanwhile_keeps_its_other_sentences(newsroom: Newsroom) -> None:
    """Only what the rule is about is its business: a clip that reads its blocks as the rule says isn't touched."""
    newsroom.publish("1", TEXT)
    accept(newsroom)
    newsroom.work()
    again = accept(newsroom, BlockRule(text="support", begins=True))
    newsroom.work()
    assert (newsroom.correction(again).clips, newsroom.correction(again).state) == (0, "done")


def test_the_public_and_the_desk_are_told_what_is_not_read_any_more(newsroom: Newsroom, client: TestClient) -> None:
    clip = newsroom.publish("1", TEXT)
    correction = accept(newsroom)
    newsroom.work()
    admin = signed(newsroom.parts)

    def read(path: str) -> str:
        shown = client.get(path, headers={**admin.headers, "Accept": "text/html"})
        assert shown.status_code == 200
        return shown.text

    nothing = "nothing: this part isn’t read"
    for page in (read("/corrections/gazette"), read(f"/about/{clip}"), read("/feeds/gazette/corrections.rss")):
        assert "An advertisement" in page
        assert BOX in page
        assert nothing in page
    assert "Which parts of a page are read" in read("/corrections/gazette")
    shown = read(f"/staff/corrections/{correction}")
    assert f"Not read: “{BOX}”" in shown
    assert 'value="take-back"' in shown
    assert f'name="clip" value="{clip}"' in shown
    assert f"Not read: “{BOX}”" in read("/staff/corrections")
    back = client.post(
        f"/staff/corrections/{correction}",
        data={"form_token": admin.token, "do": "take-back", "clip": clip},
        headers=admin.headers,
        follow_redirects=False,
    )
    assert back.status_code == 303
    newsroom.work()
    assert reads_box(newsroom, "1") == [True]
    take_back(newsroom.parts, correction, WHO)
    assert "taken back" in read("/staff/corrections").lower()


def test_the_api_says_that_a_rule_was_corrected_and_takes_it_back(newsroom: Newsroom, client: TestClient) -> None:
    clip = newsroom.publish("1", TEXT)
    correction = accept(newsroom)
    newsroom.work()
    key = {"Authorization": "Bearer " + create_key(newsroom.parts.database, "k", scopes=("lexicon",))}
    listed = client.get("/v1/corrections", headers=key).json()["corrections"]
    assert [(one["id"], one["kind"], one["after"]["text"]) for one in listed] == [(correction, "block", BOX)]
    shown = client.get(f"/v1/corrections/{correction}", headers=key).json()
    assert shown["by_state"] == {"done": 1}
    assert [change["text"] for change in shown["affected"][0]["changes"]] == [BOX]
    back = client.post(f"/v1/corrections/{correction}/clips/{clip}/take-back", headers=key)
    assert back.status_code == 200
    assert client.post(f"/v1/corrections/{correction}/take-back", headers=key).json()["state"] == "rendering"
    newsroom.work()
    assert reads_box(newsroom, "1") == [True]
