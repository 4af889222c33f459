"""The Celery tasks: claim, work, settle."""

from __future__ import annotations

import errno
import logging
from functools import cache

from tts_service.callbacks.deliver import deliver
from tts_service.callbacks.release import release_due
from tts_service.cms.checks.rounds import SiteFinder
from tts_service.cms.checks.turn import check_site as take_checking_turn
from tts_service.cms.checks.turn import ring_due_sites as ring_due_checks
from tts_service.cms.feeds.turn import forget_found, read_due_feed, ring_due_feeds
from tts_service.cms.inbox.cms_api import fetcher
from tts_service.cms.inbox.process import process_due, take
from tts_service.corrections.cases.following import follow_articles
from tts_service.corrections.cases.gathering import gather_waiting
from tts_service.corrections.cases.weight import recount
from tts_service.corrections.figures.summary import send_summaries as mail_summaries
from tts_service.corrections.follow_up import follow_up, job_ended
from tts_service.errors import DiskFull, ServiceError
from tts_service.jobs.about_job import about_job
from tts_service.jobs.dispatch import dispatch, sweep
from tts_service.jobs.idempotency import forget_keys
from tts_service.jobs.lease import Lease
from tts_service.jobs.left_out import make_left_out
from tts_service.jobs.left_out import ring_due as ring_due_formats
from tts_service.jobs.outcome import settle_job
from tts_service.jobs.owner import this_owner
from tts_service.jobs.recordings import forget_recordings
from tts_service.jobs.slices import run_slice
from tts_service.jobs.turns import claim_next
from tts_service.listeners.answers import answer_reports as mail_answers
from tts_service.monitoring.weighing import BELL as WEIGHING
from tts_service.monitoring.weighing import weigh_store as weigh_objects
from tts_service.retention.doomed import delete_doomed as delete_doomed_objects
from tts_service.retention.listeners import forget_expired as forget_personal
from tts_service.retention.prune import Pruner
from workers.celery_app import app, engine, outbound, parts, reporter
from workers.leaving import at_work, is_leaving

log = logging.getLogger(__name__)
new_sites = SiteFinder()
_DELETING_S = 2.0
"""Beat's other duties wait so long for the store to delete."""


@app.task(name="narrate_next")
def narrate_next(queue: str) -> None:
    """Works one turn on the queue's next job."""
    with at_work():
        if is_leaving():
            return  # beat rings again, for another worker
        try:
            lease = claim_next(parts(), queue, this_owner())
        except ServiceError as error:  # beat rings again when the database is back
            log.warning("no job of %s can be claimed: %s", queue, error.message)
            return
        if lease is not None:
            with about_job(parts(), lease):
                _work(lease)


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
        try:
            job_ended(parts(), job_id)
        except ServiceError as error:  # the next tick finds it
            log.warning("job %s: its correction waits: %s", job_id, error.message)
        except Exception:  # a bug in a correction must not keep the next jobs waiting
            log.exception("job %s: its correction failed unexpectedly", job_id)
        dispatch(parts())


@app.task(name="ring_left_out")
def ring_left_out() -> None:
    """Releases omitted formats that are due to the broker."""
    ring_due_formats(parts())


@app.task(name="make_left_out")
def make_left_out_formats(revision: str) -> None:
    """Retries the formats omitted from a clip revision."""
    try:
        with at_work():
            made = make_left_out(parts(), engine(), revision)
        log.info("left-out formats of %s made: %s", revision, ", ".join(made) or "none")
    except ServiceError as error:  # it becomes due again
        log.warning("left-out formats of %s: %s: %s", revision, error.code, error.message)


@app.task(name="take_event")
def take_event(event_id: str) -> None:
    """Processes a webhook event that requires a request to its CMS."""
    try:
        take(parts(), event_id, fetcher(outbound()))
    except ServiceError as error:  # it becomes due again when its lease expires
        log.warning("webhook event %s: %s: %s", event_id, error.code, error.message)


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


@app.task(name="deliver_callback")
def deliver_callback(delivery_id: str) -> None:
    """Works one turn at a callback endpoint."""
    try:
        deliver(parts(), outbound(), delivery_id)
    except ServiceError as error:  # it is released again when its lease expires
        log.warning("callback %s: %s: %s", delivery_id, error.code, error.message)


@app.task(name="release_callbacks")
def release_callbacks() -> None:
    """Releases due callbacks to the broker."""
    release_due(parts())


@app.task(name="ring_feeds")
def ring_feeds() -> None:
    """Releases due feeds to the broker."""
    ring_due_feeds(parts())


@app.task(name="read_feed")
def read_feed(feed_id: str) -> None:
    """Works one turn on a site's feed."""
    try:
        read_due_feed(parts(), outbound(), feed_id)
    except ServiceError as error:  # it becomes due again when its lease expires
        log.warning("feed %s: %s: %s", feed_id, error.code, error.message)


@app.task(name="ring_checks")
def ring_checks() -> None:
    """Releases sites with due checks to the broker."""
    ring_due_checks(parts(), new_sites)


@app.task(name="check_articles")
def check_articles(site: str) -> None:
    """Works one turn of checking a site's articles against their CMS."""
    try:
        take_checking_turn(parts(), outbound(), site)
    except ServiceError as error:  # it becomes due again when its lease expires
        log.warning("checks of %s: %s: %s", site, error.code, error.message)


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
    parts().enqueue("", WEIGHING)


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


@app.task(name="sweep")
def sweep_jobs() -> None:
    """Requeues abandoned jobs."""
    sweep(parts())


@app.task(name="dispatch")
def dispatch_jobs() -> None:
    """Releases due jobs to the broker."""
    dispatch(parts())
