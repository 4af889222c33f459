"""Problems that an operator has to deal with, in words: from what is down to what is only late."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tts_service.callbacks.figures import EndpointFigures
from tts_service.jobs.current_jobs import FailedJob
from tts_service.jobs.figures import QueueFigures
from tts_service.monitoring.outages import PartDown, beat_down, in_words, workers_down

_SLOW_MS = 1_000
"""A database that takes longer for the shortest statement makes everything slow."""
_WAITED_LONG_MS = 600_000
"""As in samples/monitoring/alerts.yml."""
_MANY_FAILED = 5
_MANY_WITHIN_MS = 3_600_000


def slow_database(took_ms: int) -> PartDown | None:
    """Whether the database took too long for the shortest statement there is."""
    if took_ms <= _SLOW_MS:
        return None
    return PartDown(
        part="database", message=f"The database took {took_ms} ms to answer: look at its load and its disk."
    )


def beat_and_workers(
    beat_seen_ms: int | None, alive: set[str], queues: Sequence[QueueFigures], now_ms: int
) -> Iterator[PartDown]:
    """Missing beat or workers, and queues that are late. `alive`: parts that have a process."""
    beat, idle = beat_down(beat_seen_ms, now_ms), workers_down(list(queues), now_ms)
    if beat is not None:
        yield beat
    if "worker" not in alive:
        text = "No worker is running: start `tts-service worker`, or look at its log; until then, articles wait."
        yield PartDown(part="workers", message=text)
    elif idle is not None:
        yield idle
    else:
        yield from _late(queues, now_ms)
    if "callbacks" not in alive:
        text = (
            "No worker for callbacks is running: start `tts-service worker --queues callbacks`; until then, "
            "publishers, CMSs and feeds aren't called."
        )
        yield PartDown(part="callbacks", message=text)


def many_failures(failed: Sequence[FailedJob], now_ms: int) -> PartDown | None:
    """Whether so many articles failed lately that it isn't the articles' fault."""
    count = sum(one.failed_ms > now_ms - _MANY_WITHIN_MS for one in failed)
    if count < _MANY_FAILED:
        return None
    return PartDown(part="failures", message=f"{count} articles failed within an hour: see below why.")


def disabled_endpoints(endpoints: Sequence[EndpointFigures]) -> Iterator[PartDown]:
    """Endpoints that get nothing until somebody switches them on."""
    for one in endpoints:
        if one.disabled_reason:
            reason = one.disabled_reason.rstrip(".")
            advice = f"repair it, then run `tts-service callbacks change {one.id} --on`."
            yield PartDown(part="callbacks", message=f"{one.host} gets no callbacks ({reason}): {advice}")


def _late(queues: Sequence[QueueFigures], now_ms: int) -> Iterator[PartDown]:
    for queue in queues:
        due = queue.oldest_due_ms
        if queue.queue != "backfill" and due is not None and now_ms - due > _WAITED_LONG_MS:
            waited = f"A job of queue {queue.queue} has been due for {in_words(now_ms - due)}"
            yield PartDown(
                part="queue", message=f"{waited} although workers are at work: add workers, or see what keeps them."
            )
