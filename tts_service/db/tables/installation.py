"""Which installation this is."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from tts_service.db.tables.base import Base


class InstallationRow(Base):
    """This installation; one row, made by whoever first asks for it. A backup doesn't contain it."""

    __tablename__ = "installation"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Always 1."""
    id: Mapped[str]
    """What the store's object `installation` says if the store belongs to this installation."""
    store_unknown: Mapped[bool] = mapped_column(default=False)
    """The store has no owner, and most of its objects have no row here: only a person can claim it."""
