"""The doorbell: rings for workers by task name, so that this package never imports them."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from celery import Celery
from kombu.connection import Connection
from kombu.exceptions import OperationalError

from tts_service.errors import BrokerUnavailable
from tts_service.queue.names import JOBS
from tts_service.settings import Settings
from tts_service.values.broker_address import read_sentinels


def transport_options(settings: Settings) -> dict[str, Any]:
    """Redis transport options, the same for every part that shares the broker (the shortest timeout would win)."""
    sentinels = read_sentinels(settings.broker)
    return {
        **({"master_name": sentinels.master} if sentinels else {}),
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
    sentinels = read_sentinels(settings.broker)
    app.conf.update(
        broker_url=sentinels.celery_url if sentinels else settings.broker,
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


_PATIENCE_S = 0.25
"""Seconds to wait for one answer of a broker that hangs; a new connection asks twice. A request that sends an article
then waits half a second, and beat rings again."""
_PAUSE_S = 1.0
"""Seconds for which a broker that didn't answer isn't asked again."""


class Doorbell:
    """Rings through a Celery app of its own."""

    def __init__(self, settings: Settings) -> None:
        self._app = configure(Celery("tts-service", set_as_current=False), settings)
        hurried = {"socket_timeout": _PATIENCE_S, "socket_connect_timeout": _PATIENCE_S}
        self._app.conf.broker_transport_options = transport_options(settings) | hurried
        self._filling = threading.Lock()
        """Threads that count the waiting rings at the same time would each add what is missing."""
        self._away_until = 0.0
        """By the monotonic clock: a broker that hangs is asked by one thread a second, not by each in turn."""

    def fill(self, queue: str, rings: int) -> int:
        """See parts.Fill."""
        with self._filling:
            if time.monotonic() < self._away_until:
                raise BrokerUnavailable("The broker didn't respond a moment ago.")
            try:
                return self._fill(queue, rings)
            except BrokerUnavailable:
                self._away_until = time.monotonic() + _PAUSE_S
                raise

    def _fill(self, queue: str, rings: int) -> int:
        with _translated(), self._app.pool.acquire(block=True) as connection:
            try:
                missing = max(0, rings - waiting_messages(connection, queue))
            except connection.connection_errors as error:  # only what sends translates them itself
                raise BrokerUnavailable(f"The broker doesn't respond: {error}") from error
            for _ in range(missing):
                self._app.send_task(_task(queue), args=[queue], queue=queue, connection=connection)
            return missing

    def close(self) -> None:
        self._app.close()


def _task(queue: str) -> str:
    if queue == "weighing":
        return "weigh_store"
    return "narrate_next" if queue in JOBS else "work_on"


def waiting_messages(connection: Connection, queue: str) -> int:
    """Messages at a queue that no worker has taken yet."""
    channel: Any = connection.default_channel
    with channel.conn_or_acquire() as client:
        return int(client.llen(queue))  # kombu itself would ask twice, for four priorities each time


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise BrokerUnavailable(f"The broker doesn't respond: {error}") from error
