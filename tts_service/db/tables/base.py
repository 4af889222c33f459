"""Base class and types of all tables."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, ColumnElement, LargeBinary, MetaData, Text, literal_column, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from tts_service.values import PageIdentity

JsonDict = dict[str, Any]


def literal(value: str) -> ColumnElement[str]:
    """A state written into the statement itself: only then can a partial index (`where`) be used."""
    return literal_column(f"'{value}'")


def where(condition: str) -> dict[str, Any]:
    """Arguments of an index of only some rows, which stays as small as they are few."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012
        JsonDict: JSON,
        list[Any]: JSON,
        int: BigInteger,
        str: Text,
        bytes: LargeBinary,
    }


class Leased:
    """Columns of a row that workers claim (tts_service.queue)."""

    lease_until_ms: Mapped[int | None]
    """Until when it is with a worker; None: it isn't."""
    fence: Mapped[int] = mapped_column(default=0, server_default="0")
    """Number of claims; a worker's result counts only with the number of its own claim."""
    lost: Mapped[int] = mapped_column(default=0, server_default="0")
    """Claims since the last result whose worker disappeared."""


def page_key_of(context: Any, column: str) -> str | None:
    """A new row's page key by the default tracking parameters, unless the code that writes it sets one."""
    return PageIdentity().key(context.get_current_parameters().get(column))
