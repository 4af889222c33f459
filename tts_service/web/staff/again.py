"""Shared by the lists of things to replay: the filter, and what was just done."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel, Field


class RowFilter(BaseModel):
    """Which rows; empty: any."""

    state: str = Field("", max_length=20)
    site: str = Field("", max_length=64)
    below: str = Field("", max_length=64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """What a page says of what was just done."""

    complaint: str = ""
    taken: bool = False
    status: int = 200
