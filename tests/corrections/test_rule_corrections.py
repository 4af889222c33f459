"""A rule for recurring blocks as a correction: carried out clip by clip, taken back whole or for one article."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from tests.corrections.desk_bench import Newsroom
from tts_service.access.audit import deeds
from tts_service.corrections.accept_rule import accept_rule, accept_rule_gone
from tts_service.corrections.follow_up import NEWER_TEXT, SAYS_SO, follow_up
from tts_service.corrections.impact.whole_text import NOTHING_LEFT
from tts_service.corrections.release import release_held
from tts_service.corrections.taking_back import retry, take_back, take_back_clip
from tts_service.db.tables import ArticleRepairRow, ClipRevisionRow, CorrectionClipRow, CorrectionRow, JobRow
from tts_service.errors import Conflict
from tts_service.newsroom.sites import policy_for, set_options, set_policy
from tts_service.retention.erasure import erase_article
from tts_service.values.speech_policy import BlockRule, Treatment

WHO = "staff:1"
BOX = "Support our journalism: subscribe today."
BOXED = BlockRule(text=BOX)
TEXT = f"The story.\n\n{BOX}\n\nThe end of it."


def accept(newsroom: Newsroom, rule: BlockRule = BOXED, **values: Any) -> str:
    return accept_rule(newsroom.parts, "gazette", rule, **{"why": "An advertisement", "who": WHO} | values).correction_id


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
    said = "Support our journalism subscribe today"
    ((change,),) = {tuple(one.changes) for one in ()} or [clips_of(newsroom, correction)[0].changes]
    assert (change["block"], change["before"].replace(":", "").strip("."), change["after"]) == (1, said, "")
    assert newsroom.row(ClipRevisionRow, (clips[0], 2)).correction_id == correction
    assert [one.what for one in deeds(newsroom.parts.database)][0] == "site.rule-added"
