"""Tests of a CMS's webhook: the event's outcome once it is processed, and nothing left of the sample afterwards."""

from __future__ import annotations

import math
import time
from contextlib import suppress

from tts_service.cms.inbox.staff import EventFacts, drop_event, event_facts, sample_ids
from tts_service.errors import NotFound
from tts_service.parts import Parts
from tts_service.retention.erasure import erase_article

_LOOK_EVERY_S = 0.2


def event_ended(parts: Parts, event_id: str, wait_s: float) -> EventFacts:
    """The event once beat or a worker has processed it, or as it stands after `wait_s`. Raises NotFound."""
    until = time.monotonic() + wait_s
    while (event := event_facts(parts.database, event_id)).state == "received" and time.monotonic() < until:
        time.sleep(_LOOK_EVERY_S)
    return event


def erase_sample(parts: Parts, site: str, event_id: str, who: str, *, within_s: float = math.inf) -> None:
    """Erase the sample article of a test with all that came of it; `within_s` as in `erase_article`."""
    for external_id in sample_ids(parts.database, site):
        with suppress(NotFound):
            erase_article(parts, site, external_id, who, within_s=within_s)
    drop_event(parts.database, event_id)
