"""The service as it runs now, for operators: what is down, what waits, what is being made, what failed, what is kept.

Read in 12 statements. What waits is counted up to MOST_COUNTED, and lists are read by an index; so the cost grows with
sites, endpoints, feeds, processes and running jobs, but not with what waits or is kept.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.access.sites import Sites, within
from tts_service.callbacks.endpoints import host_of
from tts_service.callbacks.figures import EndpointFigures, endpoint_figures
from tts_service.cms.inbox.figures import due_events
from tts_service.db.counting import bounded_count
from tts_service.db.tables import DoomedObjectRow, MetricRow, ProcessRow, PruningRow, SiteFeedRow
from tts_service.jobs.current_jobs import FailedJob, RunningJob, failed_jobs, put_back, running_jobs
from tts_service.jobs.figures import QueueFigures, queue_figures
from tts_service.jobs.owner import is_dead
from tts_service.monitoring.gauges import GONE_S, KEPT_BYTES
from tts_service.monitoring.outages import PartDown, disk_down
from tts_service.monitoring.parts_check import PartResponse, PartsCheck
from tts_service.monitoring.totals import BY_DAY, stored_samples
from tts_service.monitoring.troubles import beat_and_workers, disabled_endpoints, many_failures, slow_database
from tts_service.monitoring.weighing import PRUNABLE_BYTES, SITE_BYTES, SITE_QUOTAS, WEIGHED_MS
from tts_service.parts import Parts
from tts_service.storage.store import free_mb

FAILED_DAYS = 3
LAST_BACKUP_MS = "last_backup_ms"
"""Gauge: when `tts-service backup` last wrote a complete file."""
_GAUGES = (KEPT_BYTES, SITE_BYTES, SITE_QUOTAS, PRUNABLE_BYTES, WEIGHED_MS, LAST_BACKUP_MS)
_GONE_SHOWN_MS = 3_600_000
"""How long a killed process is shown: by then another has taken its place, or the missing part is reported."""
_ADDRESS = re.compile(r"https?://(?:[^\s/?#@]*@)?([^\s/?#]*)\S*")
"""An address in an error's text, with its host."""
_DEATHS, _STUCK = BY_DAY["tts_engine_deaths_total"], BY_DAY["tts_workers_stuck_total"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningProcess:
    """A process of the service that gave a sign of life within an hour and hasn't said that it ended."""

    owner: str
    part: str
    """api, worker (a slot for speech), callbacks, beat."""
    machine: str
    pid: str
    version: str
    started_ms: int
    seen_ms: int
    alive: bool
    """False: it said nothing for a minute, or its process is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailingFeed:
    """A feed that couldn't be read the last time."""

    site: str
    url: str
    """For some sites only: its host, as the rest may contain a secret."""
    tries: int
    error: str
    """For some sites only, with hosts in place of addresses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteBytes:
    """Finished audio of a site, as of the last weighing."""

    site: str
    bytes: int
    quota: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """What is kept, and how it is cleaned and saved. Sizes are as of the last weighing, once an hour."""

    free_mb: int | None
    """None: the store is a bucket."""
    weighed_ms: int | None
    """None: never yet."""
    bytes: dict[str, int]
    """In the store, by kind."""
    sites: list[SiteBytes]
    prunable_bytes: dict[str, int]
    """What pruning would have deleted at its last dry run, once a day, by kind."""
    doomed: int
    """Objects that wait for their deletion from the store; by bounded_count."""
    pruned_ms: int | None
    """When pruning last took a turn."""
    held_until_ms: int | None
    """Nothing is deleted before, since the database's clock jumped. None: it is."""
    backup_ms: int | None
    """When `tts-service backup` last wrote a complete file; None: never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """The service now. For some sites only: their jobs, failures, callbacks and feeds, and what is down."""

    at_ms: int
    everything: bool
    """False: of some sites only."""
    down: list[PartDown]
    """Problems that an operator has to deal with, the worst first."""
    queues: list[QueueFigures]
    put_back: dict[str, int]
    """Jobs that wait for better times, by the error's code."""
    jobs: list[RunningJob]
    failed: list[FailedJob]
    """Of the last FAILED_DAYS."""
    endpoints: list[EndpointFigures]
    feeds: list[FailingFeed]
    events: int
    """Received webhooks that are due; by bounded_count."""
    reached: list[PartResponse]
    processes: list[RunningProcess]
    deaths: dict[str, dict[str, int]]
    """Engine processes that were lost, by day (UTC) and cause."""
    stuck: dict[str, int]
    """Workers that their watchdog ended, by day."""
    keeping: Keeping | None
    """None: of some sites only."""


def running_now(parts: Parts, check: PartsCheck, sites: Sites = None) -> Running:
    """The service as these sites' staff see it; None: as admins do. Raises DatabaseUnavailable."""
    responses = check.responses()
    with parts.database.reading() as session:
        began = time.perf_counter()
        now = parts.database.now_ms(session)
        took_ms = round((time.perf_counter() - began) * 1000)
        reached = [PartResponse(part="database", took_ms=took_ms, down=slow_database(took_ms)), *responses]
        processes = _processes(session, now)
        all_queues = queue_figures(session, now)
        failed = failed_jobs(session, now - FAILED_DAYS * 86_400_000, sites)
        endpoints = endpoint_figures(session, now, sites)
        samples = stored_samples(session, *_GAUGES, _DEATHS, _STUCK)
        waiting = _waiting(session, now, sites)
        beat = max((one.seen_ms for one in processes if one.part == "beat"), default=None)
        down = [
            *(one.down for one in reached),
            disk_down(parts.settings),
            *beat_and_workers(beat, {one.part for one in processes if one.alive}, all_queues, now),
            many_failures(failed, now),
            *disabled_endpoints(endpoints),
        ]
        return Running(
            at_ms=now,
            everything=sites is None,
            down=list(dict.fromkeys(_as_shown(one, sites) for one in down if one is not None)),
            queues=all_queues if sites is None else queue_figures(session, now, sites),
            put_back=put_back(session, now, sites),
            jobs=running_jobs(session, now, sites),
            failed=failed,
            endpoints=endpoints,
            feeds=_feeds(session, sites),
            events=waiting.events,
            reached=reached,
            processes=[one for one in processes if sites is None and (one.alive or now - one.seen_ms < _GONE_SHOWN_MS)],
            deaths=_deaths(samples),
            stuck={json.loads(row.labels)["day"]: int(row.value) for row in samples if row.sample == _STUCK},
            keeping=_keeping(parts, samples, waiting, now) if sites is None else None,
        )


def _waiting(session: Session, now: int, sites: Sites) -> Any:
    """Single figures of several tables, in one statement."""
    pruning = PruningRow.number == 1
    return session.execute(
        select(
            due_events(now, sites).label("events"),
            bounded_count(select(DoomedObjectRow.name)).label("doomed"),
            select(PruningRow.seen_ms).where(pruning).scalar_subquery().label("pruned_ms"),
            select(PruningRow.held_until_ms).where(pruning).scalar_subquery().label("held_until_ms"),
        )
    ).one()


def _keeping(parts: Parts, samples: Sequence[MetricRow], waiting: Any, now: int) -> Keeping:
    prunable = _labelled(samples, PRUNABLE_BYTES)
    return Keeping(
        free_mb=free_mb(parts.settings),
        weighed_ms=_labelled(samples, WEIGHED_MS).get("store"),
        bytes=_labelled(samples, KEPT_BYTES),
        sites=_sites(samples),
        prunable_bytes={kind: size for kind, size in prunable.items() if size},
        doomed=waiting.doomed,
        pruned_ms=waiting.pruned_ms,
        held_until_ms=waiting.held_until_ms if (waiting.held_until_ms or 0) > now else None,
        backup_ms=_labelled(samples, LAST_BACKUP_MS).get("backup"),
    )


def _processes(session: Session, now: int) -> list[RunningProcess]:
    """By part and start. Processes that ended on this machine without saying so are dead, as are silent ones."""
    rows = session.scalars(select(ProcessRow).order_by(ProcessRow.part, ProcessRow.started_ms)).all()
    return [
        RunningProcess(
            owner=row.owner,
            part=row.part,
            machine=row.owner.partition(":")[0] if "|" in row.owner else "",
            pid=row.owner.split("|")[1] if "|" in row.owner else "",
            version=row.version,
            started_ms=row.started_ms,
            seen_ms=row.seen_ms,
            alive=now - row.seen_ms < GONE_S * 1000 and not is_dead(row.owner),
        )
        for row in rows
    ]


def _feeds(session: Session, sites: Sites) -> list[FailingFeed]:
    query = select(SiteFeedRow).where(SiteFeedRow.error != "", within(sites, SiteFeedRow.site))
    rows = session.scalars(query.order_by(SiteFeedRow.tries.desc())).all()
    if sites is None:
        return [FailingFeed(site=row.site, url=row.url, tries=row.tries, error=row.error) for row in rows]
    return [
        FailingFeed(site=row.site, url=host_of(row.url), tries=row.tries, error=_ADDRESS.sub(r"\1", row.error))
        for row in rows
    ]


def _as_shown(down: PartDown, sites: Sites) -> PartDown:
    return down if sites is None or not down.site_message else replace(down, message=down.site_message, site_message="")


def _labelled(samples: Sequence[MetricRow], sample: str) -> dict[str, int]:
    """The values of a gauge by its label."""
    found = (row for row in samples if row.sample == sample)
    return {str(next(iter(json.loads(row.labels).values()))): int(row.value) for row in found}


def _sites(samples: Sequence[MetricRow]) -> list[SiteBytes]:
    sizes, quotas = _labelled(samples, SITE_BYTES), _labelled(samples, SITE_QUOTAS)
    names = sorted(sizes.keys() | quotas.keys(), key=lambda site: -sizes.get(site, 0))
    return [SiteBytes(site=site, bytes=sizes.get(site, 0), quota=quotas.get(site)) for site in names]


def _deaths(samples: Sequence[MetricRow]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for row in samples:
        if row.sample == _DEATHS:
            labels = json.loads(row.labels)
            found.setdefault(labels["day"], {})[labels["cause"]] = int(row.value)
    return dict(sorted(found.items(), reverse=True))
