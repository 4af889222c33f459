"""Callbacks that wait, by endpoint, for operators."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from tts_service.access.sites import Sites, within
from tts_service.callbacks.endpoints import host_of
from tts_service.db.counting import bounded_count
from tts_service.db.tables import CallbackEndpointRow, DeliveryRow
from tts_service.db.tables.callbacks import PENDING


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointFigures:
    """An endpoint with callbacks that wait, or that is disabled or paused."""

    id: str
    site: str | None
    host: str
    waiting: int
    """By bounded_count."""
    oldest_due_ms: int | None
    """Due time of the one that has been due longest; None: nothing waits."""
    failures: int
    """Failed attempts since the last success."""
    paused_until_ms: int | None
    """None: not paused."""
    disabled_reason: str
    """Empty: not disabled."""

    @property
    def is_open(self) -> bool:
        """Whether callbacks are being sent to it."""
        return self.paused_until_ms is None and not self.disabled_reason


def endpoint_figures(session: Session, now_ms: int, sites: Sites = None) -> list[EndpointFigures]:
    """The endpoint whose callback has been due longest first; `sites`: only theirs. One statement, answered
    by an index for each endpoint."""
    pending = and_(DeliveryRow.endpoint_id == CallbackEndpointRow.id, DeliveryRow.state == PENDING)
    waiting = bounded_count(select(DeliveryRow.id).where(pending).correlate(CallbackEndpointRow))
    oldest = select(func.min(DeliveryRow.due_ms)).where(pending).correlate(CallbackEndpointRow).scalar_subquery()
    rows = session.execute(
        select(CallbackEndpointRow, waiting, oldest).where(
            CallbackEndpointRow.removed_ms.is_(None), within(sites, CallbackEndpointRow.site)
        )
    ).all()
    found = [
        EndpointFigures(
            id=row.id,
            site=row.site,
            host=host_of(row.url),
            waiting=count,
            oldest_due_ms=due,
            failures=row.failures,
            paused_until_ms=row.paused_until_ms if (row.paused_until_ms or 0) > now_ms else None,
            disabled_reason=row.disabled_reason if row.disabled_ms is not None else "",
        )
        for row, count, due in rows
    ]
    shown = [one for one in found if one.waiting or not one.is_open]
    return sorted(shown, key=lambda one: (one.oldest_due_ms is None, one.oldest_due_ms or 0, one.id))
