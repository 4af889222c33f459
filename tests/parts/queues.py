"""What is due at a queue, done in this process as a worker does it; faults reach the test."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from tts_service.cms.inbox.cms_api import Fetch
from tts_service.cms.inbox.process import LOOKUPS, process_event
from tts_service.parts import Parts
from tts_service.queue.claim import Claim, claim_row, fenced
from tts_service.queue.turns import WorkQueue

Result = TypeVar("Result")


def drain(parts: Parts, queue: WorkQueue[Any], do: Callable[[Parts, Claim[Any]], Result]) -> list[Result]:
    """Claim and do until nothing is due."""
    results = []
    while (one := claim_row(parts, queue)) is not None:
        results.append(do(fenced(parts, one), one))
    return results


def claimed(parts: Parts, queue: WorkQueue[Any]) -> Claim[Any]:
    """The queue's next row, which is due."""
    found = claim_row(parts, queue)
    assert found is not None
    return found


def ask_cms(parts: Parts, fetch: Fetch) -> int:
    """Do the events whose CMS has to be asked. Returns how many there were."""
    return len(drain(parts, LOOKUPS, lambda fenced, one: process_event(fenced, one, fetch)))
