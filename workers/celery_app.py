"""The Celery app: settings (rationale in docs/operations.md), and parts built once per process."""

from __future__ import annotations

import ctypes
import gc
import logging
import signal
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from billiard.util import get_logger as pool_logger
from celery import Celery, signals
from celery.schedules import schedule
from celery.worker import state

from tts_service.article.furniture import compile_furniture
from tts_service.article.language import detect
from tts_service.engines.child.speak import EngineChild
from tts_service.errors import ServiceError
from tts_service.http.client import Outbound, outbound_of
from tts_service.installation.check import checked_settings
from tts_service.monitoring.reporting import REPORT_EVERY_S, Reporter
from tts_service.monitoring.totals import Totals
from tts_service.newsroom.site_voices import warm_voices
from tts_service.parts import Parts
from tts_service.queue.doorbell import configure
from tts_service.retention.ownership import claim_store
from tts_service.telemetry.logs import log_as_json
from tts_service.telemetry.tracing import start_tracing, stop_tracing
from tts_service.wiring import build
from workers.leaving import at_work, leave_on_sigterm, slot_begins, slots_at_work
from workers.left_folders import remove_left_folders
from workers.watchdog import watch

log = logging.getLogger(__name__)
settings, _ = checked_settings()  # warnings were printed by the command


app = configure(Celery("workers", include=["workers.tasks"]), settings)
app.conf.update(
    task_acks_late=True,
    # If the process dies, redeliver at once; the job table counts attempts, so this can't loop forever.
    task_reject_on_worker_lost=True,
    task_acks_on_failure=True,
    task_acks_on_timeout=True,
    task_time_limit=600,
    worker_prefetch_multiplier=1,
    # Without it, workers often fail to recover from a Redis restart.
    worker_enable_remote_control=True,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    worker_soft_shutdown_timeout=20,
    worker_proc_alive_timeout=60,
    worker_max_tasks_per_child=500,
    worker_max_memory_per_child=1_200_000,  # KiB
    worker_hijack_root_logger=True,
    worker_send_task_events=False,
    task_track_started=False,
    beat_schedule={
        "report": {"task": "report", "schedule": schedule(REPORT_EVERY_S)},
        "ring_weighing": {"task": "ring_weighing", "schedule": schedule(3600.0)},
        "sweep": {"task": "sweep", "schedule": schedule(settings.sweep_s)},
        "dispatch": {"task": "dispatch", "schedule": schedule(1.0)},
        "take_events": {"task": "take_events", "schedule": schedule(1.0)},
        "forget_people": {"task": "forget_people", "schedule": schedule(3600.0)},
        **({"answer_reports": {"task": "answer_reports", "schedule": schedule(30.0)}} if settings.smtp_url else {}),
        **({"send_summaries": {"task": "send_summaries", "schedule": schedule(600.0)}} if settings.smtp_url else {}),
        "forget_requests": {"task": "forget_requests", "schedule": schedule(3600.0)},
        **(
            {"add_checked_sites": {"task": "add_checked_sites", "schedule": schedule(60.0)}}
            if settings.check_every_s
            else {}
        ),
        "forget_recordings": {"task": "forget_recordings", "schedule": schedule(600.0)},
        "prune": {"task": "prune", "schedule": schedule(60.0)},
        "erase_sites": {"task": "erase_sites", "schedule": schedule(15.0)},
        "delete_doomed": {"task": "delete_doomed", "schedule": schedule(15.0)},
        "follow_up_corrections": {"task": "follow_up_corrections", "schedule": schedule(1.0)},
        "gather_reports": {"task": "gather_reports", "schedule": schedule(15.0)},
        "follow_articles": {"task": "follow_articles", "schedule": schedule(60.0)},
        "hear_when_idle": {"task": "hear_when_idle", "schedule": schedule(10.0)},
        "weigh_cases": {"task": "weigh_cases", "schedule": schedule(600.0)},
    },
    beat_max_loop_interval=1,
)


@dataclass(slots=True)
class Process:
    """Objects of one worker process, created after the fork."""

    parts: Parts | None = None
    engine: EngineChild | None = None
    outbound: Outbound | None = None
    reporter: Reporter | None = None
    building: threading.RLock = field(default_factory=threading.RLock)
    """The callback worker has threads: each object is created once."""


