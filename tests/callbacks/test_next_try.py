"""What an answer means for a delivery and its endpoint."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from tts_service.callbacks.next_try import (
    BREAKER_FAILURES,
    SCHEDULE_MS,
    EndpointHealth,
    Tried,
    asked_wait_ms,
    health_after,
    next_try,
)

NOW = 1_700_000_000_000
MIDDLE = 0.5
"""The chance that neither shortens nor lengthens a wait."""
DAY_MS = 86_400_000


def failed(status: int | None = 500, asked_ms: int = 0) -> Tried:
    return Tried(status=status, reason="no", asked_ms=asked_ms)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_2xx_is_a_success(status: int) -> None:
    assert next_try(Tried(status=status), 1, MIDDLE).state == "delivered"


@pytest.mark.parametrize("status", [None, 100, 199, 301, 302, 304, 307, 308, 400, 401, 404, 409, 429, 500, 503, 600])
def test_nothing_else_is(status: int | None) -> None:
    assert next_try(failed(status), 1, MIDDLE).state == "pending"


def test_tries_come_on_the_schedule_and_end_with_the_eighth() -> None:
    waits = [next_try(failed(), number, MIDDLE).wait_ms for number in range(1, 8)]

    assert waits == [5_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000, 36_000_000]
    assert next_try(failed(), 8, MIDDLE).state == "failed"
    assert sum(SCHEDULE_MS) == 99_305_000  # 27 h 35 min 5 s


@pytest.mark.parametrize(("chance", "wait"), [(0, 240_000), (0.25, 270_000), (1, 360_000)])
def test_a_wait_is_up_to_a_fifth_shorter_or_longer(chance: float, wait: int) -> None:
    assert next_try(failed(), 2, chance).wait_ms == wait


def test_410_ends_it_at_once() -> None:
    verdict = next_try(failed(410), 1, MIDDLE)

    assert (verdict.state, verdict.gone) == ("failed", True)


def test_the_receiver_may_ask_for_more_time_than_the_schedule_gives_but_not_for_less() -> None:
    assert next_try(failed(503, asked_ms=60_000), 1, MIDDLE).wait_ms == 60_000
    assert next_try(failed(503, asked_ms=60_000), 3, MIDDLE).wait_ms == 1_800_000


@pytest.mark.parametrize(
    ("status", "value", "wait"),
    [
        (429, "120", 120_000),
        (503, " 7 ", 7_000),
        (503, "999999999", 3_600_000),
        (429, "9" * 5000, 3_600_000),
        (503, format_datetime(datetime.fromtimestamp(NOW / 1000 + 90, UTC), usegmt=True), 90_000),
        (503, format_datetime(datetime.fromtimestamp(NOW / 1000 - 90, UTC), usegmt=True), 0),
        (503, "Wed, 99 Foo 2023 99:99:99 GMT", 0),
        (503, "-5", 0),
        (503, "soon", 0),
        (503, "", 0),
        (500, "120", 0),
        (200, "120", 0),
    ],
)
def test_retry_after_is_read_as_seconds_or_date_and_is_bounded(status: int, value: str, wait: int) -> None:
    assert asked_wait_ms(status, {"retry-after": value}, NOW) == wait


class TestHealth:
    def test_a_success_forgets_every_failure(self) -> None:
        sick = EndpointHealth(failures=9, failing_since_ms=1, paused_until_ms=NOW + 1)

        assert health_after(sick, Tried(status=204), NOW) == EndpointHealth()

    def test_an_endpoint_that_fails_again_and_again_is_left_alone_longer_and_longer(self) -> None:
        health, pauses = EndpointHealth(), []
        for _ in range(BREAKER_FAILURES + 6):
            health = health_after(health, failed(), NOW)
            pauses.append((health.paused_until_ms or NOW) - NOW)

        assert pauses == [0, 0, 0, 0, 30_000, 60_000, 120_000, 240_000, 300_000, 300_000, 300_000]

    def test_what_the_receiver_asks_for_holds_for_all_that_goes_there(self) -> None:
        assert health_after(EndpointHealth(), failed(429, asked_ms=20_000), NOW).paused_until_ms == NOW + 20_000

    def test_a_pause_is_never_cut_short_by_another_failure(self) -> None:
        paused = EndpointHealth(failures=1, failing_since_ms=NOW, paused_until_ms=NOW + 50_000)

        assert health_after(paused, failed(429, asked_ms=1_000), NOW).paused_until_ms == NOW + 50_000

    def test_it_is_worn_out_after_five_days_of_failures_only(self) -> None:
        first = health_after(EndpointHealth(), failed(), NOW)
        later = health_after(first, failed(), NOW + 5 * DAY_MS - 1)

        assert not later.worn_out(NOW + 5 * DAY_MS - 1)
        assert later.worn_out(NOW + 5 * DAY_MS)
        assert not health_after(later, Tried(status=200), NOW + 5 * DAY_MS).worn_out(NOW + 5 * DAY_MS)
