"""We listen first: which sentences are heard, when, what becomes a case, and what is published."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from tests.corrections.desk_bench import Newsroom
from tests.corrections.reporting import all_cases, gathered
from tts_service.corrections.cases.decisions import reject
from tts_service.corrections.cases.page import case_page
from tts_service.corrections.cases.queue import queued
from tts_service.corrections.hearing import turn
from tts_service.corrections.hearing.queues import HEAR_FIRST, HEAR_IDLE, ring_when_idle
from tts_service.corrections.hearing.turn import hear_sentences
from tts_service.db.tables import CaseRow, ClipRow, HeardSentenceRow, HearingRow, ReportRow, UtteranceRow
from tts_service.errors import EarsUnavailable
from tts_service.jobs import hearing_plan
from tts_service.newsroom.sites import set_options
from tts_service.parts import Parts
from tts_service.queue.claim import claim_row
from tts_service.queue.turns import WorkQueue
from tts_service.retention.erasure import erase_article
from tts_service.values import Segment

TEXT = "The ferry leaves at noon.\n\nNobody was hurt.\n\nThe pier is closed."
SITE = "gazette"
ODD = {"Nobody was hurt": "Nobody hurt two birds."}


@dataclass
class Ears:
    """Stands in for the recogniser: hears each sentence as it is to be said, but for `odd` ones."""

    parts: Parts
    odd: dict[str, str] = field(default_factory=dict)
    broken: bool = False
    asked: list[str] = field(default_factory=list)

    def hear(self, segment: Segment, language: str) -> str | None:
        if self.broken:
            raise EarsUnavailable("The recogniser is missing.")
        row = UtteranceRow
        with self.parts.database.reading() as session:
            said = session.scalars(select(row).where(row.segment_key == segment.key).limit(1)).one()
        text = " ".join(word for token in said.tokens for word in token["spoken"])
        self.asked.append(text)
        return self.odd.get(text, text)


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hearing_plan, "missing", lambda: "")
    monkeypatch.setattr("tts_service.ears.judging._end_db", lambda segment: -90.0)  # beeps end abruptly


def listen(parts: Parts, ears: Ears, queue: WorkQueue[HearingRow] = HEAR_IDLE, **more: Any) -> int:
    """A worker's turn at the next revision."""
    claimed = claim_row(parts, queue)
    assert claimed is not None
    return hear_sentences(parts, ears, claimed, **more)


def _die(*_: Any, **__: Any) -> None:
    raise ZeroDivisionError


def count(parts: Parts, table: Any) -> int:
    with parts.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_sentence_that_sounds_wrong_is_a_case_of_its_own_with_what_was_heard(
    parts: Parts, newsroom: Newsroom
) -> None:
    clip = newsroom.publish(text=TEXT)
    assert listen(parts, Ears(parts, ODD)) == 3
    [case] = all_cases(parts)
    assert (case.category, case.kind, case.sentence) == ("heard", "sentence", "Nobody was hurt.")
    assert (case.state, case.reports, case.articles) == ("new", 0, 0)
    assert count(parts, ReportRow) == 0
    with parts.database.reading() as session:
        shown = queued(session, case.id)
        page = case_page(session, case.id)
    assert shown is not None
    assert shown.heard is not None
    assert (shown.heard_text, shown.heard.clip_id) == ("Nobody hurt two birds.", clip)
    assert [word.written for word in page.said] == ["Nobody", "was", "hurt"]
    assert page.heard is not None
    assert page.heard.at_ms == newsroom.lines(clip)[1].start_sample * 1000 // 22050


def test_sentences_that_sound_as_usual_leave_no_words_behind(parts: Parts, newsroom: Newsroom) -> None:
    newsroom.publish(text=TEXT)
    listen(parts, Ears(parts))
    assert all_cases(parts) == []
    with parts.database.reading() as session:
        assert {row.text for row in session.scalars(select(HeardSentenceRow))} == {""}


def test_only_new_sentences_are_heard(parts: Parts, newsroom: Newsroom) -> None:
    newsroom.publish(text=TEXT)
    listen(parts, Ears(parts))
    newsroom.publish(text=f"{TEXT}\n\nA new one.")
    ears = Ears(parts)
    assert listen(parts, ears) == 1
    assert ears.asked == ["A new one"]


