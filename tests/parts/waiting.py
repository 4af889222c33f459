"""Waits until a transaction of PostgreSQL waits for another."""

from __future__ import annotations

import time
from concurrent.futures import Future
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from tts_service.parts import Parts


def until_one_waits(parts: Parts, changing: Future[Any]) -> None:
    """Until `changing`, in a thread, waits for a lock. Fails if it ends without waiting."""
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert not changing.done(), changing.exception() or "it ended without waiting for the other transaction"
        with Session(parts.database.engine) as session:
            if session.scalar(waiting):
                return
        time.sleep(0.02)
    pytest.fail("it never came to its lock")
