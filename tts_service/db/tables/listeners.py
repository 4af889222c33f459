"""Listeners' data: reports, and how far clips are listened to."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from tts_service.db.tables.base import Base, literal, where

_UNANSWERED = text("email IS NOT NULL AND answered_ms IS NULL")


OPEN = ("new", "confirmed")
"""States in which a report, or a case, waits for staff."""
UNDECIDED = tuple(literal(state) for state in OPEN)
"""For comparisons with ReportRow.state: reports that staff haven't decided. The others are kept for ever."""


class ReportRow(Base):
    """A listener's report about a word."""

    __tablename__ = "reports"
    __table_args__ = (
        Index("ix_reports_case_time", "case_id", "created_ms"),
        Index("ix_reports_open", "clip_id", **where("state IN ('new', 'confirmed')")),
        Index("ix_reports_unanswered", "state", sqlite_where=_UNANSWERED, postgresql_where=_UNANSWERED),
    )

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
    """new, confirmed, corrected, rejected, duplicate; follows its case."""
    note: Mapped[str]
    sender: Mapped[str | None]
    """Keyed hash of the sender's address, by a daily key; None: expired, or not sent by a browser."""
    created_ms: Mapped[int] = mapped_column(index=True)
    updated_ms: Mapped[int]
    settled_ms: Mapped[int | None]
    """When it was corrected or rejected; None: open."""
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"), index=True)
    """None: not gathered yet."""
    language: Mapped[str | None]
    """BCP 47 tag of the reported sentence; None: of a report from before 0.3, or about no sentence."""
    written: Mapped[str] = mapped_column(default="")
    """The reported word as written; empty: somewhere in the sentence."""
    locale: Mapped[str | None]
    """Language of the page from which it was sent, for answers; None: unknown."""
    now_revision: Mapped[int | None]
    """The clip revision in which its sentence was last looked for; None: only in the one that was heard."""
    now_utterance: Mapped[int | None]
    """Position of its sentence in `now_revision`; None: not in there."""
    now_token: Mapped[int | None]
    obsolete_ms: Mapped[int | None]
    """When its sentence had disappeared from the article; None: it is still there."""
    answered_ms: Mapped[int | None]
    """When its answer was mailed; None: not mailed."""
    corrected_revision: Mapped[int | None]
    """Clip revision with the correction; None: not corrected, or not rendered yet when it was settled."""


class ListeningRow(Base):
    """Daily count of a listening event for a clip revision. Contains nothing about individual listeners."""

    __tablename__ = "listening"
    __table_args__ = (Index("ix_listening_day", "day", "what", "clip_id", "times"),)

    clip_id: Mapped[str] = mapped_column(ForeignKey("clips.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[str] = mapped_column(primary_key=True)
    """UTC date, for example 2026-11-23."""
    what: Mapped[str] = mapped_column(primary_key=True)
    """start, quarter, half, three_quarters, end; `speed:` and the speed; `left:` and a sentence's position."""
    times: Mapped[int]
