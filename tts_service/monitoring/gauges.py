"""The state of the service as metrics: what waits, what is kept, who is alive."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tts_service.callbacks.figures import endpoint_figures
from tts_service.cms.inbox.figures import oldest_event_ms
from tts_service.db.session import Database
from tts_service.db.tables import ClipRow, ProcessRow, ReportRow
from tts_service.jobs.figures import jobs_by_state, queue_figures
from tts_service.monitoring.reporting import REPORT_EVERY_S
from tts_service.monitoring.totals import gauge_values
from tts_service.settings import Settings
from tts_service.storage.store import free_mb

PARTS = ("api", "worker", "callbacks", "beat")
KEPT_BYTES = "tts_kept_bytes"
_COUNT_EVERY_S = 60.0
"""Seconds for which counts that read an entry per row are cached."""
GONE_S = 4 * REPORT_EVERY_S
"""A process that has been silent for this long isn't counted."""

Counts = dict[str, dict[str, float]]
"""Rows by state, by metric."""


class Gauges:
    """One per process."""

    def __init__(self, database: Database, settings: Settings, now_s: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._settings = settings
        self._now_s = now_s
        self._counts: Counts = {}
        self._counted_at_s: float | None = None
        self._counting = threading.Lock()

    def metrics(self, session: Session) -> Iterator[Metric]:
        """Every gauge. Raises DatabaseUnavailable."""
        now = self._database.now_ms(session)
        for name, states in self._states(session).items():
            yield _gauge(name, f"{name.removeprefix('tts_').capitalize()} by state", "state", states)
        yield from _waiting(session, now)
        yield from _processes(session, now)
        kept = gauge_values(session, KEPT_BYTES)
        yield _gauge(KEPT_BYTES, "Bytes in the store by kind, as of the last weighing", "kind", kept)
        free = free_mb(self._settings)
        if free is not None:
            yield GaugeMetricFamily("tts_disk_free_bytes", "Free bytes on the store's disk", free * 1_000_000)

    def _states(self, session: Session) -> Counts:
        with self._counting:
            now_s = self._now_s()
            if self._counted_at_s is None or now_s >= self._counted_at_s + _COUNT_EVERY_S:
                self._counts = {
                    "tts_jobs": {state: float(count) for state, count in jobs_by_state(session).items()},
                    "tts_clips": _by_state(session, ClipRow),
                    "tts_reports": _by_state(session, ReportRow),
                }
                self._counted_at_s = now_s
            return self._counts


def _waiting(session: Session, now: int) -> Iterator[Metric]:
    endpoints = endpoint_figures(session, now)
    being_sent = [one.oldest_due_ms for one in endpoints if one.is_open and one.oldest_due_ms is not None]
    oldest = {one.queue: one.oldest_due_ms for one in queue_figures(session, now)}
    oldest |= {"callbacks": min(being_sent, default=None), "webhooks": oldest_event_ms(session, now)}
    ages = {queue: max(0, now - (now if due is None else due)) / 1000 for queue, due in oldest.items()}
    yield _gauge(
        "tts_oldest_due_seconds", "Age of what has been due longest, by queue; 0: nothing is due", "queue", ages
    )
    paused = {
        "paused": sum(one.paused_until_ms is not None for one in endpoints),
        "disabled": sum(bool(one.disabled_reason) for one in endpoints),
    }
    yield _gauge("tts_callback_endpoints", "Callback endpoints to which nothing is sent", "state", paused)
    yield GaugeMetricFamily(
        "tts_callbacks_waiting",
        "Callbacks not delivered yet; of each endpoint, at most 10,001 are counted",
        sum(one.waiting for one in endpoints),
    )


def _processes(session: Session, now: int) -> Iterator[Metric]:
    seen = session.execute(select(ProcessRow.part, ProcessRow.seen_ms)).all()
    alive = {part: sum(who == part and now - at < GONE_S * 1000 for who, at in seen) for part in PARTS}
    yield _gauge("tts_processes", "Processes seen alive within the last minute, by part", "part", alive)


def _by_state(session: Session, table: type[ClipRow] | type[ReportRow]) -> dict[str, float]:
    rows = session.execute(select(table.state, func.count()).group_by(table.state))
    return {state: float(count) for state, count in rows}


def _gauge(name: str, meaning: str, label: str, values: dict[str, float] | dict[str, int]) -> Metric:
    family = GaugeMetricFamily(name, meaning, labels=[label])
    for value, count in values.items():
        family.add_metric([value], count)
    return family
