"""External dates, clamped to years that every component can handle."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

DAY_MS = 86_400_000

LATEST = datetime(9999, 12, 31, tzinfo=UTC)
"""Maximum: later times are clamped to this one, which is in the year 9999 in every time zone."""
_LATEST_MS = int(LATEST.timestamp() * 1000)


def in_range(moment: datetime | None, zone: tzinfo = UTC) -> datetime | None:
    """The time with a zone, clamped to LATEST; a time without one is in `zone`, and returned in UTC.

    None for the year 1: .NET and Go write 0001-01-01 for "no date". LATEST also stands for "never", which is written as
    9999-12-31 in any zone.
    """
    if moment is None or moment.year == 1:
        return None
    try:
        aware = moment if moment.tzinfo else moment.replace(tzinfo=zone).astimezone(UTC)
        return min(aware, LATEST)
    except OverflowError:  # only for late dates; the year 1 is handled above
        return LATEST


def utc_of(ms: int) -> datetime:
    """Milliseconds since 1970 as a UTC time; clamped to LATEST (earlier versions stored later values)."""
    return datetime.fromtimestamp(min(ms, _LATEST_MS) / 1000, UTC)
