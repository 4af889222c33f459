"""Claims: a row belongs to one worker, by a lease for time and a fence for writes.

The fence is Kleppmann's fencing token ("How to do distributed locking", 2016): it grows with each claim, and every
write of a worker carries the one it was given, so that a worker that slept through its lease writes nothing.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import Any, Generic

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from tts_service.errors import LeaseLost
from tts_service.parts import Parts
from tts_service.queue.turns import Row, WorkQueue, next_row, primary_key

LOST = 5
"""A row is given up after this many workers were lost without a result."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Generic[Row]):
    """The right to work on a row, until somebody else claims it."""

    queue: WorkQueue[Row]
    row: Row
    """As it was when it was claimed."""
    fence: int
    now_ms: int
    """When it was claimed, by the database's clock."""

    @property
    def key(self) -> tuple[Any, ...]:
        return tuple(getattr(self.row, column.key) for column in primary_key(self.queue.row))

    @property
    def name(self) -> str:
        """For the log."""
        return f"{self.queue.name} {'/'.join(map(str, self.key))}"


def claim_row(parts: Parts, queue: WorkQueue[Row], key: tuple[Any, ...] | None = None) -> Claim[Row] | None:
    """Claim the queue's next row, or only the one with this primary key; None: it isn't due, or others have it."""
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        row: Any = next_row(session, queue, now, key)
        if row is None:
            return None
        row.fence += 1
        row.lost += row.lease_until_ms is not None
        row.lease_until_ms = now + queue.lease_ms
        given_up = row.lost >= LOST
        if given_up:
            row.lease_until_ms, row.lost = None, 0
            assert queue.give_up is not None
            queue.give_up(row, now)
    claimed = Claim(queue=queue, row=row, fence=row.fence, now_ms=now)
    if not given_up:
        return claimed
    log.error("%s was given up: it lost %d workers", claimed.name, LOST)
    return claim_row(parts, queue, key)


def settle(session: Session, claim: Claim[Any], **values: Any) -> None:
    """End a claim with its result. Raises LeaseLost, and so undoes the whole transaction."""
    ended = update(claim.queue.row).where(*_mine(claim)).values(lease_until_ms=None, lost=0, **values)
    if session.execute(ended).rowcount != 1:  # type: ignore[attr-defined]
        raise LeaseLost("Another worker has taken this over, or it was removed.")


def fenced(parts: Parts, claim: Claim[Any]) -> Parts:
    """The parts for working on a claim: whatever they write raises LeaseLost once another worker has claimed the row.

    The row is locked while something is written, against other claims only.
    """

    def check(session: Session) -> None:
        mine = select(claim.queue.due_ms).where(*_mine(claim)).with_for_update(read=True, key_share=True)
        if session.execute(mine).one_or_none() is None:
            raise LeaseLost("Another worker has taken this over, or it was removed.")

    return replace(parts, database=parts.database.checked(check))


def _mine(claim: Claim[Any]) -> list[ColumnElement[bool]]:
    row = claim.queue.row
    keys = [column == value for column, value in zip(primary_key(row), claim.key, strict=True)]
    return [*keys, row.fence == claim.fence]