process = Process()


def parts() -> Parts:
    """This process's parts."""
    with process.building:
        if process.parts is None:
            process.parts = build(settings)
        return process.parts


def engine() -> EngineChild:
    """This process's engine child."""
    if process.engine is None:
        process.engine = EngineChild(settings)
    return process.engine


def outbound() -> Outbound:
    """This process's client for outgoing calls."""
    with process.building:
        if process.outbound is None:
            process.outbound = outbound_of(settings)
        return process.outbound


def reporter(part: str, owner: str | None = None) -> Reporter:
    """This process's reporter; `part` and `owner` as Reporter takes them, the first time."""
    with process.building:
        if process.reporter is None:
            process.reporter = Reporter(lambda: parts().database, part, owner)
        return process.reporter


if settings.log_format == "json":
    log_as_json()  # before Celery warns of anything

    @signals.setup_logging.connect
    def _log(**_: Any) -> None:
        """Keeps Celery from setting up handlers of its own. The pool of slots would write to standard error itself."""
        pool_logger().propagate = True


@signals.worker_init.connect
def _load_for_slots(sender: Any, **_: Any) -> None:
    """What slots read every article with, loaded before they are forked, so that they share its memory; a worker with
    threads reads no articles."""
    if sender.pool_cls.__module__.endswith("prefork"):
        compile_furniture()
        detect("The models of all languages take 24 MB.")


@signals.worker_init.connect
@signals.beat_init.connect
def _loaded(**_: Any) -> None:
    """What is loaded stays: no search for garbage looks at it, and slots share it with the main process."""
    gc.freeze()
    gc.enable()


@signals.worker_ready.connect
def _ready(sender: Any, **_: Any) -> None:
    """Prepares the main process for the worker's end: when it is told to, and when it takes nothing any more."""
    slots = sender.controller.concurrency
    queues = list(app.amqp.queues.consume_from)
    if not sender.controller.pool_cls.__module__.endswith("prefork"):  # threads: Celery waits for them
        watch(app, queues, lambda: len(state.active_requests) < slots, _write_counts)
        start_tracing(settings, "callbacks")
        reporter("callbacks").start()
        return

    def no_more_waiting() -> None:
        app.conf.worker_soft_shutdown_timeout = 0

    leave_on_sigterm(no_more_waiting)
    watch(app, queues, lambda: slots_at_work() < slots, _write_counts)


@signals.worker_ready.connect
def _tidy(**_: Any) -> None:
    remove_left_folders(settings, time.time())


def _write_counts() -> None:
    """What the main process of slots has counted: it has no reporter, as it does no work itself."""
    try:
        if process.reporter is None:
            Totals().write(parts().database)
    except Exception:  # a stuck worker has to end, whatever else is wrong
        log.exception("the counts of this process are lost")


@signals.beat_init.connect
def _begin_beat(**_: Any) -> None:
    """Whoever looks right after the start sees beat already, and a new store has its owner before its first object."""
    try:
        reporter("beat", "beat").report()
        claim_store(parts().database, parts().store)
    except ServiceError as error:
        log.warning("at beat's start: %s", error.message)


@signals.worker_process_init.connect
def _begin(**_: Any) -> None:
    """Ends this process with the main process, and loads the configured voices before the first job."""
    slot_begins()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    start_tracing(settings, "worker")
    reporter("worker").start()
    with at_work():  # it takes nothing yet: the watchdog must not see a free slot
        for name in _to_warm():
            try:
                engine().warm(parts().voices.find(name))
            except ServiceError as error:  # a missing voice must not stop work with the others
                log.warning("can't warm %s: %s", name, error.message)


def _to_warm() -> list[str]:
    try:
        return warm_voices(parts())
    except ServiceError as error:
        log.warning("no voice is warmed: %s", error.message)
        return []


@signals.worker_process_shutdown.connect
@signals.worker_shutdown.connect
def _end(**_: Any) -> None:
    if process.engine is not None:
        process.engine.close()
    stop_tracing()
    if process.reporter is not None:
        process.reporter.close()
    if process.parts is not None:
        process.parts.close()
