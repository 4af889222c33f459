"""Rings for many things at once, until the broker is down."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from tts_service.errors import BrokerUnavailable
from tts_service.parts import Parts

log = logging.getLogger(__name__)


def ring_each(parts: Parts, names: Sequence[str], bell: str, waiting: str) -> int:
    """Rings `bell` for each name. Returns how many the broker accepted; the log counts the rest in `waiting`,
    a sentence with a place for the number."""
    for place, name in enumerate(names):
        try:
            parts.enqueue(name, bell)
        except BrokerUnavailable as error:
            log.warning("broker down, %s: %s", waiting.format(len(names) - place), error)
            return place
    return len(names)
