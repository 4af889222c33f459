"""Stages of narration, timed and traced."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from tts_service.telemetry.metrics import STAGE_S
from tts_service.telemetry.tracing import traced


@contextmanager
def stage(name: str) -> Iterator[None]:
    """One of metrics.STAGES. Counted if it is completed: a turn that ends in between says nothing about its length."""
    began = time.perf_counter()
    with traced(name):
        yield
    STAGE_S.labels(name).observe(time.perf_counter() - began)