def test_a_limit_is_learned_for_each_voice(parts: Parts, newsroom: Newsroom) -> None:
    """A voice that is often misunderstood by a word has such sentences as usual ones."""
    newsroom.publish(text=TEXT)
    with parts.database.writing() as session:
        for number in range(60):
            place = {"clip_id": session.scalars(select(ClipRow.id)).one(), "revision": 1, "position": 0}
            usual = {"voice": "tone:beep", "language": "en", "score": float(number % 4), "heard_ms": number}
            session.add(HeardSentenceRow(site="other", segment_key=f"k{number}", **place, **usual))
    listen(parts, Ears(parts, ODD))
    assert all_cases(parts) == []


def test_a_listeners_report_joins_the_case_and_counts_alone(parts: Parts, newsroom: Newsroom) -> None:
    clip = newsroom.publish(text=TEXT)
    listen(parts, Ears(parts, ODD))
    [case] = all_cases(parts)
    at_ms = newsroom.lines(clip)[1].start_sample * 1000 // 22050 + 10
    joined = gathered(parts, clip=clip, category="sound", position_ms=at_ms)
    assert (joined.id, joined.reports, joined.articles, joined.category) == (case.id, 1, 1, "sound")


def test_what_staff_rejected_stays_rejected(parts: Parts, newsroom: Newsroom) -> None:
    newsroom.publish(text=TEXT)
    listen(parts, Ears(parts, ODD))
    [case] = all_cases(parts)
    reject(parts, case.id, version=case.version, who="staff:1", reason="It is fine.")
    newsroom.publish(external_id="2", text=f"First.\n\n{TEXT}")
    with parts.database.writing() as session:  # as if the sound were another one
        for row in session.scalars(select(HeardSentenceRow)):
            session.delete(row)
    listen(parts, Ears(parts, ODD))
    assert [one.state for one in all_cases(parts)] == ["rejected"]


def test_in_idle_time_the_turn_ends_as_soon_as_an_article_waits(parts: Parts, newsroom: Newsroom) -> None:
    newsroom.publish(text=TEXT)
    newsroom.save(external_id="2", text="Another article waits.")
    assert ring_when_idle(parts) == 0
    assert listen(parts, Ears(parts)) == 1
    newsroom.work()
    assert listen(parts, Ears(parts)) == 2


def test_it_is_rung_for_while_nothing_waits(parts: Parts, newsroom: Newsroom) -> None:
    newsroom.publish(text=TEXT)
    assert ring_when_idle(parts) == 1


def test_a_turn_that_is_over_goes_on_where_it_was(parts: Parts, newsroom: Newsroom) -> None:
    newsroom.publish(text=TEXT)
    ears, seconds = Ears(parts), iter(range(0, 1000, 20))
    assert [listen(parts, ears, clock=lambda: float(next(seconds))) for _ in range(3)] == [1, 1, 1]
    assert len(set(ears.asked)) == 3
    assert claim_row(parts, HEAR_IDLE) is None


def test_a_site_that_wants_nothing_heard_has_nothing_heard(parts: Parts, newsroom: Newsroom) -> None:
    set_options(parts.database, SITE, {"hearing": "off"})
    newsroom.publish(text=TEXT)
    assert count(parts, HearingRow) == 0


