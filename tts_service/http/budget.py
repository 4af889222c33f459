"""What one call may still use: time over all its hops, bytes per hop."""

from __future__ import annotations

import time

from tts_service.errors import RemoteTooLarge, RemoteTooSlow

HEAD_BYTES = 64 * 1024
"""Status line and headers of an answer, interim answers included."""


class Budget:
    """Counts down. Asking for more than is left raises RemoteTooSlow or RemoteTooLarge."""

    def __init__(self, total_s: float) -> None:
        self._total_s = total_s
        self._ends = time.monotonic() + total_s
        self._bytes = HEAD_BYTES

    def left_s(self) -> float:
        """Seconds left, more than none."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise RemoteTooSlow(f"No whole answer within {self._total_s:g} s")
        return left

    def room(self) -> int:
        """Bytes to ask the socket for: one more than may come, so that too much is noticed."""
        return self._bytes + 1

    def spend(self, count: int) -> None:
        self._bytes -= count
        if self._bytes < 0:
            raise RemoteTooLarge("The answer is larger than it may be")

    def next_hop(self) -> None:
        """Another answer begins."""
        self._bytes = HEAD_BYTES

    def body_follows(self, count: int) -> None:
        """The headers are read; now the body may come, of so many bytes on the wire."""
        self._bytes += count
