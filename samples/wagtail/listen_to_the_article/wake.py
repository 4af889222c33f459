"""Sends marked pages soon after the commit, as a fast path: the rows in the database make it safe.

- In a web process: in a thread that starts when the response has been sent, where the database stands two writers.
- In a management command: by the command itself, before its process ends.
- With a Django task backend that works elsewhere: by its worker.
- Whatever these miss, `listen_deliver` sends.
"""

from __future__ import annotations

import atexit
import logging
import threading
import time
from typing import Any

from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connections, router

from listen_to_the_article.models import PendingPage
from listen_to_the_article.sending import BUDGET_S, deliver_due

log = logging.getLogger(__name__)


class _Process:
    """What this process has to do."""

    lock = threading.Lock()
    requests = 0
    """How many requests are being answered."""
    wanted = False
    sending = False
    at_exit = False


def connect() -> None:
    """Know when a request begins and ends."""
    request_started.connect(_request_started, dispatch_uid="listen_request_started")
    request_finished.connect(_request_finished, dispatch_uid="listen_request_finished")


def wake() -> None:
    """Something was marked and committed. Never raises: the change itself is done."""
    try:
        if _enqueued():
            return
        with _Process.lock:
            _Process.wanted = True
            if not _Process.requests and not _Process.at_exit:
                atexit.register(_send_before_exit)
                _Process.at_exit = True
    except Exception:  # the editor's change must succeed whatever happens here
        log.exception("the audio service will be told by listen_deliver")


def _enqueued() -> bool:
    """Whether a task backend took it that works in another process."""
    if not getattr(settings, "TASKS", None):
        return False
    try:
        from listen_to_the_article import background
    except ImportError:  # neither Django 6 nor django-tasks: TASKS belongs to something else
        return False
    if not background.works_elsewhere():
        return False
    try:
        background.tell_pages.enqueue()
    except Exception:  # a broker that is down: the other ways remain
        log.exception("the task backend did not take the delivery")
        return False
    return True


def _request_started(sender: Any, **_: Any) -> None:
    with _Process.lock:
        _Process.requests += 1


def _request_finished(sender: Any, **_: Any) -> None:
    with _Process.lock:
        _Process.requests = max(0, _Process.requests - 1)
        if not _Process.wanted or _Process.sending or not _stands_writers():
            return
        _Process.sending = True
    try:
        threading.Thread(target=_send_in_thread, name="listen-to-the-article", daemon=True).start()
    except RuntimeError:  # no threads here, or the process is ending
        _Process.sending = False


def _stands_writers() -> bool:
    """Whether the database stands a thread that writes beside requests. SQLite without `transaction_mode: IMMEDIATE`
    answers one of two writers with "database is locked": there only `listen_deliver` sends."""
    connection = connections[router.db_for_write(PendingPage)]
    options = connection.settings_dict.get("OPTIONS", {})
    return connection.vendor != "sqlite" or str(options.get("transaction_mode", "")).upper() == "IMMEDIATE"


def _send_in_thread() -> None:
    close_old_connections()
    until = time.monotonic() + BUDGET_S
    try:
        while True:
            _send_wanted(until)
            with _Process.lock:
                if not _Process.wanted or time.monotonic() > until:
                    _Process.sending = False
                    return
    finally:
        connections.close_all()


def _send_before_exit() -> None:
    if _Process.wanted:
        _send_wanted(time.monotonic() + BUDGET_S)


def _send_wanted(until: float) -> None:
    """Send until nothing new was marked meanwhile, or the time is up."""
    try:
        while _Process.wanted and time.monotonic() < until:
            _Process.wanted = False
            report = deliver_due(until=until)
            for line in report.errors:
                log.warning("%s", line)
    except Exception:  # at exit the database may be gone; listen_deliver sends what is left
        log.debug("the audio service will be told by listen_deliver", exc_info=True)
