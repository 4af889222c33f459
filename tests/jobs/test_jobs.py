"""A job's life, on real SQLite: submit, claim, lease, fence, dispatch, sweep."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.parts.factories import Doorbell, make_article
from tests.parts.service import until
from tests.parts.statements import loaded
from tests.parts.web_rows import ready_clip
from tts_service.db.session import note_clock
from tts_service.db.tables import ClipRow, JobRow
from tts_service.errors import (
    Conflict,
    DatabaseUnavailable,
    EmptyArticle,
    FormatNotKnown,
    LeaseLost,
    StoreUnavailable,
    TooLarge,
    VoiceNotFound,
)
from tts_service.jobs import owner
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.control import cancel, withdraw
from tts_service.jobs.dispatch import dispatch, sweep
from tts_service.jobs.lease import LOST_ATTEMPTS, claim, kept, release, write
from tts_service.jobs.outcome import settle_job
from tts_service.jobs.owner import is_dead, this_owner
from tts_service.jobs.submit import submit
from tts_service.jobs.turns import claim_next
from tts_service.parts import Parts
from tts_service.values import SourceFormat

TONE = Wish(voice="tone:beep")
RING = "normal"


def job(parts: Parts, job_id: str) -> JobRow:
    with parts.database.reading() as session:
        return session.scalars(select(JobRow).where(JobRow.id == job_id)).one()


def change(parts: Parts, job_id: str, **values: Any) -> None:
    with parts.database.writing() as session:
        session.execute(update(JobRow).where(JobRow.id == job_id).values(**values))


def test_an_article_nobody_knew_takes_few_statements(parts: Parts) -> None:
    submit(parts, make_article(), TONE)
    with loaded(parts.database.engine) as seen:
        submit(parts, make_article(external_id="another"), TONE)

    assert len(seen.sent) <= 6, "\n".join(seen.sent)
    assert len([one for one in seen.sent if "sites.options" in one]) == 1


def test_a_clock_that_was_read_along_counts_once(parts: Parts) -> None:
    with parts.database.reading() as session:
        note_clock(session, 5)
        assert parts.database.now_ms(session) == 5
        assert parts.database.now_ms(session) > 5


class TestSubmit:
    def test_a_job_is_kept_and_the_broker_is_told(self, parts: Parts, bell: Doorbell) -> None:
        answer = submit(parts, make_article(), TONE)

        assert answer.created
        assert bell.rung == [RING]

    def test_a_job_that_is_hurried_is_rung_for_in_its_own_queue(self, parts: Parts, bell: Doorbell) -> None:
        submit(parts, make_article(), replace(TONE, queue="breaking"))
        bell.clear()
        submit(parts, make_article(), TONE)

        assert bell.rung == ["breaking"]

    def test_the_broker_is_told_after_the_job_is_kept(self, parts: Parts, bell: Doorbell) -> None:
        seen: list[list[str]] = []

        def listening(queue: str, rings: int) -> int:
            with parts.database.reading() as session:
                seen.append(list(session.scalars(select(JobRow.state))))
            return bell.fill(queue, rings)

        object.__setattr__(parts, "fill", listening)
        submit(parts, make_article(), TONE)

        assert seen == [["queued"]]

    def test_a_broken_broker_loses_nothing(self, parts: Parts, bell: Doorbell) -> None:
        bell.broken = True
        submit(parts, make_article(), TONE)
        bell.broken = False
        dispatch(parts)

        assert bell.rung == [RING]

    def test_the_same_article_again_is_the_same_job(self, parts: Parts) -> None:
        first = submit(parts, make_article(), TONE)
        again = submit(parts, make_article(), TONE)

        assert (again.job_id, again.created) == (first.job_id, False)

    def test_many_posts_at_once_make_one_job(self, parts: Parts) -> None:
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: submit(parts, make_article(), TONE), range(16)))

        assert len({answer.job_id for answer in answers}) == 1
        assert [answer.created for answer in answers].count(True) == 1

    def test_a_changed_text_supersedes_the_queued_job(self, parts: Parts) -> None:
        old = submit(parts, make_article(), TONE)
        new = submit(parts, make_article(source="Something else happened."), TONE)

        assert job(parts, old.job_id).state == "superseded"
        assert job(parts, new.job_id).revision == 2

    def test_mp3_is_always_made_and_each_format_once(self, parts: Parts) -> None:
        given = submit(parts, make_article(), Wish(voice="tone:beep", formats=("wav", "opus", "wav")))
        with parts.database.reading() as session:
            job = session.get(JobRow, given.job_id)
        assert job is not None
        assert job.formats == "mp3,wav,opus"

    def test_another_voice_is_another_job(self, parts: Parts) -> None:
        first = submit(parts, make_article(), TONE)

        assert submit(parts, make_article(), Wish(voice="pyttsx3:en-us")).job_id != first.job_id

    @pytest.mark.parametrize(
        ("article", "wish", "error"),
        [
            ({"source": " \n"}, TONE, EmptyArticle),
            ({"source": "x" * 200_001}, TONE, TooLarge),
            ({"source": "<p>" + "x" * 5_000_000, "source_format": SourceFormat.HTML}, TONE, TooLarge),
            ({}, Wish(voice="tone:nobody"), VoiceNotFound),
            ({}, Wish(voice="tone:beep", formats=("wma",)), FormatNotKnown),
        ],
    )
    def test_what_cannot_be_taken_is_refused_and_not_kept(
        self, parts: Parts, article: dict[str, Any], wish: Wish, error: type[Exception]
    ) -> None:
        with pytest.raises(error):
            submit(parts, make_article(**article), wish)

        with parts.database.reading() as session:
            assert session.scalars(select(JobRow)).all() == []


class TestLease:
    def test_a_job_is_claimed_once(self, parts: Parts) -> None:
        job_id = submit(parts, make_article(), TONE).job_id

        assert claim(parts, job_id, this_owner()) is not None
        assert claim(parts, job_id, this_owner()) is None

    def test_a_lease_that_ran_out_can_be_claimed_by_another(self, parts: Parts) -> None:
        job_id = submit(parts, make_article(), TONE).job_id
        claim(parts, job_id, "elsewhere|1|1")
        change(parts, job_id, lease_until_ms=1)

        assert claim(parts, job_id, this_owner()) is not None

    def test_a_late_worker_is_shut_out_by_the_fence(self, parts: Parts) -> None:
        job_id = submit(parts, make_article(), TONE).job_id
        late = claim(parts, job_id, "elsewhere|1|1")
        change(parts, job_id, lease_until_ms=1)
        claim(parts, job_id, this_owner())
        assert late is not None

        with pytest.raises(LeaseLost), parts.database.writing() as session:
            write(session, late, done=99)
        assert job(parts, job_id).done == 0

    def test_a_dead_process_loses_its_lease_at_once(self, parts: Parts) -> None:
        place = this_owner().split("|")[0]
        job_id = submit(parts, make_article(), TONE).job_id
        claim(parts, job_id, f"{place}|999999999|1")

        assert claim(parts, job_id, this_owner()) is not None

    def test_only_a_process_of_this_machine_is_called_dead(self) -> None:
        assert not is_dead(this_owner())
        assert not is_dead("another-host:pid:[1]|999999999|1")
        assert is_dead(f"{this_owner().split('|')[0]}|999999999|1")

    def test_an_embargoed_job_waits(self, parts: Parts, bell: Doorbell) -> None:
        later = datetime.now(UTC) + timedelta(hours=1)
        job_id = submit(parts, make_article(publish_at=later), TONE).job_id

        assert bell.rung == []
        assert claim(parts, job_id, this_owner()) is None

    def test_a_job_put_back_is_rung_for_again(self, parts: Parts, bell: Doorbell) -> None:
        job_id = submit(parts, make_article(), TONE).job_id
        lease = claim(parts, job_id, this_owner())
        bell.clear()
        assert lease is not None
        release(parts, lease)
        dispatch(parts)

        assert bell.rung == [RING]

    def test_a_lease_is_renewed_while_the_worker_works(self, parts: Parts) -> None:
        hurried = replace(parts, settings=parts.settings.model_copy(update={"lease_s": 0.3}))
        lease = claim(hurried, submit(parts, make_article(), TONE).job_id, this_owner())
        assert lease is not None
        first = job(parts, lease.job_id).lease_until_ms or 0
        with kept(hurried, lease):
            until(lambda: (job(parts, lease.job_id).lease_until_ms or 0) > first, 60, "the lease was renewed")

    def test_a_worker_hears_that_it_lost_its_lease(self, parts: Parts) -> None:
        hurried = replace(parts, settings=parts.settings.model_copy(update={"lease_s": 0.3}))
        lease = claim(hurried, submit(parts, make_article(), TONE).job_id, this_owner())
        assert lease is not None
        with kept(hurried, lease) as lost:
            change(parts, lease.job_id, fence=lease.fence + 1)
            assert lost.wait(60)


class TestDispatch:
    def test_the_broker_holds_one_ring_per_slot_however_long_none_is_taken(self, parts: Parts, bell: Doorbell) -> None:
        for number in range(20):
            submit(parts, make_article(external_id=str(number)), TONE)
        for _ in range(3):
            sweep(parts)

        assert bell.rung == [RING] * parts.settings.worker_slots

    def test_rings_that_were_lost_are_made_up_for_at_once(self, parts: Parts, bell: Doorbell) -> None:
        submit(parts, make_article(), TONE)
        bell.clear()  # the broker restarted without its data
        dispatch(parts)

        assert bell.rung == [RING]

    def test_breaking_goes_first(self, parts: Parts, bell: Doorbell) -> None:
        bell.broken = True
        submit(parts, make_article(external_id="a"), Wish(voice="tone:beep", queue="backfill"))
        submit(parts, make_article(external_id="b"), Wish(voice="tone:beep", queue="breaking"))
        bell.broken = False
        dispatch(parts)

        assert bell.rung == ["breaking", "backfill"]


class TestTurns:
    def turns(self, parts: Parts, count: int) -> list[str]:
        """Sites of the next jobs, each of which is put back after its turn."""
        sites = []
        for _ in range(count):
            lease = claim_next(parts, "normal", this_owner())
            assert lease is not None
            sites.append(job(parts, lease.job_id).site)
            release(parts, lease)
        return sites

    def test_sites_take_turns_whatever_each_has_waiting(self, parts: Parts) -> None:
        for number in range(12):
            submit(parts, make_article(site="large", external_id=str(number)), TONE)
        self.turns(parts, 3)
        submit(parts, make_article(site="small", external_id="1"), TONE)
        submit(parts, make_article(site="third", external_id="1"), TONE)

        assert self.turns(parts, 6) == ["small", "third", "large"] * 2

    def test_a_queue_has_its_own_turns(self, parts: Parts) -> None:
        submit(parts, make_article(), Wish(voice="tone:beep", queue="backfill"))

        assert claim_next(parts, "normal", this_owner()) is None
        assert claim_next(parts, "backfill", this_owner()) is not None

    def test_what_is_not_due_is_passed_over(self, parts: Parts) -> None:
        later = datetime.now(UTC) + timedelta(hours=1)
        submit(parts, make_article(site="early", publish_at=later), TONE)
        submit(parts, make_article(site="late"), TONE)

        assert self.turns(parts, 2) == ["late", "late"]

    def test_within_a_site_the_longest_due_comes_first(self, parts: Parts) -> None:
        first, second = (submit(parts, make_article(external_id=one), TONE).job_id for one in "ab")
        leases = [claim_next(parts, "normal", this_owner()) for _ in range(3)]

        assert [lease.job_id if lease else None for lease in leases] == [first, second, None]

    def test_the_job_of_a_dead_worker_comes_before_all_others(self, parts: Parts) -> None:
        left = submit(parts, make_article(external_id="left"), TONE).job_id
        claim(parts, left, f"{this_owner().split('|')[0]}|999999999|1")
        submit(parts, make_article(site="small", external_id="1"), TONE)
        lease = claim_next(parts, "normal", this_owner())

        assert lease is not None
        assert (lease.job_id, job(parts, left).attempts) == (left, 1)


class TestSweep:
    def test_a_job_left_behind_is_queued_again(self, parts: Parts) -> None:
        job_id = submit(parts, make_article(), TONE).job_id
        claim(parts, job_id, "elsewhere|1|1")
        assert sweep(parts) == 0
        change(parts, job_id, lease_until_ms=1)

        assert sweep(parts) == 1
        assert (job(parts, job_id).state, job(parts, job_id).attempts) == ("queued", 1)

    def test_it_goes_on_before_the_jobs_that_came_later(self, parts: Parts) -> None:
        job_id = submit(parts, make_article(), TONE).job_id
        claim(parts, job_id, "elsewhere|1|1")
        submit(parts, make_article(external_id="2"), TONE)
        change(parts, job_id, lease_until_ms=1)
        sweep(parts)

        lease = claim_next(parts, "normal", this_owner())
        assert lease is not None
        assert lease.job_id == job_id

    def test_it_goes_on_before_jobs_that_waited_during_its_earlier_turns(self, parts: Parts) -> None:
        job_id = submit(parts, make_article(), TONE).job_id
        waiting = submit(parts, make_article(external_id="2"), TONE).job_id
        claim(parts, job_id, "elsewhere|1|1")
        change(parts, waiting, due_ms=2)
        change(parts, job_id, created_ms=1, due_ms=3, lease_until_ms=1)
        sweep(parts)

        lease = claim_next(parts, "normal", this_owner())
        assert lease is not None
        assert lease.job_id == job_id

    def test_a_worker_that_leaves_puts_it_before_jobs_that_waited_during_its_earlier_turns(self, parts: Parts) -> None:
        job_id = submit(parts, make_article(), TONE).job_id
        waiting = submit(parts, make_article(external_id="2"), TONE).job_id
        lease = claim(parts, job_id, this_owner())
        assert lease is not None
        change(parts, waiting, due_ms=2)
        change(parts, job_id, created_ms=1, due_ms=3)
        release(parts, lease, keeps_place=True)

        taken = claim_next(parts, "normal", this_owner())
        assert taken is not None
        assert taken.job_id == job_id

    def test_a_job_of_a_machine_with_the_same_name_is_not_taken_for_dead(
        self, parts: Parts, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        (tmp_path / "boot_id").write_text("of the other machine\n")
        with monkeypatch.context() as other_machine:
            other_machine.setattr(owner, "BOOT_ID", tmp_path / "boot_id")
            owner._place.cache_clear()
            there = owner.this_owner().replace(f"|{os.getpid()}|", "|999999999|")
        owner._place.cache_clear()
        here = owner.this_owner().replace(f"|{os.getpid()}|", "|999999999|")

        assert owner.is_dead(here)
        assert not owner.is_dead(there)

    def test_a_job_that_met_a_database_error_goes_on_before_the_jobs_that_came_later(self, parts: Parts) -> None:
        job_id = submit(parts, make_article(), TONE).job_id
        submit(parts, make_article(external_id="2"), TONE)
        lease = claim(parts, job_id, this_owner())
        assert lease is not None
        settle_job(parts, lease, DatabaseUnavailable())

        again = claim_next(parts, "normal", this_owner())
        assert again is not None
        assert again.job_id == job_id
        assert job(parts, job_id).attempts == 1

    def test_a_database_that_fails_each_time_is_no_endless_loop(self, parts: Parts) -> None:
        job_id = submit(parts, make_article(), TONE).job_id
        for _ in range(2):
            lease = claim(parts, job_id, this_owner())
            assert lease is not None
            settle_job(parts, lease, DatabaseUnavailable())
        assert claim_next(parts, "normal", this_owner()) is None, "the second time it waits"

    def test_a_job_waits_for_the_store_however_long_it_is_away(self, parts: Parts) -> None:
        job_id = submit(parts, make_article(), TONE).job_id
        for _ in range(10):
            change(parts, job_id, due_ms=0)
            lease = claim(parts, job_id, this_owner())
            assert lease is not None
            settle_job(parts, lease, StoreUnavailable("away"))
        waiting = job(parts, job_id)
        assert (waiting.state, waiting.waiting, waiting.attempts) == ("queued", "store_unavailable", 0)

    def test_a_job_that_kills_workers_is_given_up(self, parts: Parts) -> None:
        job_id = submit(parts, make_article(), TONE).job_id
        claim(parts, job_id, "elsewhere|1|1")
        change(parts, job_id, lease_until_ms=1, attempts=LOST_ATTEMPTS)
        sweep(parts)

        ended = job(parts, job_id)
        assert (ended.state, (ended.error or {})["code"]) == ("failed", "worker_lost")
        with parts.database.reading() as session:
            assert session.get_one(ClipRow, ended.clip_id).state == "failed"

    def test_a_clip_whose_new_revision_is_given_up_plays_on(self, parts: Parts) -> None:
        made = ready_clip(parts)
        job_id = submit(parts, make_article(source="A later text."), TONE).job_id
        claim(parts, job_id, "elsewhere|1|1")
        change(parts, job_id, lease_until_ms=1, attempts=LOST_ATTEMPTS)
        sweep(parts)

        with parts.database.reading() as session:
            clip = session.get_one(ClipRow, made.id)
        assert (job(parts, job_id).clip_id, job(parts, job_id).state) == (made.id, "failed")
        assert (clip.state, clip.current_revision, clip.last_revision) == ("ready", 1, 2)


class TestControl:
    def test_a_cancelled_job_stays_cancelled(self, parts: Parts) -> None:
        job_id = submit(parts, make_article(), TONE).job_id
        lease = claim(parts, job_id, this_owner())
        cancel(parts, job_id)
        assert lease is not None

        with pytest.raises(LeaseLost):
            release(parts, lease)
        with pytest.raises(Conflict):
            cancel(parts, job_id)

    def test_a_withdrawn_article_is_offline_at_once(self, parts: Parts) -> None:
        submit(parts, make_article(), TONE)
        withdraw(parts, "gazette", "1")

        with parts.database.reading() as session:
            assert session.scalars(select(ClipRow.state)).one() == "withdrawn"
