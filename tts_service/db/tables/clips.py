"""Clips, their revisions, and the sentences in them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, text, true
from sqlalchemy.orm import Mapped, mapped_column

from tts_service.db.tables.base import Base, JsonDict, Leased, literal, where

_HELD = text("state = 'held'")


class ClipRow(Base):
    """An article's clip; its audio belongs to revisions."""

    __tablename__ = "clips"

    id: Mapped[str] = mapped_column(primary_key=True)
    article_id: Mapped[str] = mapped_column(ForeignKey("articles.id"), unique=True)
    state: Mapped[str]
    """rendering, held (finished, but not released by staff), ready, withdrawn, failed."""
    current_revision: Mapped[int | None]
    """The newest published revision."""
    last_revision: Mapped[int] = mapped_column(default=0)
    """The newest revision assigned to a job."""
    created_ms: Mapped[int]


READY = literal("ready")
"""For comparisons with ClipRevisionRow.state."""


class ClipRevisionRow(Leased, Base):
    """One rendering of a clip; immutable once `state` is ready."""

    __tablename__ = "clip_revisions"
    __table_args__ = (
        Index("ix_clip_revisions_held", "clip_id", "revision", sqlite_where=_HELD, postgresql_where=_HELD),
        Index("ix_clip_revisions_recorded", "clip_id", "revision", **where("cause = 'recording'")),
    )

    clip_id: Mapped[str] = mapped_column(ForeignKey("clips.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str]
    """rendering, held (finished, but not released by staff), ready, withdrawn, failed."""
    cause: Mapped[str] = mapped_column(default="article")
    """Why it was made: article (a new or changed text), correction, taken_back, recording, recording_taken_back."""
    correction_id: Mapped[str | None] = mapped_column(index=True)
    """The correction that it carries out or takes back; None: none."""
    title: Mapped[str]
    author: Mapped[str | None]
    url: Mapped[str | None]
    published_at: Mapped[str | None]
    language: Mapped[str]
    voice: Mapped[JsonDict]
    """The main voice as of the start of the rendering."""
    other_voices: Mapped[list[Any] | None]
    """Other voices that speak some of its sentences, like `voice`; None: none."""
    sample_rate_hz: Mapped[int]
    notice: Mapped[JsonDict | None]
    """Notice spoken between sentences, and its interval; None: none."""
    blocks: Mapped[list[Any]]
    """Per block: kind, text, language, spoken, skip_reason."""
    account: Mapped[list[Any]]
    """What was spoken and what was skipped, with reasons."""
    live_head_bytes: Mapped[int]
    live_end_bytes: Mapped[int | None]
    """Length of the last piece of live.mp3; None until everything is spoken."""
    duration_ms: Mapped[int | None]
    loudness_lufs: Mapped[float | None]
    true_peak_dbtp: Mapped[float | None]
    renditions: Mapped[list[Any] | None]
    files: Mapped[list[Any] | None]
    """State of each format (jobs.files); None: made by an earlier version, or nothing finished yet."""
    again_ms: Mapped[int | None] = mapped_column(index=True)
    """When omitted formats are retried; None: nothing to retry."""
    provenance: Mapped[JsonDict | None]
    notice_key: Mapped[str | None] = mapped_column(index=True)
    """Key of the notice's segment; None: no notice, or made by an earlier version."""
    live_kept: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether the store still has the pieces of live.mp3."""
    unneeded_ms: Mapped[int | None]
    """When pruning first saw that nothing needs it; None: something does."""
    created_ms: Mapped[int]
    ready_ms: Mapped[int | None]


class ClipTextRow(Base):
    """The words of a clip's current revision. Indexed by the database: FTS5, or GIN (jobs.clip_words)."""

    __tablename__ = "clip_texts"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    """Row number of the full-text index."""
    clip_id: Mapped[str] = mapped_column(ForeignKey("clips.id"), unique=True)
    words: Mapped[str]
    """Distinct words in the form of `word_index.index_form`, separated by spaces."""


class UtteranceRow(Base):
    """A sentence of a clip revision: its text, source position and time."""

    __tablename__ = "utterances"
    __table_args__ = (Index("ix_utterances_segment_key", "segment_key"),)

    clip_id: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    block: Mapped[int]
    start: Mapped[int]
    end: Mapped[int]
    language: Mapped[str]
    voice: Mapped[str | None]
    """Id of the voice that speaks it; None: the main voice."""
    rate: Mapped[float] = mapped_column(default=1.0)
    """Speed; 1.0 is the voice's own."""
    pause_after_ms: Mapped[int]
    tokens: Mapped[list[Any]]
    segment_key: Mapped[str]
    deaths: Mapped[int] = mapped_column(default=0)
    """Number of engine crashes on it in this job."""
    samples: Mapped[int | None]
    """Length of its segment; None: not spoken yet."""
    start_sample: Mapped[int | None]
    """First sample in the clip."""
    notice_samples: Mapped[int | None]
    """Samples of the spoken notice and its pause, directly before `start_sample`; None: no notice."""
    words: Mapped[list[Any] | None]
    """[start_ms, end_ms] per spoken word within the segment."""
    live_start: Mapped[int | None]
    """First byte of its piece in live.mp3."""
    live_bytes: Mapped[int | None]
    live_piece: Mapped[str | None]
    """Store name of its piece; contains the fence, so that a late worker never overwrites published audio."""
