"""Characters that sites used in ways their jobs don't count: by day and by use."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from tts_service.db.tables.base import Base


class SpeechUsageRow(Base):
    """Characters of one use by a site on one day."""

    __tablename__ = "speech_usage"

    site: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[str] = mapped_column(primary_key=True)
    """UTC date, for example 2026-11-23."""
    use: Mapped[str] = mapped_column(primary_key=True)
    """speech: texts sent to /v1/audio/speech; remote: words sent to the servers of remote voices."""
    characters: Mapped[int]
