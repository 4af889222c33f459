"""Webhooks that wait, for operators."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tts_service.db.tables import InboundEventRow


def oldest_event_ms(session: Session, now_ms: int) -> int | None:
    """Due time of the received webhook that has been due longest; None: none is due. Answered by an index."""
    waiting = (InboundEventRow.state == "received", InboundEventRow.due_ms <= now_ms)
    return session.scalar(select(func.min(InboundEventRow.due_ms)).where(*waiting))
