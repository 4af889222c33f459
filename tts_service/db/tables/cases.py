"""The desk: cases made of listeners' reports, and the notes of staff."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tts_service.db.tables.base import Base, JsonDict


class CaseRow(Base):
    """Reports about the same word, sentence or passage of one site, language and voice, decided together."""

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_queue", "state", "breaking", "rank"),
        Index("ix_cases_site_queue", "site", "state", "breaking", "rank"),
        Index("ix_cases_key", "site", "language", "voice", "kind", "key"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    site: Mapped[str]
    language: Mapped[str]
    """BCP 47 tag of the reported sentence."""
    voice: Mapped[str]
    """Id of the voice that was heard."""
    kind: Mapped[str]
    """word, sentence, passage (missing or superfluous), clip."""
    key: Mapped[str]
    """Equal for reports that belong together, within site, language, voice and kind."""
    category: Mapped[str]
    """The listeners' most frequent category."""
    written: Mapped[str]
    """The word or passage as written; empty: the whole sentence or clip."""
    sentence: Mapped[str]
    """A sentence in which it was reported."""
    state: Mapped[str]
    """new, confirmed, corrected, rejected, duplicate."""
    reason: Mapped[str]
    """Why it was rejected; shown to the listeners."""
    duplicate_of: Mapped[str | None] = mapped_column(ForeignKey("cases.id"))
    assigned_to: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    correction_id: Mapped[str | None] = mapped_column(index=True)
    """The correction that settled it; None: not corrected, or by another means."""
    version: Mapped[int] = mapped_column(default=1)
    """Grows with each decision: whoever decides names the version that they saw."""
    undo: Mapped[JsonDict | None]
    """What the last decision replaced; None: nothing to undo."""
    reports: Mapped[int] = mapped_column(default=0)
    articles: Mapped[int] = mapped_column(default=0)
    plays: Mapped[int] = mapped_column(default=0)
    """Plays of the reported clips, as of the last recount."""
    breaking: Mapped[bool] = mapped_column(default=False)
    """Whether one of its articles is breaking news: sorted first."""
    rank: Mapped[float] = mapped_column(default=0.0)
    """Order in the queue, higher first: log2(reports) + log2(1 + plays) + weeks since 1970 of the last report. Halving
    the weight each week this way keeps stored ranks comparable for ever."""
    first_ms: Mapped[int]
    last_ms: Mapped[int]
    updated_ms: Mapped[int] = mapped_column(index=True)
    settled_ms: Mapped[int | None]


class CaseNoteRow(Base):
    """A note of staff on a case; listeners never see it."""

    __tablename__ = "case_notes"

    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    who: Mapped[str]
    """As in the audit log."""
    text: Mapped[str]
    created_ms: Mapped[int]
