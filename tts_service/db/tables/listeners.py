"""Listeners' data: reports, and how far clips are heard."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from tts_service.db.tables.base import Base


class ReportRow(Base):
    """What a listener reported, at the word they heard."""

    __tablename__ = "reports"

    id: Mapped[str] = mapped_column(primary_key=True)
    """The reference shown to the listener."""
    site: Mapped[str] = mapped_column(index=True)
    clip_id: Mapped[str] = mapped_column(ForeignKey("clips.id"), index=True)
    revision: Mapped[int]
    position_ms: Mapped[int]
    utterance: Mapped[int | None]
    """Position of the sentence that was heard."""
    token: Mapped[int | None]
    """Index of the word in the sentence's tokens; None: somewhere here."""
    sentence: Mapped[str]
    voice: Mapped[str]
    category: Mapped[str]
    comment: Mapped[str]
    email: Mapped[str | None]
    player: Mapped[str | None]
    """Version of the player it was sent from; None: sent by no player."""
    sent_key: Mapped[str | None] = mapped_column(unique=True)
    """Drawn by the player for one report, so that one sent twice is kept once; None: sent by no player."""
    state: Mapped[str]
    """new, confirmed, corrected, rejected."""
    note: Mapped[str]
    sender: Mapped[str | None]
    """Keyed hash of the sender's address, by a key that lives for a day; None: forgotten, or sent by no browser."""
    created_ms: Mapped[int] = mapped_column(index=True)
    updated_ms: Mapped[int]
    settled_ms: Mapped[int | None]
    """When it became corrected or rejected; None: open."""
    corrected_revision: Mapped[int | None]
    """The clip revision that says it right; None: not corrected, or not rendered yet when it was settled."""


class ListeningRow(Base):
    """How often something happened while a clip revision was listened to, on one day. Nothing tells who listened."""

    __tablename__ = "listening"

    clip_id: Mapped[str] = mapped_column(ForeignKey("clips.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[str] = mapped_column(primary_key=True)
    """UTC, such as 2026-11-23."""
    what: Mapped[str] = mapped_column(primary_key=True)
    """start, quarter, half, three_quarters, end; `speed:` and the speed; `left:` and a sentence's position."""
    times: Mapped[int]
