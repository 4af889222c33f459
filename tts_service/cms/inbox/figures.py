"""Webhooks that wait, for operators."""

from __future__ import annotations

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session

from tts_service.access.sites import Sites, within
from tts_service.db.counting import bounded_count
from tts_service.db.tables import InboundEventRow
from tts_service.db.tables.webhooks import RECEIVED


def oldest_event_ms(session: Session, now_ms: int) -> int | None:
    """Due time of the received webhook that has been due longest; None: none is due. Reads an index of
    those that wait."""
    waiting = (InboundEventRow.state == RECEIVED, InboundEventRow.due_ms <= now_ms)
    return session.scalar(select(func.min(InboundEventRow.due_ms)).where(*waiting))


def due_events(now_ms: int, sites: Sites) -> ScalarSelect[int]:
    """How many received webhooks are due, for a statement's columns; by bounded_count."""
    waiting = (InboundEventRow.state == RECEIVED, InboundEventRow.due_ms <= now_ms)
    return bounded_count(select(InboundEventRow.id).where(*waiting, within(sites, InboundEventRow.site)))
