"""Numeric settings: values outside their usable range."""

from __future__ import annotations

from collections.abc import Iterator

from tts_service.installation.fault import Fault, fault_of
from tts_service.settings import Settings

_NO_LIMIT = 10**9
_RANGES: dict[str, tuple[float, float]] = {
    "worker_slots": (1, 1000),
    "breaking_slots": (0, 1000),
    "callback_slots": (1, 1000),
    "slice_s": (1, 500),
    "lease_s": (5, 3600),
    "settle_s": (0, _NO_LIMIT),
    "sweep_s": (1, 3600),
    "utterance_deadline_s": (1, 600),
    "engine_memory_mb": (256, _NO_LIMIT),
    "min_free_mb": (0, _NO_LIMIT),
    "loudness_lufs": (-40, -5),
    "true_peak_dbtp": (-20, 0),
    "feedback_min_s": (0, 3600),
    "report_email_days": (0, 90),
    "report_sender_days": (0, _NO_LIMIT),
    "listening_days": (0, _NO_LIMIT),
    "catch_up_s": (0, _NO_LIMIT),
    "catch_up_days": (0, _NO_LIMIT),
    "check_every_s": (0, _NO_LIMIT),
    "check_confirm_s": (0, _NO_LIMIT),
    "check_most_closed": (0, 1),
    "fetch_pause_s": (0, _NO_LIMIT),
    "max_followers": (1, _NO_LIMIT),
}
"""Minimum and maximum; a slice must end well before Celery's task time limit."""


def number_faults(settings: Settings) -> Iterator[Fault]:
    """All numbers out of range."""
    for name, (least, most) in _RANGES.items():
        value = getattr(settings, name)
        if not least <= value <= most:
            bounds = f"from {least:g} to {most:g}" if most < _NO_LIMIT else f"of {least:g} or more"
            yield fault_of(name, f"{value:g} is out of range: write a number {bounds}")
