"""Base class and types of all tables."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, LargeBinary, MetaData, Text
from sqlalchemy.orm import DeclarativeBase

from tts_service.values import PageIdentity

JsonDict = dict[str, Any]


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


def page_key_of(context: Any, column: str) -> str | None:
    """A new row's page key by the default tracking parameters, unless the code that writes it sets one."""
    return PageIdentity().key(context.get_current_parameters().get(column))
