"""Corrections: what was changed and why, and what became of each clip that it affects."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tts_service.db.tables.base import Base, JsonDict


class CorrectionRow(Base):
    """An accepted change of how something is spoken, with the clips that it re-renders."""

    __tablename__ = "corrections"
    __table_args__ = (Index("ix_corrections_site", "site", "created_ms"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    """lexicon, block, sentence, voice."""
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"), index=True)
    """The case that it answers; None: made without one."""
    site: Mapped[str | None]
    """None: all sites."""
    language: Mapped[str | None]
    entry_id: Mapped[str | None] = mapped_column(index=True)
    """The lexicon entry that it added, changed or removed, kept after the entry is gone; the article's repair; the
    site's rule for blocks. None: an import, whose entries are in their history alone."""
    before: Mapped[JsonDict | None]
    """What held before, to take it back; for an entry or a rule its fields, None if there was none."""
    after: Mapped[JsonDict | None]
    """What holds since; None: an entry or a rule was removed."""
    why: Mapped[str]
    """Shown to the public on /about and in the correction log."""
    who: Mapped[str]
    """As in the audit log; never shown to the public."""
    state: Mapped[str]
    """rendering, done, failed (for some clips), taken_back."""
    sentences: Mapped[int]
    clips: Mapped[int]
    created_ms: Mapped[int] = mapped_column(index=True)
    done_ms: Mapped[int | None]
    taken_back_ms: Mapped[int | None]


class CorrectionClipRow(Base):
    """One clip that a correction affects."""

    __tablename__ = "correction_clips"
    __table_args__ = (Index("ix_correction_clips_state", "state"), Index("ix_correction_clips_clip", "clip_id"))

    correction_id: Mapped[str] = mapped_column(ForeignKey("corrections.id"), primary_key=True)
    clip_id: Mapped[str] = mapped_column(ForeignKey("clips.id"), primary_key=True)
    from_revision: Mapped[int]
    """The revision before the correction."""
    to_revision: Mapped[int | None]
    """The revision with the correction, also after it was taken back; None: not made yet, or never."""
    job_id: Mapped[str | None]
    state: Mapped[str]
    """waiting, done, failed, not_needed, taking_back (waiting to be taken back), taken_back."""
    reason: Mapped[str]
    """Why it failed or isn't needed."""
    changes: Mapped[list[Any]]
    """Per changed sentence: block, start, end, text, before and after (the words spoken)."""
    updated_ms: Mapped[int]


class LexiconChangeRow(Base):
    """The history of lexicon entries. Append-only."""

    __tablename__ = "lexicon_changes"

    id: Mapped[str] = mapped_column(primary_key=True)
    entry_id: Mapped[str] = mapped_column(index=True)
    what: Mapped[str]
    """added, changed, removed."""
    before: Mapped[JsonDict | None]
    """The entry's fields before; None: it was added."""
    after: Mapped[JsonDict | None]
    """The entry's fields since; None: it was removed."""
    who: Mapped[str]
    """As in the audit log."""
    case_id: Mapped[str | None]
    correction_id: Mapped[str | None] = mapped_column(index=True)
    at_ms: Mapped[int]
