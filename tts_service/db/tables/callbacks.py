"""Callbacks that go out."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tts_service.db.tables.base import Base


class CallbackEndpointRow(Base):
    """An address that hears of results; or a host that the `callback_url`s of a site's jobs lead to."""

    __tablename__ = "callback_endpoints"

    id: Mapped[str] = mapped_column(primary_key=True)
    site: Mapped[str | None] = mapped_column(index=True)
    """None: hears of every site."""
    url: Mapped[str]
    """The address that is called; of a jobs' host, the scheme, name and port of its addresses."""
    jobs_key: Mapped[str | None] = mapped_column(unique=True)
    """Of a jobs' host: site and url in one, so that there is one of it. None: it was entered."""
    events: Mapped[str]
    """Types of events it hears, separated by commas; empty: all."""
    note: Mapped[str]
    secret_owner: Mapped[str]
    """Whose secret signs: its own id, or `site:` and the site's name."""
    failures: Mapped[int] = mapped_column(default=0)
    """Failed tries since the last success (callbacks.next_try.Health, as the two below)."""
    failing_since_ms: Mapped[int | None]
    paused_until_ms: Mapped[int | None]
    disabled_ms: Mapped[int | None]
    disabled_reason: Mapped[str]
    removed_ms: Mapped[int | None]
    created_ms: Mapped[int]
    updated_ms: Mapped[int]


class CallbackSecretRow(Base):
    """What callbacks are signed with."""

    __tablename__ = "callback_secrets"

    owner: Mapped[str] = mapped_column(primary_key=True)
    """CallbackEndpointRow.secret_owner."""
    secret: Mapped[str]
    """In clear: nothing can be signed with its hash."""
    older: Mapped[str | None]
    """The one before it, which signs too until its time is over."""
    older_until_ms: Mapped[int | None]
    created_ms: Mapped[int]


class DeliveryRow(Base):
    """One event on its way to one endpoint."""

    __tablename__ = "callback_deliveries"
    __table_args__ = (
        UniqueConstraint("endpoint_id", "event_id"),
        Index("ix_callback_deliveries_due", "state", "due_ms"),
        Index("ix_callback_deliveries_waiting", "endpoint_id", "state", "due_ms"),
        Index("ix_callback_deliveries_lease", "lease_until_ms"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    endpoint_id: Mapped[str] = mapped_column(ForeignKey("callback_endpoints.id"))
    event_id: Mapped[str]
    """The `webhook-id`: the same for every try, and for every endpoint that hears the event."""
    type: Mapped[str]
    site: Mapped[str]
    url: Mapped[str | None]
    """The job's callback_url; None: the endpoint's address."""
    body: Mapped[str]
    """JSON: the same bytes at every try."""
    state: Mapped[str]
    """pending, delivered, failed."""
    reason: Mapped[str]
    """Why it failed, or why the last try did."""
    due_ms: Mapped[int]
    tries: Mapped[int] = mapped_column(default=0)
    """Tries of this round: sending it again by hand begins another."""
    attempts: Mapped[int] = mapped_column(default=0)
    """Tries of all rounds."""
    fence: Mapped[int] = mapped_column(default=0)
    lease_until_ms: Mapped[int | None]
    """In flight until then at the latest; None: not in flight."""
    released_ms: Mapped[int | None]
    """When its id was last put on the broker; None: not since it became due."""
    created_ms: Mapped[int] = mapped_column(index=True)
    done_ms: Mapped[int | None]


class DeliveryAttemptRow(Base):
    """One try of a delivery."""

    __tablename__ = "callback_attempts"

    delivery_id: Mapped[str] = mapped_column(ForeignKey("callback_deliveries.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str]
    started_ms: Mapped[int]
    took_ms: Mapped[int]
    status: Mapped[int | None]
    """None: there was no answer."""
    reason: Mapped[str]
    """Empty: it was delivered."""
    answer: Mapped[str]
    """What the receiver said, fit to be shown."""
