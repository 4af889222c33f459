"""Breakages of what keeps jobs when parts fail."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

BREAKAGES = (
    Breakage(
        name="a worker that leaves goes on with its job",
        file="tts_service/jobs/sink.py",
        old="        if self._is_leaving() or (self._sentences and",
        new="        if (self._sentences and",
        test="tests/jobs/test_slices.py::test_a_worker_that_leaves_puts_its_job_down_after_the_sentence",
    ),
    Breakage(
        name="a worker that leaves takes one more job",
        file="workers/tasks.py",
        old="            if is_leaving():\n                return",
        new="            if False:\n                return",
        test="tests/workers/test_leaving.py::test_a_slot_of_a_leaving_worker_takes_no_job",
    ),
    Breakage(
        name="a lease is never renewed",
        file="tts_service/jobs/lease.py",
        old="                    write(session, lease, lease_until_ms=until)",
        new="                    write(session, lease, fence=lease.fence)",
        test="tests/jobs/test_jobs.py::TestLease::test_a_lease_is_renewed_while_the_worker_works",
    ),
    Breakage(
        name="a worker isn't told that it lost its lease",
        file="tts_service/jobs/lease.py",
        old="                lost.set()",
        new="                pass",
        test="tests/jobs/test_jobs.py::TestLease::test_a_worker_hears_that_it_lost_its_lease",
    ),
    Breakage(
        name="every dispatch adds its rings to those that wait",
        file="tts_service/queue/doorbell.py",
        old="                missing = max(0, rings - waiting_messages(connection, queue))",
        new="                missing = rings",
        test="tests/slow/test_doorbell_on_valkey.py"
        "::test_however_many_articles_come_at_once_the_rings_are_as_many_as_the_slots",
    ),
    Breakage(
        name="a job whose worker died goes behind all others",
        file="tts_service/jobs/dispatch.py",
        old='"lease_until_ms": None, "due_ms": JobRow.created_ms}',
        new='"lease_until_ms": None, "due_ms": now}',
        test="tests/jobs/test_jobs.py::TestSweep::test_it_goes_on_before_the_jobs_that_came_later",
    ),
    Breakage(
        name="a worker that hears nothing is kept",
        file="workers/watchdog.py",
        old="        return self._now_s() - self._since >= STUCK_S",
        new="        return False",
        test="tests/workers/test_watchdog.py::test_a_worker_that_takes_nothing_is_ended_after_its_time",
    ),
    Breakage(
        name="a busy worker is ended",
        file="workers/watchdog.py",
        old="not sight.waiting or not sight.free or",
        new="not sight.waiting or",
        test="tests/workers/test_watchdog.py::test_whatever_explains_it_begins_the_time_again[its slots are busy]",
    ),
)
