"""The queue of record, and stored responses to repeated requests."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tts_service.db.tables.base import Base, JsonDict, literal, where
from tts_service.telemetry.tracing import current_traceparent

QUEUED, RUNNING, FAILED = literal("queued"), literal("running"), literal("failed")
"""For comparisons with JobRow.state."""


class JobRow(Base):
    """The queue of record. Written only by tts_service.jobs, each change a compare-and-set."""

    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_due", "queue", "due_ms", **where("state = 'queued'")),
        Index("ix_jobs_turn", "queue", "site", "due_ms", "id", **where("state = 'queued'")),
        Index("ix_jobs_running", "queue", **where("state = 'running'")),
        Index("ix_jobs_failed", "state", "finished_ms", **where("state = 'failed'")),
        Index("ix_jobs_listed_site", "site", "id"),
        Index("ix_jobs_listed_state", "state", "id"),
        Index("ix_jobs_used", "site", "created_ms"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    site: Mapped[str]
    article_id: Mapped[str] = mapped_column(ForeignKey("articles.id"), index=True)
    article_revision_id: Mapped[str] = mapped_column(ForeignKey("article_revisions.id"), index=True)
    clip_id: Mapped[str] = mapped_column(ForeignKey("clips.id"), index=True)
    revision: Mapped[int]
    """Clip revision that this job makes."""
    live_key: Mapped[str | None] = mapped_column(unique=True)
    """Hash of the article and everything else that affects its audio; None once the job failed or was replaced."""
    natural_key: Mapped[str | None]
    """The same hash, permanent: finds a withdrawn text that returns. None: a job of an earlier version."""
    basis: Mapped[JsonDict | None]
    """What it revises without preparing the text again (jobs.revise): a revision and the sentences replaced in it.
    None: it renders the article's text."""
    correction_id: Mapped[str | None] = mapped_column(index=True)
    """The correction that asked for it; None: the article's text did."""
    voice: Mapped[str | None]
    formats: Mapped[str]
    characters: Mapped[int] = mapped_column(default=0, server_default="0")
    """Length of the text that was sent, which counts towards its site's quota unless the job fails; 0: no text was."""
    queue: Mapped[str]
    state: Mapped[str]
    """queued, running, succeeded, failed, cancelled, superseded."""
    waiting: Mapped[str | None]
    """Why a queued job is waiting: disk_full, retry."""
    due_ms: Mapped[int]
    """Not before this time (embargo, retry)."""
    lease_owner: Mapped[str | None]
    lease_until_ms: Mapped[int | None]
    fence: Mapped[int] = mapped_column(default=0)
    """Number of claims; every write by a worker must carry its claim's fence."""
    attempts: Mapped[int] = mapped_column(default=0)
    """Failed or lost slices since the last spoken sentence."""
    slices: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    """Number of sentences; None until the text is prepared."""
    spoken: Mapped[int] = mapped_column(default=0)
    """Sentences actually spoken by an engine for this job (the others came from the store)."""
    error: Mapped[JsonDict | None]
    trace: Mapped[str | None] = mapped_column(default=current_traceparent)
    """The traceparent of the request that made it (W3C Trace Context); None: that wasn't traced."""
    callback_url: Mapped[str | None]
    created_ms: Mapped[int]
    started_ms: Mapped[int | None]
    finished_ms: Mapped[int | None]


class QueueTurnRow(Base):
    """When a party last had a turn in a queue: those with due rows take turns."""

    __tablename__ = "queue_turns"

    queue: Mapped[str] = mapped_column(primary_key=True)
    party: Mapped[str] = mapped_column(primary_key=True)
    """A site, or a callback endpoint."""
    taken_ms: Mapped[int]


class IdempotencyKeyRow(Base):
    """Response to an API key's request with an `Idempotency-Key`, replayed for each repetition."""

    __tablename__ = "idempotency_keys"

    api_key: Mapped[str] = mapped_column(primary_key=True)
    """Id of the API key: two clients may choose the same Idempotency-Key."""
    key: Mapped[str] = mapped_column(primary_key=True)
    request_sha256: Mapped[str]
    """Hash of method, path and the parsed body."""
    status: Mapped[int]
    headers: Mapped[JsonDict]
    body: Mapped[str]
    """As sent."""
    job_id: Mapped[str]
    created_ms: Mapped[int]
    expires_ms: Mapped[int] = mapped_column(index=True)
