"""What keeps objects in the store while they are copied."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from tts_service.db.tables.base import Base


class StoreHoldRow(Base):
    """A backup under way: meanwhile no object is deleted."""

    __tablename__ = "store_holds"

    id: Mapped[str] = mapped_column(primary_key=True)
    until_ms: Mapped[int]
    """When it ends by itself, unless it is renewed."""
