"""Outgoing callbacks."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tts_service.db.tables.base import Base, Leased, literal, where


class CallbackEndpointRow(Base):
    """An endpoint that receives results, or a host used by `callback_url`s of a site's jobs."""

    __tablename__ = "callback_endpoints"

    id: Mapped[str] = mapped_column(primary_key=True)
    site: Mapped[str | None] = mapped_column(index=True)
    """None: receives events of all sites."""
    url: Mapped[str]
    """The endpoint's address; for a jobs' host, its scheme, name and port."""
    jobs_key: Mapped[str | None] = mapped_column(unique=True)
    """For a jobs' host: site and url combined, to keep it unique. None: a registered endpoint."""
    events: Mapped[str]
    """Event types it receives, comma-separated; empty: all."""
    note: Mapped[str]
    secret_owner: Mapped[str]
    """Owner of the signing secret: its own id, or `site:` and the site's name."""
    failures: Mapped[int] = mapped_column(default=0)
    """Failed attempts since the last success (callbacks.next_try.EndpointHealth, as are the next two)."""
    failing_since_ms: Mapped[int | None]
    paused_until_ms: Mapped[int | None]
    disabled_ms: Mapped[int | None]
    disabled_reason: Mapped[str]
    removed_ms: Mapped[int | None]
    created_ms: Mapped[int]
    updated_ms: Mapped[int]


class CallbackSecretRow(Base):
    """A secret for signing callbacks."""

    __tablename__ = "callback_secrets"

    owner: Mapped[str] = mapped_column(primary_key=True)
    """CallbackEndpointRow.secret_owner."""
    secret: Mapped[str]
    """In plain text: a hash can't sign."""
    older: Mapped[str | None]
    """The previous secret, which also signs until it expires."""
    older_until_ms: Mapped[int | None]
    created_ms: Mapped[int]


PENDING = literal("pending")
"""For comparisons with DeliveryRow.state."""


class DeliveryRow(Leased, Base):
    """One event on its way to one endpoint."""

    __tablename__ = "callback_deliveries"
    __table_args__ = (
        UniqueConstraint("endpoint_id", "event_id"),
        Index("ix_callback_deliveries_turn", "endpoint_id", "due_ms", "id", **where("state = 'pending'")),
        Index("ix_callback_deliveries_leased", "endpoint_id", "lease_until_ms", **where("lease_until_ms IS NOT NULL")),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    endpoint_id: Mapped[str] = mapped_column(ForeignKey("callback_endpoints.id"))
    event_id: Mapped[str]
    """The `webhook-id`: the same for every attempt and every endpoint."""
    type: Mapped[str]
    site: Mapped[str]
    url: Mapped[str | None]
    """The job's callback_url; None: the endpoint's address."""
    body: Mapped[str]
    """JSON: identical bytes in every attempt."""
    state: Mapped[str]
    """pending, delivered, failed."""
    reason: Mapped[str]
    """Why it, or its last attempt, failed."""
    due_ms: Mapped[int]
    tries: Mapped[int] = mapped_column(default=0)
    """Attempts in this round; a manual replay starts a new one."""
    attempts: Mapped[int] = mapped_column(default=0)
    """Attempts in all rounds."""
    created_ms: Mapped[int] = mapped_column(index=True)
    done_ms: Mapped[int | None]


class DeliveryAttemptRow(Base):
    """One attempt of a delivery."""

    __tablename__ = "callback_attempts"

    delivery_id: Mapped[str] = mapped_column(ForeignKey("callback_deliveries.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str]
    started_ms: Mapped[int]
    took_ms: Mapped[int]
    status: Mapped[int | None]
    """None: no response."""
    reason: Mapped[str]
    """Empty: delivered."""
    answer: Mapped[str]
    """The response body, sanitised for display."""
