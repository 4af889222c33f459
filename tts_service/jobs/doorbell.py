"""The doorbell: puts job ids on the broker by task name, so that this package never imports the workers."""

from __future__ import annotations

from typing import Any

from celery import Celery
from kombu.exceptions import OperationalError

from tts_service.errors import BrokerUnavailable
from tts_service.parts import Enqueue
from tts_service.settings import Settings

NARRATE = "narrate_job"
"""Name of the task that works on a job."""
_OTHERS = {
    "intake": ("take_event", "breaking"),
    "callbacks": ("deliver_callback", "callbacks"),
    "feeds": ("read_feed", "normal"),
    "checks": ("check_articles", "callbacks"),
    "formats": ("make_left_out", "backfill"),
}
"""Doorbells for other things than jobs: task and queue. An event waits at most one slice for its worker."""


def transport_options(settings: Settings) -> dict[str, Any]:
    """Redis transport options, the same for every part that shares the broker (the shortest timeout would win)."""
    return {
        # A lease in Redis that nobody renews: far above a slice and its finish, since the job table has the real one.
        "visibility_timeout": 900,
        # Kombu's own sweep of unacknowledged messages: every 10 s instead of every 100.
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "socket_timeout": 30,
        "socket_connect_timeout": 5,
        "socket_keepalive": not settings.broker.startswith("redis+socket"),
        "health_check_interval": 10,
        # Queues in the order in which they are given to the worker: breaking first.
        "queue_order_strategy": "priority",
    }


def configure(app: Celery, settings: Settings) -> Celery:
    """Settings of the broker that sender and worker must share."""
    app.conf.update(
        broker_url=settings.broker,
        broker_transport_options=transport_options(settings),
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        task_publish_retry=True,
        # The API must not hang for a broker that is down: the sweeper sends what is left.
        task_publish_retry_policy={"max_retries": 1, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.2},
        task_create_missing_queues=True,
    )
    return app


def make_enqueue(settings: Settings) -> tuple[Enqueue, Celery]:
    """The function that rings, and the app to close at the end."""
    app = configure(Celery("tts-service", set_as_current=False), settings)

    def enqueue(job_id: str, queue: str) -> None:
        try:
            task, queue = _OTHERS.get(queue, (NARRATE, queue))
            app.send_task(task, args=[job_id], queue=queue)
        except OperationalError as error:
            raise BrokerUnavailable(f"The broker doesn't respond: {error}") from error

    return enqueue, app
