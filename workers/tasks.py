"""The Celery tasks: claim, work, settle."""

from __future__ import annotations

import errno
import logging
import time
from collections.abc import Callable
from functools import cache
from typing import Any

from tts_service.callbacks.deliver import deliver
from tts_service.callbacks.deliveries import DELIVERIES
from tts_service.cms.checks.rounds import CHECKS, add_new_sites
from tts_service.cms.checks.turn import check_site
from tts_service.cms.feeds.turn import FEEDS, forget_found, read_due_feed
from tts_service.cms.inbox.cms_api import fetcher
from tts_service.cms.inbox.process import LOOKUPS, process_due, process_event
from tts_service.corrections.cases.following import follow_articles
from tts_service.corrections.cases.gathering import gather_waiting
from tts_service.corrections.cases.weight import recount
from tts_service.corrections.figures.summary import send_summaries as mail_summaries
from tts_service.corrections.follow_up import follow_up, job_ended
from tts_service.corrections.hearing.queues import HEAR_FIRST, HEAR_IDLE, ring_when_idle
from tts_service.corrections.hearing.turn import hear_sentences
from tts_service.db.tables import ClipRevisionRow, HearingRow
from tts_service.ears.listener import Listener
from tts_service.errors import DiskFull, ServiceError
from tts_service.jobs.about_job import about_job
from tts_service.jobs.dispatch import dispatch, sweep
from tts_service.jobs.idempotency import forget_keys
from tts_service.jobs.lease import Lease
from tts_service.jobs.left_out import FORMATS, make_left_out
from tts_service.jobs.outcome import settle_job
from tts_service.jobs.owner import this_owner
from tts_service.jobs.recordings import forget_recordings
from tts_service.jobs.slices import run_slice
from tts_service.jobs.turns import JOB_QUEUES, claim_next
from tts_service.listeners.answers import answer_reports as mail_answers
from tts_service.monitoring.weighing import BELL as WEIGHING
from tts_service.monitoring.weighing import weigh_store as weigh_objects
from tts_service.parts import Parts
from tts_service.queue.claim import Claim
from tts_service.queue.rings import ring_due
from tts_service.queue.turns import WorkQueue
from tts_service.queue.work import work
from tts_service.retention.doomed import delete_doomed as delete_doomed_objects
from tts_service.retention.listeners import forget_expired as forget_personal
from tts_service.retention.prune import Pruner
from tts_service.retention.site_erasure import go_on_erasing
from workers.celery_app import app, engine, outbound, parts, reporter, settings
from workers.leaving import at_work, is_leaving

log = logging.getLogger(__name__)
SHORT_S = 1.0
"""A slot goes on without another ring until so long after it began: a ring costs as much as a job that speaks nothing.
Urgent jobs wait no longer for it."""
_DELETING_S = 2.0
"""Beat's other duties wait so long for the store to delete."""


def _make_formats(parts: Parts, claim: Claim[ClipRevisionRow]) -> None:
    with at_work():
        made = make_left_out(parts, engine(), claim)
    log.info("%s made: %s", claim.name, ", ".join(made) or "none")


def _hear(parts: Parts, claim: Claim[HearingRow]) -> None:
    with Listener(parts.settings) as ears:  # nobody needs its memory between turns
        heard = hear_sentences(parts, ears, claim)
    log.info("%s: %d sentences heard", claim.name, heard)


WORK: dict[str, tuple[WorkQueue[Any], Callable[[Parts, Claim[Any]], object]]] = {
    FORMATS.name: (FORMATS, _make_formats),
    HEAR_FIRST.name: (HEAR_FIRST, _hear),
    HEAR_IDLE.name: (HEAR_IDLE, _hear),
    DELIVERIES.name: (DELIVERIES, lambda parts, claim: deliver(parts, outbound(), claim)),
    LOOKUPS.name: (LOOKUPS, lambda parts, claim: process_event(parts, claim, fetcher(outbound()))),
}
"""Queues of other things than jobs, and what is done with a row."""
if settings.catch_up_s > 0:
    WORK[FEEDS.name] = (FEEDS, lambda parts, claim: read_due_feed(parts, outbound(), claim))
if settings.check_every_s > 0:
    WORK[CHECKS.name] = (CHECKS, lambda parts, claim: check_site(parts, outbound(), claim))


@app.task(name="narrate_next")
def narrate_next(queue: str) -> None:
    """Works one turn on the queue's next job, and on more jobs while all are short."""
    with at_work():
        until, worked = time.monotonic() + SHORT_S, False
        while not (worked and time.monotonic() >= until):
            if is_leaving():
                return  # beat rings again, for another worker
            try:
                lease = claim_next(parts(), queue, this_owner())
            except ServiceError as error:  # beat rings again when the database is back
                log.warning("no job of %s can be claimed: %s", queue, error.message)
                return
            if lease is None:
                return
            worked = True
            with about_job(parts(), lease):
                _work(lease)
        dispatch(parts())


