"""The counts of all processes, added up in the database.

Why not a port per process, or prometheus_client's multiprocess folder: workers' processes come and go (one per slot,
replaced after 500 tasks), on machines that a scrape of the API doesn't reach. In the database the counts survive every
restart, one scrape of any API process sees all of them, and a machine more needs no configuration. The price: a small
write per process and REPORT_EVERY_S while it has something to report, and the last seconds of a process that is killed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from prometheus_client import CollectorRegistry, Metric
from prometheus_client.samples import Sample
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tts_service.db.session import Database
from tts_service.db.tables import MetricRow
from tts_service.listeners.listening.counting import day_of
from tts_service.telemetry.metrics import REGISTRY
from tts_service.values.moments import DAY_MS

SampleKey = tuple[str, str]
"""Name of a sample, and its labels as JSON."""

BY_DAY = {
    "tts_engine_deaths_total": "engine_deaths_by_day",
    "tts_workers_stuck_total": "workers_stuck_by_day",
}
"""Counters that are also kept by day, and under which name: staff have to see whether something happened lately."""
DAYS_KEPT = 7


class Totals:
    """Adds what this process has counted since the last time to the totals. For one thread."""

    def __init__(self, registry: CollectorRegistry = REGISTRY) -> None:
        self._registry = registry
        self._written: dict[SampleKey, float] = {}

    def write(self, database: Database) -> None:
        """Raises DatabaseUnavailable; then the next call writes it."""
        counted = _counted(self._registry)
        grown = {key: value - self._written.get(key, 0.0) for key, value in counted.items()}
        grown = {key: value for key, value in grown.items() if value != 0}
        if grown:
            with database.writing() as session:
                grown |= _by_day(grown, database.now_ms(session))
                # Sorted: two processes that lock the same rows in different orders would deadlock.
                rows = [{"sample": key[0], "labels": key[1], "value": value} for key, value in sorted(grown.items())]
                _add(session, rows, on_sqlite=database.is_sqlite)
        self._written = counted


def set_gauge(database: Database, sample: str, values: dict[str, float], label: str) -> None:
    """Stores a figure that is too costly to compute at each scrape, replacing the stored one.

    `values`: by the value of `label`."""
    with database.writing() as session:
        session.query(MetricRow).filter(MetricRow.sample == sample).delete()
        for name, value in sorted(values.items()):
            session.add(MetricRow(sample=sample, labels=json.dumps({label: name}), value=value))


def gauge_values(session: Session, sample: str) -> dict[str, float]:
    """What `set_gauge` kept, by the value of its label."""
    rows = session.execute(select(MetricRow.labels, MetricRow.value).where(MetricRow.sample == sample))
    return {str(next(iter(json.loads(labels).values()))): value for labels, value in rows}


def stored_samples(session: Session, *samples: str) -> Sequence[MetricRow]:
    """What is kept of these samples, by gauges and by day. One statement."""
    return session.scalars(select(MetricRow).where(MetricRow.sample.in_(samples))).all()


def forget_days(database: Database) -> None:
    """Delete what was counted by day and is older than DAYS_KEPT."""
    with database.writing() as session:
        first = day_of(database.now_ms(session) - DAYS_KEPT * DAY_MS)
        for row in stored_samples(session, *BY_DAY.values()):
            if json.loads(row.labels)["day"] < first:
                session.delete(row)


def total_metrics(session: Session, registry: CollectorRegistry = REGISTRY) -> Iterator[Metric]:
    """Every counter and histogram with the sums over all processes; 0 where none has counted anything."""
    stored = {(row.sample, row.labels): row.value for row in session.scalars(select(MetricRow))}
    for declared in registry.collect():
        metric = Metric(declared.name, declared.documentation, declared.type)
        names = {f"{declared.name}{suffix}" for suffix in ("_total", "_bucket", "_count", "_sum")}
        keys = {key for key in (*_samples(declared), *stored) if key[0] in names}
        for sample, labels in sorted(keys, key=_exposition_order):
            metric.add_sample(sample, json.loads(labels), stored.get((sample, labels), 0.0))
        yield metric


def _by_day(grown: dict[SampleKey, float], now_ms: int) -> dict[SampleKey, float]:
    day = {"day": day_of(now_ms)}
    return {
        (BY_DAY[sample], json.dumps(json.loads(labels) | day, sort_keys=True)): value
        for (sample, labels), value in grown.items()
        if sample in BY_DAY
    }


def _counted(registry: CollectorRegistry) -> dict[SampleKey, float]:
    return {key: sample.value for metric in registry.collect() for key, sample in _samples(metric).items()}


def _samples(metric: Metric) -> dict[SampleKey, Sample]:
    """Without the times at which a process began to count."""
    return {
        (sample.name, json.dumps(sample.labels, sort_keys=True)): sample
        for sample in metric.samples
        if not sample.name.endswith("_created")
    }


def _exposition_order(key: SampleKey) -> tuple[str, str, float]:
    """A histogram's buckets by their bounds."""
    labels = json.loads(key[1])
    bound = float(labels.pop("le", 0))
    return json.dumps(labels), key[0], bound


def _add(session: Session, rows: list[dict[str, Any]], *, on_sqlite: bool) -> None:
    make: Any = sqlite.insert if on_sqlite else postgresql.insert
    added = make(MetricRow)
    session.execute(
        added.on_conflict_do_update(
            index_elements=["sample", "labels"], set_={"value": MetricRow.value + added.excluded.value}
        ),
        rows,
    )
