"""Finished clips checked by the recogniser: revisions that wait to be heard, and the result for each sentence."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tts_service.db.tables.base import Base, Leased, where


class HearingRow(Leased, Base):
    """A revision that waits to be heard, or was."""

    __tablename__ = "hearings"
    __table_args__ = (Index("ix_hearings_waiting", "urgent", "site", "due_ms", **where("due_ms IS NOT NULL")),)

    clip_id: Mapped[str] = mapped_column(ForeignKey("clips.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    site: Mapped[str] = mapped_column(index=True)
    urgent: Mapped[bool]
    """Whether it is heard without waiting for idle time."""
    publishes: Mapped[bool]
    """Whether the revision is held until it was heard."""
    position: Mapped[int] = mapped_column(default=0)
    """Position of the sentence to be heard next."""
    cases: Mapped[int] = mapped_column(default=0)
    """How many of its sentences became cases, or belong to one."""
    tries: Mapped[int] = mapped_column(default=0)
    """Turns in which nothing could be heard."""
    due_ms: Mapped[int | None]
    """None: it was heard, or given up."""


class HeardSentenceRow(Base):
    """What was heard of a sentence's sound, once for each site."""

    __tablename__ = "heard_sentences"
    __table_args__ = (
        Index("ix_heard_sentences_voice", "voice", "language", "heard_ms"),
        Index("ix_heard_sentences_clip", "clip_id"),
        Index("ix_heard_sentences_case", "case_id"),
    )

    site: Mapped[str] = mapped_column(primary_key=True)
    segment_key: Mapped[str] = mapped_column(primary_key=True)
    clip_id: Mapped[str] = mapped_column(ForeignKey("clips.id"))
    """The clip in which it was heard."""
    revision: Mapped[int]
    position: Mapped[int]
    voice: Mapped[str]
    """Id of the voice."""
    language: Mapped[str]
    score: Mapped[float]
    """How far it is from what was to be said, in words that went wrong (ears.judging)."""
    text: Mapped[str] = mapped_column(default="")
    """What was heard; empty: the sentence is as usual."""
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"))
    heard_ms: Mapped[int]
