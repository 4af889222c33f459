"""What `make sabotage` breaks: one place, and the fast test that must notice it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakage:
    """A fault someone could make."""

    name: str
    file: str
    old: str
    """Stands exactly once in the file."""
    new: str
    test: str
    """Pytest id of the test that must turn red."""
