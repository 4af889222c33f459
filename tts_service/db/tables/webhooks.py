"""Received webhooks."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from tts_service.db.tables.base import Base, JsonDict, Leased, literal, where


class WebhookSourceRow(Base):
    """A hook: an address that a CMS calls."""

    __tablename__ = "webhook_sources"

    id: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str]
    """CMS type: a name in cms.sources.registry."""
    site: Mapped[str]
    secret: Mapped[str]
    """In plain text: a hash can't verify a signature."""
    options: Mapped[JsonDict]
    """Differences from the default (cms.sources.base.HookOptions)."""
    created_ms: Mapped[int]
    removed_ms: Mapped[int | None]


RECEIVED = literal("received")
"""For comparisons with InboundEventRow.state."""


class InboundEventRow(Leased, Base):
    """A received webhook, including refused ones."""

    __tablename__ = "inbound_events"
    __table_args__ = (
        UniqueConstraint("hook_id", "event_key"),
        Index("ix_inbound_events_turn", "asks", "site", "due_ms", "id", **where("state = 'received'")),
        Index("ix_inbound_events_leased", "site", "lease_until_ms", **where("lease_until_ms IS NOT NULL")),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    hook_id: Mapped[str | None]
    """As called; for an unknown hook, the id in the address."""
    source: Mapped[str]
    site: Mapped[str | None]
    """None: unknown hook."""
    event_key: Mapped[str | None]
    """The same for every attempt of one event; None: refused."""
    state: Mapped[str]
    """received (to be processed), done, ignored, failed, refused."""
    kind: Mapped[str | None]
    external_id: Mapped[str | None]
    reason: Mapped[str]
    """Why it was ignored, refused or failed, for staff."""
    outcome: Mapped[list[Any] | None]
    """Result per article: {external_id, state, job, reason}."""
    path: Mapped[str]
    headers: Mapped[JsonDict]
    body: Mapped[bytes | None]
    """None: not stored (unknown hook, or refused as too large)."""
    sent_ms: Mapped[int | None]
    """By the sender's clock; None: not stated, or the signature was refused."""
    received_ms: Mapped[int] = mapped_column(index=True)
    due_ms: Mapped[int]
    """Not processed before this time."""
    asks: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether a worker has to ask the CMS for the article; until it was looked at, no."""
    attempts: Mapped[int] = mapped_column(default=0)
    again: Mapped[int] = mapped_column(default=0, server_default="0")
    """How often the same event was received again."""
    done_ms: Mapped[int | None]
