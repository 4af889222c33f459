"""What the store keeps, by kind: every object is looked at, so this runs once an hour, in a worker that may wait."""

from __future__ import annotations

from collections import Counter

from tts_service.monitoring.gauges import KEPT_BYTES
from tts_service.monitoring.totals import forget_days, gauge_values, set_gauge
from tts_service.newsroom.quotas import byte_quotas, bytes_by_site
from tts_service.parts import Parts
from tts_service.retention.prune import weigh_all

BELL = "weighing"
"""Name of the weighing task's queue at the broker."""
KINDS = ("clips", "live", "segments", "recordings")
"""The first folder of an object's name; whatever else there is counts as `other`."""

SITE_BYTES = "site_bytes"
SITE_QUOTAS = "site_quotas"
"""Bytes of finished audio that each site has, and may have."""
PRUNABLE_BYTES = "prunable_bytes"
"""What pruning would delete, by kind."""
WEIGHED_MS = "weighed_ms"
"""When the store, and what can be pruned, was last weighed."""
_PRUNABLE_EVERY_MS = 20 * 3_600_000
"""Looks at every clip beside every object: once a day is enough, as pruning itself takes a day for a round."""


def weigh_store(parts: Parts) -> dict[str, float]:
    """Bytes by kind, kept for the metrics and for staff. Raises StoreUnavailable, DatabaseUnavailable."""
    counted: Counter[str] = Counter(dict.fromkeys((*KINDS, "other"), 0))
    for one in parts.store.objects(""):
        kind = one.name.partition("/")[0]
        counted[kind if kind in KINDS else "other"] += one.bytes
    weights = {kind: float(size) for kind, size in counted.items()}
    set_gauge(parts.database, KEPT_BYTES, weights, "kind")
    with parts.database.reading() as session:
        now = parts.database.now_ms(session)
        sites, quotas = bytes_by_site(session), byte_quotas(session)
        weighed = gauge_values(session, WEIGHED_MS)
    set_gauge(parts.database, SITE_BYTES, {site: float(size) for site, size in sites.items()}, "site")
    set_gauge(parts.database, SITE_QUOTAS, {site: float(limit) for site, limit in quotas.items()}, "site")
    if now >= weighed.get("prunable", 0.0) + _PRUNABLE_EVERY_MS:
        pruned = weigh_all(parts)
        set_gauge(parts.database, PRUNABLE_BYTES, {kind: float(size) for kind, size in pruned.bytes.items()}, "kind")
        if pruned.store_refusal is None:  # nothing is deleted from a store that isn't ours, until it is
            weighed["prunable"] = float(now)
    set_gauge(parts.database, WEIGHED_MS, weighed | {"store": float(now)}, "what")
    forget_days(parts.database)
    return weights
