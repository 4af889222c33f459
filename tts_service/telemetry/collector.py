"""Sends spans to a collector that may be away: then they are dropped, and the log says so once, not with each batch."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from typing import Any

TRIED_AGAIN_AFTER_S = 30.0

log = logging.getLogger(__name__)
for _name in ("opentelemetry.exporter.otlp", "opentelemetry.sdk._shared_internal"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)  # they log a line for each attempt and each batch


class CollectorSender:
    """A span exporter around OpenTelemetry's own. Only its thread waits for a collector that doesn't answer."""

    def __init__(self, exporter: Any, now_s: Callable[[], float] = time.monotonic) -> None:
        self._exporter = exporter
        self._now_s = now_s
        self._away_until_s: float | None = None

    def export(self, spans: Sequence[Any]) -> Any:
        """Send a batch, or drop it while the collector is away."""
        if self._away_until_s is not None and self._now_s() < self._away_until_s:
            return None
        result = self._exporter.export(spans)
        if result.name == "FAILURE":
            if self._away_until_s is None:
                log.warning("The collector of TTS_TRACES_URL takes no traces: they are dropped until it does.")
            self._away_until_s = self._now_s() + TRIED_AGAIN_AFTER_S
        elif self._away_until_s is not None:
            log.warning("The collector of TTS_TRACES_URL takes traces again.")
            self._away_until_s = None
        return result

    def shutdown(self) -> None:
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return bool(self._exporter.force_flush(timeout_millis))