class TestBeforePublishing:
    @pytest.fixture(autouse=True)
    def _option(self, parts: Parts) -> None:
        set_options(parts.database, SITE, {"hearing": "before_publishing"})

    def test_a_clip_is_published_once_it_was_heard(self, parts: Parts, newsroom: Newsroom) -> None:
        clip = newsroom.publish(text=TEXT)
        assert (newsroom.current(clip), newsroom.row(ClipRow, clip).state) == (None, "held")
        listen(parts, Ears(parts), HEAR_FIRST)
        assert (newsroom.current(clip), newsroom.row(ClipRow, clip).state) == (1, "ready")

    def test_a_clip_that_sounds_wrong_waits_for_staff(self, parts: Parts, newsroom: Newsroom) -> None:
        clip = newsroom.publish(text=TEXT)
        listen(parts, Ears(parts, ODD), HEAR_FIRST)
        assert (newsroom.current(clip), len(all_cases(parts))) == (None, 1)

    def test_a_sentence_that_sounds_wrong_holds_the_next_version_too(self, parts: Parts, newsroom: Newsroom) -> None:
        newsroom.publish(text=TEXT)
        listen(parts, Ears(parts, ODD), HEAR_FIRST)
        clip = newsroom.publish(text=f"{TEXT}\n\nA new one.")
        assert listen(parts, Ears(parts, ODD), HEAR_FIRST) == 1
        assert newsroom.current(clip) is None

    def test_a_sound_that_another_worker_hears_at_the_same_moment_counts_for_both(
        self, parts: Parts, newsroom: Newsroom
    ) -> None:
        first, second = newsroom.publish(text=TEXT), newsroom.publish(external_id="2", text=TEXT)

        class WhileAnother(Ears):
            def hear(self, segment: Segment, language: str) -> str | None:
                if count(parts, HeardSentenceRow) == 1:  # at the sentence that sounds wrong
                    listen(parts, Ears(parts, ODD), HEAR_FIRST)
                return super().hear(segment, language)

        listen(parts, WhileAnother(parts, ODD), HEAR_FIRST)
        assert (newsroom.current(first), newsroom.current(second)) == (None, None)

    def test_two_workers_that_keep_the_same_sound_at_once_both_go_on(
        self, parts: Parts, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        clip = newsroom.publish(text=TEXT)
        refusals = iter([IntegrityError("", {}, Exception())])
        keep = turn._keep

        def refused_once(*given: Any, **more: Any) -> None:
            keep(*given, **more)
            for refusal in refusals:
                raise refusal

        monkeypatch.setattr(turn, "_keep", refused_once)
        assert listen(parts, Ears(parts), HEAR_FIRST) == 3
        assert newsroom.current(clip) == 1

    def test_a_sentence_whose_case_was_rejected_holds_nothing_any_more(self, parts: Parts, newsroom: Newsroom) -> None:
        newsroom.publish(text=TEXT)
        listen(parts, Ears(parts, ODD), HEAR_FIRST)
        [case] = all_cases(parts)
        reject(parts, case.id, version=case.version, who="staff:1", reason="It is fine.")
        clip = newsroom.publish(text=f"{TEXT}\n\nA new one.")
        listen(parts, Ears(parts, ODD), HEAR_FIRST)
        assert newsroom.current(clip) == 2

    def test_a_worker_that_dies_before_it_publishes_leaves_that_to_the_next(
        self, parts: Parts, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        clip = newsroom.publish(text=TEXT)
        with monkeypatch.context() as patch:
            patch.setattr("tts_service.corrections.hearing.turn.release_held", _die)
            with pytest.raises(ZeroDivisionError):
                listen(parts, Ears(parts), HEAR_FIRST)
        newsroom.change(HearingRow, (clip, 1), lease_until_ms=0)
        assert listen(parts, Ears(parts), HEAR_FIRST) == 0
        assert newsroom.current(clip) == 1

    def test_an_article_that_waits_does_not_end_the_turn(self, parts: Parts, newsroom: Newsroom) -> None:
        newsroom.publish(text=TEXT)
        newsroom.save(external_id="2", text="Another article waits.")
        assert listen(parts, Ears(parts), HEAR_FIRST) == 3

    def test_a_broken_recogniser_is_tried_again_and_then_the_clip_is_published(
        self, parts: Parts, newsroom: Newsroom
    ) -> None:
        clip, ears = newsroom.publish(text=TEXT), Ears(parts, broken=True)
        for turns in range(1, 4):
            newsroom.change(HearingRow, (clip, 1), due_ms=0)
            assert newsroom.current(clip) is None
            listen(parts, ears, HEAR_FIRST)
            assert newsroom.row(HearingRow, (clip, 1)).tries == min(turns, 2)
        assert newsroom.current(clip) == 1

    def test_where_no_recogniser_is_installed_clips_are_published(
        self, parts: Parts, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setattr(hearing_plan, "missing", lambda: "ctranslate2 not installed")
        clip = newsroom.publish(text=TEXT)
        assert newsroom.current(clip) == 1
        assert "published unheard: ctranslate2 not installed" in caplog.text

    def test_a_site_that_also_holds_for_staff_waits_for_them(self, parts: Parts, newsroom: Newsroom) -> None:
        set_options(parts.database, SITE, {"hearing": "before_publishing", "hold": True})
        clip = newsroom.publish(text=TEXT)
        listen(parts, Ears(parts), HEAR_FIRST)
        assert newsroom.current(clip) is None


def test_an_erased_article_leaves_nothing_of_what_was_heard(parts: Parts, newsroom: Newsroom) -> None:
    newsroom.publish(text=TEXT)
    listen(parts, Ears(parts, ODD))
    erase_article(parts, SITE, "1", "staff:1")
    assert [count(parts, table) for table in (CaseRow, HeardSentenceRow, HearingRow)] == [0, 0, 0]
