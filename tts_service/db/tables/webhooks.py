"""Received webhooks."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tts_service.db.tables.base import Base, JsonDict


class WebhookSourceRow(Base):
    """An address that a CMS calls."""

    __tablename__ = "webhook_sources"

    id: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str]
    """Kind of CMS: a name of intake.registry."""
    site: Mapped[str]
    secret: Mapped[str]
    """In clear: a signature can't be checked with its hash."""
    options: Mapped[JsonDict]
    """What differs from the usual (intake.base.HookOptions)."""
    created_ms: Mapped[int]
    removed_ms: Mapped[int | None]


class InboundEventRow(Base):
    """A webhook that came in, also one that was refused."""

    __tablename__ = "inbound_events"
    __table_args__ = (UniqueConstraint("hook_id", "event_key"), Index("ix_inbound_events_due", "state", "due_ms"))

    id: Mapped[str] = mapped_column(primary_key=True)
    hook_id: Mapped[str | None]
    """As called; of an unknown one, whatever the address said."""
    source: Mapped[str]
    site: Mapped[str | None]
    """None: the hook isn't known here."""
    event_key: Mapped[str | None]
    """The same for every try of one event; None: refused."""
    state: Mapped[str]
    """received (to be done), done, ignored, failed, refused."""
    kind: Mapped[str | None]
    external_id: Mapped[str | None]
    reason: Mapped[str]
    """Why it was ignored, refused or failed, in words for staff."""
    outcome: Mapped[list[Any] | None]
    """What became of each article: {external_id, state, job, reason}."""
    path: Mapped[str]
    headers: Mapped[JsonDict]
    body: Mapped[bytes | None]
    """None: not kept (an unknown hook's, or a refused one over the limit)."""
    sent_ms: Mapped[int | None]
    """By the sender's clock; None: it didn't say, or the signature was refused."""
    received_ms: Mapped[int] = mapped_column(index=True)
    due_ms: Mapped[int]
    """Not before this moment."""
    attempts: Mapped[int] = mapped_column(default=0)
    again: Mapped[int] = mapped_column(default=0, server_default="0")
    """How many times the same event came again."""
    done_ms: Mapped[int | None]
