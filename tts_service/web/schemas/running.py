"""The service as it runs now."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from tts_service.web.schemas.fields import Timestamp

_EXAMPLE = "2026-11-23T08:15:00.000Z"


class PartDownOut(BaseModel):
    """Something that an operator has to do something about."""

    part: Literal["database", "store", "disk", "broker", "beat", "workers", "queue", "failures", "callbacks"] = Field(
        examples=["beat"]
    )
    message: str = Field(
        description="What is wrong, and what to do",
        examples=["Beat was last seen 90 s ago: start `tts-service beat`, or look at its log."],
    )
    section: str = Field(description="The section of docs/operations.md that says more", examples=["beat"])


class JobQueueOut(BaseModel):
    """One queue of jobs."""

    queue: Literal["breaking", "normal", "backfill"]
    waiting: int = Field(description="Due, and not begun; 10001: more than 10,000", examples=[3])
    oldest_s: int | None = Field(description="Seconds since the longest waiting one was due", examples=[12])
    running: int = Field(examples=[2])
    taken_at: Timestamp | None = Field(description="When a worker last took a job", examples=[_EXAMPLE])


class ListedJobOut(BaseModel):
    """A job with its article."""

    id: str = Field(examples=["job_019b4c5e77f27c10"])
    site: str = Field(examples=["gazette"])
    article: str = Field(description="The article's id in its CMS", examples=["42"])
    title: str = Field(description="The article's title, or else its id", examples=["New bridge opens"])


class RunningJobOut(ListedJobOut):
    """A job in the hands of a worker."""

    queue: str = Field(examples=["normal"])
    stage: Literal["prepare", "speak", "finish"]
    done: int = Field(description="Sentences spoken", examples=[12])
    total: int | None = Field(description="Sentences; null until the text is prepared", examples=[49])
    started_at: Timestamp | None = Field(examples=[_EXAMPLE])
    left_behind: bool = Field(description="Its worker is gone; another one takes it over", examples=[False])


class FailedJobOut(ListedJobOut):
    """A job that failed in the last 3 days, and whose article nobody has tried again."""

    failed_at: Timestamp = Field(examples=[_EXAMPLE])
    code: str = Field(description="The error's code", examples=["unspeakable_text"])
    reason: str = Field(examples=["The voice crashed 3 times on sentence 4."])


class WaitingEndpointOut(BaseModel):
    """A callback endpoint with callbacks that wait, or that is paused or switched off."""

    id: str = Field(examples=["cbk_019b4c5e77f27c10"])
    site: str | None = Field(description="null: all sites", examples=["gazette"])
    host: str = Field(examples=["cms.example.org"])
    waiting: int = Field(description="10001: more than 10,000", examples=[4])
    oldest_s: int | None = Field(description="Seconds since the longest waiting one was due", examples=[600])
    failures: int = Field(description="Failed attempts since the last success", examples=[3])
    disabled_reason: str = Field(description="Empty: it isn't switched off", examples=[""])


class FailingFeedOut(BaseModel):
    """A feed that couldn't be read the last time."""

    site: str = Field(examples=["gazette"])
    url: str = Field(description="For a key of one site: its host only", examples=["https://gazette.example/rss/"])
    tries: int = Field(examples=[2])
    error: str = Field(examples=["HTTP 500"])


class ReachedOut(BaseModel):
    """Whether a part responds."""

    part: Literal["database", "broker", "store"]
    took_ms: int = Field(examples=[2])
    works: bool = Field(examples=[True])


class ProcessOut(BaseModel):
    """A process that gave a sign of life within an hour and hasn't ended since, as far as is known."""

    part: Literal["api", "worker", "callbacks", "beat"] = Field(description="worker: one slot")
    machine: str = Field(examples=["studio-1"])
    pid: str = Field(examples=["4711"])
    version: str = Field(examples=["0.2.0"])
    alive: bool = Field(description="It gave a sign of life within a minute", examples=[True])
    started_at: Timestamp = Field(examples=[_EXAMPLE])
    seen_at: Timestamp = Field(examples=[_EXAMPLE])


class SiteBytesOut(BaseModel):
    """Finished audio of a site."""

    site: str = Field(examples=["gazette"])
    bytes: int = Field(examples=[1_250_000_000])
    quota: int | None = Field(examples=[5_000_000_000])


class StorageOut(BaseModel):
    """What is kept, and how it is cleaned and saved. Sizes are looked up once an hour."""

    free_mb: int | None = Field(description="null: the store is a bucket", examples=[120_000])
    weighed_at: Timestamp | None = Field(description="When sizes were looked up", examples=[_EXAMPLE])
    bytes: dict[str, int] = Field(description="By kind", examples=[{"clips": 1_250_000_000, "segments": 800_000_000}])
    sites: list[SiteBytesOut]
    prunable_bytes: dict[str, int] = Field(
        description="What pruning would have deleted, looked up once a day", examples=[{"segments": 12_000_000}]
    )
    doomed: int = Field(description="Files that are being deleted; 10001: more than 10,000", examples=[0])
    pruned_at: Timestamp | None = Field(examples=[_EXAMPLE])
    held_until: Timestamp | None = Field(description="Nothing is deleted before", examples=[None])
    backup_at: Timestamp | None = Field(
        description="When `tts-service backup` last wrote a complete file", examples=[_EXAMPLE]
    )


class RunningOut(BaseModel):
    """The service now. For a key of one site: that site's part, and what is down."""

    at: Timestamp = Field(examples=[_EXAMPLE])
    down: list[PartDownOut] = Field(description="Empty: everything works")
    queues: list[JobQueueOut]
    put_back: dict[str, int] = Field(
        description="Jobs that wait until something else works again, by the error's code", examples=[{"disk_full": 3}]
    )
    jobs: list[RunningJobOut] = Field(description="Being made, at most 50")
    failed: list[FailedJobOut] = Field(description="Latest first, at most 50")
    endpoints: list[WaitingEndpointOut]
    feeds: list[FailingFeedOut]
    webhooks: int = Field(description="Received webhooks that wait; 10001: more than 10,000", examples=[0])
    reached: list[ReachedOut]
    processes: list[ProcessOut] = Field(description="Empty for a key of one site, as are the next two")
    engine_deaths: dict[str, dict[str, int]] = Field(
        description="Lost engine processes of the last week, by day (UTC) and cause",
        examples=[{"2026-11-23": {"died": 1}}],
    )
    stuck_workers: dict[str, int] = Field(
        description="Workers that took no jobs and ended themselves, by day", examples=[{"2026-11-23": 1}]
    )
    storage: StorageOut | None = Field(description="null for a key of one site")
