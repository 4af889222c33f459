"""Objects in the store that are to be deleted."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from tts_service.db.tables.base import Base


class DoomedObjectRow(Base):
    """An object to delete from the store: recorded by the transaction that decided so, deleted after its commit."""

    __tablename__ = "doomed_objects"

    kind: Mapped[str] = mapped_column(primary_key=True)
    """object, folder (everything below a prefix), segment."""
    name: Mapped[str] = mapped_column(primary_key=True)
    """Store name, prefix with its final slash, or segment key."""
    since_ms: Mapped[int]
    """When it was decided."""
    until_ms: Mapped[int]
    """It is deleted again until then, as a worker that doesn't know yet may write it once more."""
    due_ms: Mapped[int] = mapped_column(index=True)
    """When it is deleted next."""
