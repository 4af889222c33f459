"""Waits between attempts."""

from __future__ import annotations

from collections.abc import Sequence


def wait_after(failures: int, waits: Sequence[int]) -> int | None:
    """Milliseconds until the next attempt after so many failures (from 1); None: that was the last attempt."""
    return waits[failures - 1] if failures <= len(waits) else None