def _work(lease: Lease) -> None:
    job_id = lease.job_id
    try:
        run_slice(parts(), engine(), lease, is_leaving)
    except ServiceError as error:
        log.warning("job %s: %s: %s", job_id, error.code, error.message)
        settle_job(parts(), lease, error)
    except OSError as error:
        full = error.errno == errno.ENOSPC
        settle_job(
            parts(), lease, DiskFull(str(error)) if full else ServiceError(f"The worker's system failed: {error}")
        )
    except Exception as error:  # task boundary: our own bugs end the job with a traceback
        log.exception("job %s failed unexpectedly", job_id)
        settle_job(parts(), lease, ServiceError(f"Internal error in this service: {type(error).__name__}"))
    finally:
        if lease.correction_id is not None:
            _follow(job_id)


def _follow(job_id: str) -> None:
    try:
        job_ended(parts(), job_id)
    except ServiceError as error:  # the next tick finds it
        log.warning("job %s: its correction waits: %s", job_id, error.message)
    except Exception:  # a bug in a correction must not keep the next jobs waiting
        log.exception("job %s: its correction failed unexpectedly", job_id)


@app.task(name="work_on")
def work_on(queue: str) -> None:
    """Works one turn at a queue that isn't of jobs, and rings where it left something."""
    known, do = WORK[queue]
    try:
        if known is HEAR_IDLE:
            work(parts(), known, do, turn_s=0)
            ring_when_idle(parts())
        else:
            work(parts(), known, do)
            ring_due(parts(), [known])
    except ServiceError as error:  # what is due is rung for again
        log.warning("%s: %s: %s", queue, error.code, error.message)


@app.task(name="hear_when_idle")
def hear_when_idle() -> None:
    """Has new sentences heard while no article waits."""
    ring_when_idle(parts())


@app.task(name="take_events")
def take_events() -> None:
    """Processes received webhook events."""
    process_due(parts())


@app.task(name="forget_people")
def forget_people() -> None:
    """Erases listeners' expired personal data."""
    forget_personal(parts().database, parts().settings)


@app.task(name="answer_reports")
def answer_reports() -> None:
    """Mails the answers to settled reports."""
    mail_answers(parts())


@app.task(name="send_summaries")
def send_summaries() -> None:
    """Mails the weekly summaries."""
    mail_summaries(parts())


@app.task(name="follow_up_corrections")
def follow_up_corrections() -> None:
    """Queues jobs for the clips of accepted corrections, and notes what became of them."""
    follow_up(parts())


@app.task(name="follow_articles")
def follow_edited_articles() -> None:
    """Looks for reported sentences in newer revisions of their articles."""
    follow_articles(parts())


@app.task(name="weigh_cases")
def weigh_cases() -> None:
    """Counts the plays of open cases again."""
    after = recount(parts())
    while after:
        after = recount(parts(), after)


@app.task(name="gather_reports")
def gather_reports() -> None:
    """Gathers reports that have no case yet."""
    gather_waiting(parts())


@app.task(name="report")
def report() -> None:
    """Says that beat is alive, and adds its counts to the totals."""
    reporter("beat", "beat").report()


@app.task(name="ring_weighing")
def ring_weighing() -> None:
    """Has the store weighed."""
    parts().fill(WEIGHING, 1)


@app.task(name="weigh_store")
def weigh_store(_: str) -> None:
    """Counts what the store keeps."""
    try:
        weigh_objects(parts())
    except ServiceError as error:  # within the hour it is due again
        log.warning("the store is not weighed: %s: %s", error.code, error.message)


@app.task(name="forget_requests")
def forget_requests() -> None:
    """Deletes expired idempotency keys and found articles."""
    forget_keys(parts().database)
    forget_found(parts().database)


@app.task(name="forget_recordings")
def forget_ended_recordings() -> None:
    """Deletes recordings as they were sent whose jobs have ended."""
    forget_recordings(parts())


@cache
def _pruner() -> Pruner:
    return Pruner(parts())


@app.task(name="prune")
def prune() -> None:
    """Deletes a little of what was kept long enough."""
    _pruner().turn()


@app.task(name="delete_doomed")
def delete_doomed() -> None:
    """Deletes from the store what was left when its rows went."""
    delete_doomed_objects(parts(), within_s=_DELETING_S)


@app.task(name="erase_sites")
def erase_sites() -> None:
    """Goes on with sites whose erasure was begun."""
    go_on_erasing(parts(), within_s=_DELETING_S)


@app.task(name="sweep")
def sweep_jobs() -> None:
    """Requeues abandoned jobs."""
    sweep(parts())


@app.task(name="add_checked_sites")
def add_checked_sites() -> None:
    """Begins the checks of sites that are new."""
    if CHECKS.name in WORK:
        add_new_sites(parts())


@app.task(name="dispatch")
def dispatch_queues() -> None:
    """Rings for all that is due."""
    ring_due(parts(), [*JOB_QUEUES.values(), *(queue for queue, _ in WORK.values() if queue is not HEAR_IDLE)])
