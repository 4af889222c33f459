"""The delivery as a task, for sites whose TASKS setting names a backend (Django 6, or django-tasks before)."""

from __future__ import annotations

import time

try:
    from django.tasks import task, task_backends
except ImportError:
    from django_tasks import task, task_backends

from listen_to_the_article.sending import BUDGET_S, deliver_due


@task()
def tell_pages() -> None:
    """Send what is due."""
    deliver_due(until=time.monotonic() + BUDGET_S)


def works_elsewhere() -> bool:
    """Whether the backend runs tasks in another process: the immediate one would make the editor wait."""
    return type(task_backends["default"]).__name__ not in ("ImmediateBackend", "DummyBackend")
