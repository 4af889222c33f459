"""Numbers and times as a language writes them: the filters of the templates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit

from tts_service.values.moments import utc_of
from tts_service.web.languages import date_and_time, duration, locale_of

_SIZES = ("byte", "kilobyte", "megabyte", "gigabyte", "terabyte")


def format_filters(language: str) -> dict[str, Callable[[Any], str]]:
    """By name. Times are milliseconds since 1970, shown in UTC, which the page says beside them."""
    locale = locale_of(language)
    tenths = locale.percent_formats[None].pattern.replace("##0", "##0.0")
    return {
        "number": lambda number: format_decimal(number, locale=locale),
        "size": lambda count: _size(count, locale),
        "percent": lambda share: "" if share is None else format_percent(share, locale=locale),
        "percent_exact": lambda share: format_percent(share, tenths, locale=locale),
        "duration": lambda ms: duration(ms, language),
        "second": lambda ms: date_and_time(ms, language, "medium", "medium"),
        "minute": lambda ms: date_and_time(ms, language, "medium", "short"),
        "day": lambda ms: format_date(utc_of(ms), "medium", locale=locale),
        "iso_day": lambda day: format_date(date.fromisoformat(day), "medium", locale=locale),
    }


def _size(count: int, locale: Locale) -> str:
    """Bytes with three digits at most: 940 kB, 1.2 GB."""
    amount, units = float(count), iter(_SIZES)
    unit = next(units)
    while amount >= 1000 and unit != _SIZES[-1]:
        amount, unit = amount / 1000, next(units)
    rounded = round(amount, 0 if amount >= 10 or unit == _SIZES[0] else 1)
    return format_unit(rounded, f"digital-{unit}", "short", locale=locale)
