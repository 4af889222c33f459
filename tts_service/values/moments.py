"""Dates from outside, clamped to years that every part can compute with."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

LATEST = datetime(9999, 12, 31, tzinfo=UTC)
"""Every later moment becomes this one: in each time zone it is still in the year 9999."""
_LATEST_MS = int(LATEST.timestamp() * 1000)


def in_range(moment: datetime | None, zone: tzinfo = UTC) -> datetime | None:
    """A moment with a time zone, `zone` where it names none (then in UTC).

    None for the year 1: .NET and Go write 0001-01-01 for "no date". What is later than LATEST becomes LATEST, since
    9999-12-31 in any zone means "never".
    """
    if moment is None or moment.year == 1:
        return None
    try:
        aware = moment if moment.tzinfo else moment.replace(tzinfo=zone).astimezone(UTC)
        return min(aware, LATEST)
    except OverflowError:  # only at the far end: nothing else leaves the calendar
        return LATEST


def utc_of(ms: int) -> datetime:
    """Milliseconds since 1970 as a moment in UTC; LATEST for anything later, such as rows of earlier versions."""
    return datetime.fromtimestamp(min(ms, _LATEST_MS) / 1000, UTC)
