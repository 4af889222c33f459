"""Listeners' data: reports, and how far clips are listened to."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from tts_service.db.tables.base import Base


class ReportRow(Base):
    """A listener's report about a word."""

    __tablename__ = "reports"

    id: Mapped[str] = mapped_column(primary_key=True)
    """Reference shown to the listener."""
    site: Mapped[str] = mapped_column(index=True)
    clip_id: Mapped[str] = mapped_column(ForeignKey("clips.id"), index=True)
    revision: Mapped[int]
    position_ms: Mapped[int]
    utterance: Mapped[int | None]
    """Position of the reported sentence."""
    token: Mapped[int | None]
    """Index of the word among the sentence's tokens; None: somewhere in the sentence."""
    sentence: Mapped[str]
    voice: Mapped[str]
    category: Mapped[str]
    comment: Mapped[str]
    email: Mapped[str | None]
    player: Mapped[str | None]
    """Version of the sending player; None: not sent by a player."""
    sent_key: Mapped[str | None] = mapped_column(unique=True)
    """Random key from the player that deduplicates repeated sends; None: not sent by a player."""
    state: Mapped[str]
    """new, confirmed, corrected, rejected."""
    note: Mapped[str]
    sender: Mapped[str | None]
    """Keyed hash of the sender's address, by a daily key; None: expired, or not sent by a browser."""
    created_ms: Mapped[int] = mapped_column(index=True)
    updated_ms: Mapped[int]
    settled_ms: Mapped[int | None]
    """When it was corrected or rejected; None: open."""
    corrected_revision: Mapped[int | None]
    """Clip revision with the correction; None: not corrected, or not rendered yet when it was settled."""


class ListeningRow(Base):
    """Daily count of a listening event for a clip revision. Contains nothing about individual listeners."""

    __tablename__ = "listening"

    clip_id: Mapped[str] = mapped_column(ForeignKey("clips.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[str] = mapped_column(primary_key=True)
    """UTC date, for example 2026-11-23."""
    what: Mapped[str] = mapped_column(primary_key=True)
    """start, quarter, half, three_quarters, end; `speed:` and the speed; `left:` and a sentence's position."""
    times: Mapped[int]
