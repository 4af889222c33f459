"""What the store keeps, by kind: every object is looked at, so this runs once an hour, in a worker that may wait."""

from __future__ import annotations

from collections import Counter

from tts_service.monitoring.gauges import KEPT_BYTES
from tts_service.monitoring.totals import set_gauge
from tts_service.parts import Parts

BELL = "weighing"
"""Doorbell of the task that weighs."""
KINDS = ("clips", "live", "segments", "recordings")
"""The first folder of an object's name; whatever else there is counts as `other`."""


def weigh_store(parts: Parts) -> dict[str, float]:
    """Bytes by kind, kept for the metrics and for staff. Raises StoreUnavailable, DatabaseUnavailable."""
    counted: Counter[str] = Counter(dict.fromkeys((*KINDS, "other"), 0))
    for one in parts.store.objects(""):
        kind = one.name.partition("/")[0]
        counted[kind if kind in KINDS else "other"] += one.bytes
    weights = {kind: float(size) for kind, size in counted.items()}
    set_gauge(parts.database, KEPT_BYTES, weights, "kind")
    return weights
