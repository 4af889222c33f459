"""Beat scheduler that runs its entries in process, so that sweeps continue while the broker or the slots block."""

from __future__ import annotations

import logging
from typing import Any

from celery.beat import ScheduleEntry, Scheduler

from tts_service.errors import ServiceError

log = logging.getLogger(__name__)


class InPlaceScheduler(Scheduler):  # type: ignore[misc]
    """Runs each due entry's task in this process instead of queueing it."""

    producer = None  # the base class would block here on connecting to the broker

    def apply_entry(self, entry: ScheduleEntry, producer: Any = None) -> None:
        try:
            self.app.tasks[entry.task](*(entry.args or ()), **(entry.kwargs or {}))
        except ServiceError as error:
            log.warning("%s: %s", entry.task, error.message)
        except Exception:  # what fails now is due again soon; beat's other duties go on
            log.exception("%s failed unexpectedly", entry.task)
