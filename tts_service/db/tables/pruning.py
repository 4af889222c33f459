"""Where pruning stands."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from tts_service.db.tables.base import Base


class PruningRow(Base):
    """Where pruning stands; one row. Whoever prunes locks it, so that two never do at once."""

    __tablename__ = "pruning"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Always 1."""
    seen_ms: Mapped[int]
    """The database's clock at the last turn, to notice when it jumps."""
    held_until_ms: Mapped[int] = mapped_column(default=0)
    """Nothing is deleted before that, since the clock jumped."""
    after_clip: Mapped[str] = mapped_column(default="")
    """The last clip that the running round has looked at."""
