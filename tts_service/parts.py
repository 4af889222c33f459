"""The parts of a process, built once by wiring.py and passed as arguments: no globals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tts_service.db.session import Database
from tts_service.engines.voices.registry import Registry
from tts_service.settings import Settings
from tts_service.storage.base import ClipStore
from tts_service.storage.segments import SegmentStore

Fill = Callable[[str, int], int]
"""(queue, rings): rings until so many rings wait at the queue; returns how many were added. Raises BrokerUnavailable.
Injected, so that this package never imports the workers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The constructed parts of one process."""

    settings: Settings
    database: Database
    store: ClipStore
    segments: SegmentStore
    voices: Registry
    fill: Fill
    close: Callable[[], None]
