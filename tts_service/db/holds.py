"""Keeps objects in the store while a backup copies them: whoever deletes objects asks here first.

A hold ends by itself if its process is killed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tts_service.db.session import Database, new_id
from tts_service.db.tables import StoreHoldRow
from tts_service.errors import BackupInterrupted

HOLD_MS = 3_600_000
"""A hold that isn't renewed ends after this time."""
_RENEWED_S = 30.0


@contextmanager
def objects_held(database: Database, clock: Callable[[], float] = time.monotonic) -> Iterator[Callable[[], None]]:
    """Nothing is deleted from the store meanwhile. Provides what must be called several times an hour.

    It raises BackupInterrupted when the hold has ended nevertheless, since objects may be gone then.
    """
    hold_id, renewed = new_id("hold"), clock()
    with database.writing() as session:
        now = database.now_ms(session)
        session.execute(delete(StoreHoldRow).where(StoreHoldRow.until_ms <= now))
        session.add(StoreHoldRow(id=hold_id, until_ms=now + HOLD_MS))

    def renew() -> None:
        nonlocal renewed
        if clock() < renewed + _RENEWED_S:
            return
        renewed = clock()
        with database.writing() as session:
            now = database.now_ms(session)
            mine = (StoreHoldRow.id == hold_id, StoreHoldRow.until_ms > now)
            kept = session.execute(update(StoreHoldRow).where(*mine).values(until_ms=now + HOLD_MS))
        if not kept.rowcount:  # type: ignore[attr-defined]
            raise BackupInterrupted(
                f"The backup stood still for more than {HOLD_MS // 60_000} minutes, so the service may have deleted "
                "audio that belongs to it. Nothing was lost in the service. Make the backup again."
            )

    try:
        yield renew
    finally:
        with database.writing() as session:
            session.execute(delete(StoreHoldRow).where(StoreHoldRow.id == hold_id))


def are_held(database: Database, session: Session) -> bool:
    """Whether a backup needs the objects that are in the store now."""
    held = select(StoreHoldRow.id).where(StoreHoldRow.until_ms > database.now_ms(session)).limit(1)
    return session.scalar(held) is not None
