"""What has changed in the queue lately, for desks that stay open: one statement for however many ask."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from tts_service.db.tables import CaseRow

_OVERLAP_MS = 5000
"""Looked at again each time: a transaction may commit later than one that got its time after it."""
_MOST = 500
"""Changes that one look reads; the next one goes on behind them."""
_REMEMBERED = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueChange:
    """A case that was made or changed."""

    id: str
    site: str
    state: str
    version: int
    reports: int
    new_reports: int
    """Reports that came since the last look."""
    assigned_to: str | None
    updated_ms: int


class QueueWatch:
    """Remembers what was seen, so that every change is told once."""

    def __init__(self, since_ms: int) -> None:
        self._since_ms = since_ms
        self._after = (since_ms - _OVERLAP_MS, "")
        """Time and id behind which the next look reads."""
        self._seen: OrderedDict[str, QueueChange] = OrderedDict()

    def look(self, session: Session) -> tuple[QueueChange, ...]:
        """Cases that have changed since the last look, in the order in which they did; at most 500, the others are left
        to the next looks."""
        row = CaseRow
        columns = (row.id, row.site, row.state, row.version, row.reports, row.assigned_to, row.updated_ms, row.last_ms)
        query = select(*columns).where(tuple_(row.updated_ms, row.id) > self._after)
        found = session.execute(query.order_by(row.updated_ms, row.id).limit(_MOST)).all()
        changes = []
        for one in found:
            before = self._seen.get(one.id)
            if before is not None and (before.updated_ms, before.version, before.reports) == (
                one.updated_ms,
                one.version,
                one.reports,
            ):
                continue
            just_now = one.last_ms > self._since_ms - _OVERLAP_MS
            known = before.reports if before else one.reports - 1 if just_now else one.reports
            change = QueueChange(
                id=one.id,
                site=one.site,
                state=one.state,
                version=one.version,
                reports=one.reports,
                new_reports=max(0, one.reports - known),
                assigned_to=one.assigned_to,
                updated_ms=one.updated_ms,
            )
            self._seen[one.id] = change
            self._seen.move_to_end(one.id)
            changes.append(change)
        self._since_ms = max([self._since_ms, *(one.updated_ms for one in found)])
        more = len(found) == _MOST
        self._after = (found[-1].updated_ms, found[-1].id) if more else (self._since_ms - _OVERLAP_MS, "")
        self._forget()
        return tuple(changes)

    def _forget(self) -> None:
        """All but the latest, and never what is looked at again: it would be told again."""
        for case_id in list(self._seen)[:-_REMEMBERED]:
            if self._seen[case_id].updated_ms <= self._since_ms - _OVERLAP_MS:
                del self._seen[case_id]
