"""Counts that cost the same however many rows there are: a page that is open at a desk must not read a million."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ScalarSelect, Select, func, select

MOST_COUNTED = 10_000


def bounded_count(rows: Select[Any]) -> ScalarSelect[int]:
    """How many rows there are, for a statement's columns. MOST_COUNTED + 1: at least so many."""
    return select(func.count()).select_from(rows.limit(MOST_COUNTED + 1).subquery()).scalar_subquery()
