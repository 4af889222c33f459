"""What an attempt's response means: delivered, retry later, or give up. Pure functions: no clock, no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Literal

from tts_service.queue.backoff import wait_after

SCHEDULE_MS = (0, 5_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000, 36_000_000)
"""Wait before each attempt of a delivery: 27 h 35 min in total."""
JITTER = 0.2
"""Waits vary by this share, so that deliveries that failed together don't retry together."""
LONGEST_ASKED_MS = 3_600_000
"""Maximum wait accepted from `Retry-After`."""
BREAKER_FAILURES = 5
"""After this many consecutive failures an endpoint is paused."""
PAUSE_MS = (30_000, 60_000, 120_000, 240_000, 300_000)
"""Pauses of such an endpoint; the last one repeats."""
WORN_OUT_MS = 5 * 86_400_000
"""After failing for this long an endpoint is disabled."""
_ASKS_TO_WAIT = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """Result of one attempt."""

    status: int | None
    """HTTP status; None: no response."""
    reason: str = ""
    """Why it failed, for people; empty on success."""
    answer: str = ""
    """The response body, sanitised for display."""
    asked_ms: int = 0
    """Wait requested by the receiver."""
    took_ms: int = 0

    @property
    def fine(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """What happens to a delivery after an attempt."""

    state: Literal["delivered", "pending", "failed"]
    wait_ms: int = 0
    """Wait before the next attempt of a pending delivery."""
    gone: bool = False
    """The receiver reported the address as permanently gone (410)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointHealth:
    """State of an endpoint."""

    failures: int = 0
    """Consecutive failures."""
    failing_since_ms: int | None = None
    """Time of the first of them."""
    paused_until_ms: int | None = None
    """Nothing is sent before this time."""

    def worn_out(self, now_ms: int) -> bool:
        """Whether it has failed long enough to be disabled."""
        return self.failing_since_ms is not None and now_ms - self.failing_since_ms >= WORN_OUT_MS


def next_try(tried: Tried, number: int, chance: float) -> Next:
    """What follows attempt `number` (from 1). `chance`: 0 to 1, varies the wait."""
    if tried.fine:
        return Next(state="delivered")
    if tried.status == HTTPStatus.GONE:
        return Next(state="failed", gone=True)
    wait = wait_after(number, SCHEDULE_MS[1:])
    if wait is None:
        return Next(state="failed")
    varied = wait * (1 + JITTER * (2 * chance - 1))
    return Next(state="pending", wait_ms=max(round(varied), tried.asked_ms))


def health_after(health: EndpointHealth, tried: Tried, now_ms: int) -> EndpointHealth:
    """The endpoint's state after an attempt."""
    if tried.fine:
        return EndpointHealth()
    failures = health.failures + 1
    pause = tried.asked_ms
    if failures >= BREAKER_FAILURES:
        pause = max(pause, PAUSE_MS[min(failures - BREAKER_FAILURES, len(PAUSE_MS) - 1)])
    until = max(now_ms + pause, health.paused_until_ms or 0) if pause else health.paused_until_ms
    since = now_ms if health.failing_since_ms is None else health.failing_since_ms
    return EndpointHealth(failures=failures, failing_since_ms=since, paused_until_ms=until)


def asked_wait_ms(status: int, headers: Mapping[str, str], now_ms: int) -> int:
    """Wait requested by `Retry-After`, in seconds or as a date (RFC 9110, 10.2.3); 0 if none; at most an hour."""
    value = headers.get("retry-after", "").strip()[:40]
    if status not in _ASKS_TO_WAIT or not value:
        return 0
    if value.isascii() and value.isdigit():
        return min(int(value) * 1000, LONGEST_ASKED_MS)
    try:
        wait_ms = round(parsedate_to_datetime(value).timestamp() * 1000) - now_ms
    except (ValueError, OverflowError):
        return 0
    return max(0, min(wait_ms, LONGEST_ASKED_MS))
