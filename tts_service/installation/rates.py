"""Rate limits: valid, and above zero."""

from __future__ import annotations

import re
from collections.abc import Iterator

from limits import parse_many

from tts_service.installation.fault import Fault, fault_of
from tts_service.settings import Settings

NAMES = tuple(name for name in Settings.model_fields if name.startswith("rate_") and name != "rate_store_url")
_ADVICE = "write one such as 100/minute, or leave it empty"
_NO_TIME = re.compile(r"(?:/|per)\s*0+(?!\d)", re.IGNORECASE)


def rate_faults(settings: Settings) -> Iterator[Fault]:
    """Every limit that is invalid or blocks everything."""
    for name in NAMES:
        rate = getattr(settings, name)
        if rate and (reason := _reason(rate)):
            yield fault_of(name, f"{rate!r} {reason}: {_ADVICE}")


def _reason(rate: str) -> str:
    try:
        limits = parse_many(rate)
    except ValueError:
        return "is not a limit"
    if len(limits) > 1:
        return "are two limits" if len(limits) == 2 else f"are {len(limits)} limits"
    if _NO_TIME.search(rate):
        return "is not a limit"
    return "allows no requests" if limits[0].amount < 1 else ""
