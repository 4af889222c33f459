"""What every queue promises, whatever waits in it: callbacks, webhooks, feeds, checks, formats; and jobs."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from tests.parts.factories import Doorbell
from tests.parts.queue_rows import PLANTS, plant_job
from tests.parts.queues import claimed
from tts_service.callbacks.deliveries import DELIVERIES
from tts_service.cms.checks.rounds import CHECKS
from tts_service.cms.feeds.turn import FEEDS
from tts_service.cms.inbox.process import LOOKUPS
from tts_service.db.tables import ArticleRow
from tts_service.errors import DatabaseUnavailable, LeaseLost
from tts_service.jobs.turns import JOB_QUEUES
from tts_service.parts import Parts
from tts_service.queue.backoff import wait_after
from tts_service.queue.claim import LOST, Claim, claim_row, fenced, settle
from tts_service.queue.rings import ring_due
from tts_service.queue.turns import WorkQueue
from tts_service.queue.work import work

NORMAL = JOB_QUEUES["normal"]
EVERY = pytest.mark.parametrize("queue", PLANTS, ids=lambda queue: queue.name)
WITH_ROOM = pytest.mark.parametrize("queue", [DELIVERIES, LOOKUPS, FEEDS], ids=lambda queue: queue.name)
RUNG_FOR = pytest.mark.parametrize("queue", [*PLANTS, NORMAL], ids=lambda queue: queue.name)
LATER_MS = 99_999_999_999_999


def plant(parts: Parts, queue: WorkQueue[Any], party: str = "gazette", rows: int = 1) -> None:
    """Rows that are due."""
    for _ in range(rows):
        PLANTS.get(queue, plant_job)(parts, party)


def its_worker_dies(parts: Parts, queue: WorkQueue[Any]) -> None:
    """Its lease is over."""
    with parts.database.writing() as session:
        its = queue.row.lease_until_ms.is_not(None)
        session.execute(update(queue.row).where(its).values(lease_until_ms=1))


def end(parts: Parts, one: Claim[Any]) -> None:
    with parts.database.writing() as session:
        settle(session, one, **{one.queue.due_ms.key: LATER_MS})


class TestClaims:
    @EVERY
    def test_a_row_belongs_to_one_worker_until_its_lease_is_over(self, parts: Parts, queue: WorkQueue[Any]) -> None:
        plant(parts, queue)
        first = claimed(parts, queue)
        assert claim_row(parts, queue) is None
        its_worker_dies(parts, queue)
        second = claimed(parts, queue)

        assert (second.key, second.fence) == (first.key, first.fence + 1)

    @EVERY
    def test_a_late_worker_writes_nothing(self, parts: Parts, queue: WorkQueue[Any]) -> None:
        plant(parts, queue)
        late = claimed(parts, queue)
        its_worker_dies(parts, queue)
        newer = claimed(parts, queue)
        with pytest.raises(LeaseLost):
            end(parts, late)
        with pytest.raises(LeaseLost), fenced(parts, late).database.writing() as session:
            session.add(ArticleRow(id="art_late", site="late", external_id="1", created_ms=1))
        with fenced(parts, newer).database.writing() as session:
            session.add(ArticleRow(id="art_newer", site="newer", external_id="1", created_ms=1))
        end(parts, newer)

        with parts.database.reading() as session:
            assert set(session.scalars(select(ArticleRow.site))) - {"gazette"} == {"newer"}
        assert claim_row(parts, queue) is None

    @EVERY
    def test_a_row_that_loses_its_workers_is_given_up(self, parts: Parts, queue: WorkQueue[Any]) -> None:
        plant(parts, queue)
        for _ in range(LOST):
            claimed(parts, queue)
            its_worker_dies(parts, queue)
        plant(parts, queue, "other")

        following = claimed(parts, queue)
        assert following.row.lost == 0
        assert claim_row(parts, queue) is None

    @EVERY
    def test_a_result_forgives_the_workers_that_were_lost(self, parts: Parts, queue: WorkQueue[Any]) -> None:
        plant(parts, queue)
        claimed(parts, queue)
        its_worker_dies(parts, queue)
        one = claimed(parts, queue)
        assert one.row.lost == 1
        with parts.database.writing() as session:
            settle(session, one)

        assert claimed(parts, queue).row.lost == 0

    @EVERY
    def test_only_what_is_due_is_claimed(self, parts: Parts, queue: WorkQueue[Any]) -> None:
        plant(parts, queue)
        with parts.database.writing() as session:
            session.execute(update(queue.row).values({queue.due_ms.key: LATER_MS}))

        assert claim_row(parts, queue) is None


class TestTurns:
    @pytest.mark.parametrize("queue", [q for q in PLANTS if q.party], ids=lambda queue: queue.name)
    def test_one_row_of_a_party_waits_for_one_turn_of_another(self, parts: Parts, queue: WorkQueue[Any]) -> None:
        plant(parts, queue, "busy", rows=6)
        plant(parts, queue, "quiet")
        parties = [getattr(claimed(parts, queue).row, queue.party.key) for _ in range(2)]

        assert sorted(parties) == ["busy", "quiet"]

    @WITH_ROOM
    def test_a_party_that_answers_nothing_takes_its_own_room_only(self, parts: Parts, queue: WorkQueue[Any]) -> None:
        plant(parts, queue, "dead", rows=10)
        taken = 0
        while claim_row(parts, queue) is not None:
            taken += 1
        plant(parts, queue, "quiet")

        assert taken == (1 if queue is FEEDS else 4)
        assert getattr(claimed(parts, queue).row, queue.party.key) == "quiet"

    @pytest.mark.parametrize("queue", [FEEDS, CHECKS, LOOKUPS], ids=lambda queue: queue.name)
    def test_many_parties_leave_workers_to_other_queues(self, parts: Parts, queue: WorkQueue[Any]) -> None:
        for number in range(10):
            plant(parts, queue, f"site-{number}")
        taken = sum(claim_row(parts, queue) is not None for _ in range(10))

        assert taken == queue.at_once
        assert taken < parts.settings.callback_slots


class TestRings:
    @RUNG_FOR
    def test_there_are_as_many_rings_as_due_rows_however_often_beat_counts(
        self, parts: Parts, queue: WorkQueue[Any], bell: Doorbell
    ) -> None:
        for number in range(2):
            plant(parts, queue, f"site-{number}")
        for _ in range(3):
            ring_due(parts, [queue])

        assert bell.rung == [queue.name] * min(2, queue.slots(parts.settings))

    @RUNG_FOR
    def test_rings_that_the_broker_lost_come_back(self, parts: Parts, queue: WorkQueue[Any], bell: Doorbell) -> None:
        plant(parts, queue)
        ring_due(parts, [queue])
        bell.clear()

        assert (ring_due(parts, [queue]), bell.rung) == (1, [queue.name])

    @RUNG_FOR
    def test_a_broker_that_is_away_loses_nothing(self, parts: Parts, queue: WorkQueue[Any], bell: Doorbell) -> None:
        bell.broken = True
        plant(parts, queue)
        assert ring_due(parts, [queue]) == 0
        bell.broken = False

        assert ring_due(parts, [queue]) == 1

    @EVERY
    def test_what_is_with_a_worker_is_not_rung_for(self, parts: Parts, queue: WorkQueue[Any], bell: Doorbell) -> None:
        plant(parts, queue)
        claimed(parts, queue)

        assert (ring_due(parts, [queue]), bell.rung) == (0, [])


class TestWork:
    def test_a_fault_at_one_row_stops_no_other(self, parts: Parts, caplog: pytest.LogCaptureFixture) -> None:
        plant(parts, LOOKUPS, rows=3)
        faults = [KeyError("ours"), DatabaseUnavailable("gone")]

        def do(fenced: Parts, one: Claim[Any]) -> None:
            if faults:
                raise faults.pop(0)
            end(fenced, one)

        assert work(parts, LOOKUPS, do) == 3
        assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]

    def test_a_turn_ends_when_its_time_is_over(self, parts: Parts) -> None:
        plant(parts, LOOKUPS, rows=5)
        times = iter(range(10))

        assert work(parts, LOOKUPS, end, turn_s=3, clock=lambda: next(times)) == 3


def test_waits_end_after_the_last() -> None:
    assert [wait_after(failures, (5, 60)) for failures in (1, 2, 3)] == [5, 60, None]
