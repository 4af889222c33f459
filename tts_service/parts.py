"""The parts of a process, built once by wiring.py and passed as arguments: no globals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tts_service.db.session import Database
from tts_service.engines.registry import Registry
from tts_service.settings import Settings
from tts_service.storage.base import ClipStore
from tts_service.storage.segments import SegmentStore

Enqueue = Callable[[str, str], None]
"""(id, doorbell): rings once for a thing. Raises BrokerUnavailable. Injected, so that this package never imports the
workers."""
Fill = Callable[[str, int], int]
"""(queue, rings): rings for jobs until so many rings wait at the queue; returns how many were added. Raises
BrokerUnavailable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The constructed parts of one process."""

    settings: Settings
    database: Database
    store: ClipStore
    segments: SegmentStore
    voices: Registry
    enqueue: Enqueue
    fill: Fill
    close: Callable[[], None]
