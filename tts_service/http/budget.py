"""Remaining budget of one call: time over all hops, bytes per hop."""

from __future__ import annotations

import time

from tts_service.errors import RemoteTooLarge, RemoteTooSlow

HEAD_BYTES = 64 * 1024
"""Maximum size of status line and headers, including interim responses."""


class Budget:
    """Counts down. Raises RemoteTooSlow or RemoteTooLarge when exhausted."""

    def __init__(self, total_s: float) -> None:
        self._total_s = total_s
        self._ends = time.monotonic() + total_s
        self._bytes = HEAD_BYTES

    def left_s(self) -> float:
        """Seconds left, always positive."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise RemoteTooSlow(f"No complete response came within {self._total_s:g} s: try again later.")
        return left

    def room(self) -> int:
        """Bytes to read from the socket: one more than allowed, so that excess is detected."""
        return self._bytes + 1

    def spend(self, count: int) -> None:
        self._bytes -= count
        if self._bytes < 0:
            raise RemoteTooLarge("The response is larger than allowed.")

    def next_hop(self) -> None:
        """Starts the next response."""
        self._bytes = HEAD_BYTES

    def body_follows(self, count: int) -> None:
        """Switches from headers to the body, limited to so many bytes on the wire."""
        self._bytes += count
