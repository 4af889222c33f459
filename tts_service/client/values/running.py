"""The service as it runs now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tts_service.client.values.json_members import Json, members


@dataclass(frozen=True, slots=True, kw_only=True)
class PartDown:
    """A problem that an operator has to deal with."""

    part: str
    """database, store, disk, broker, beat, workers, queue, failures or callbacks."""
    message: str
    """What is wrong, and what to do."""
    section: str
    """The section of docs/operations.md that says more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobQueue:
    """One queue of jobs."""

    queue: str
    waiting: int
    """Due, and not begun; 10001: more than 10,000."""
    oldest_s: int | None
    """Seconds since the longest waiting one was due."""
    running: int
    taken_at: str | None
    """When a worker last took a job."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """The service now. Lists of which there is no class here are as the service writes them."""

    at: str
    down: tuple[PartDown, ...]
    """Empty: everything works."""
    queues: tuple[JobQueue, ...]
    put_back: Mapping[str, int]
    """Jobs that wait until something else works again, by the error's code."""
    jobs: tuple[Json, ...]
    """Being made."""
    failed: tuple[Json, ...]
    """Articles that failed in the last 3 days, latest first."""
    endpoints: tuple[Json, ...]
    """Callback endpoints with callbacks that wait, or that are paused or switched off."""
    feeds: tuple[Json, ...]
    """Feeds that couldn't be read the last time."""
    webhooks: int
    """Received webhooks that wait."""
    reached: tuple[Json, ...]
    processes: tuple[Json, ...]
    """Empty with a key for one site."""
    storage: Json | None
    """None with a key for one site."""
    raw: Json = field(repr=False, default_factory=dict)

    @classmethod
    def of(cls, data: Json) -> Running:
        down = tuple(PartDown(**members(PartDown, one)) for one in data["down"])
        queues = tuple(JobQueue(**members(JobQueue, one)) for one in data["queues"])
        return cls(**members(cls, data, down=down, queues=queues))
