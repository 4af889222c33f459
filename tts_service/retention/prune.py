"""Deletes what has been kept long enough: clips' earlier revisions, live pieces, jobs, texts, webhooks, log lines.

Beat takes a turn every minute: some clips, some objects of the store, and what has expired of everything else. Each
transaction is short. `tts-service prune` does all at once.

Time is the database's clock. When it jumps, nothing is deleted for a week: a wrong clock would make everything look
old. After a week of steady time it is believed.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from tts_service.callbacks.log import forget, old_deliveries
from tts_service.cms.inbox.staff import forget_events, old_events
from tts_service.db.session import Database
from tts_service.db.tables import AuditRow, Base, CorrectionRow, DeliveryRow, InboundEventRow, ListeningRow, PruningRow
from tts_service.listeners.listening.counting import forget_listening, old_figures
from tts_service.newsroom.kept_days import kept_long_enough
from tts_service.parts import Parts
from tts_service.retention.clips import next_clips, prune_clips, weigh_clips
from tts_service.retention.doomed import delete_doomed
from tts_service.retention.orphans import stored_objects, sweep_orphans, sweep_staged
from tts_service.retention.ownership import claim_refusal, claim_store
from tts_service.retention.pruned import Pruned
from tts_service.storage.base import StoredObject
from tts_service.values.moments import DAY_MS

JUMP_MS = 2 * DAY_MS
"""The clock has jumped if it is this far ahead of the last turn, or more than a minute behind it. A service that stood
still for this long looks the same."""
HELD_MS = 7 * DAY_MS
CLIPS_A_TURN = 500
OBJECTS_A_TURN = 2_000
_TURN_S = 1.0
"""Seconds per turn for clips: beat's other duties wait for them."""
_BACK_MS = 60_000
_ROUND_S = 86_400
"""A new look at every object in the store begins at most once a day."""
_PAGE = 500

log = logging.getLogger(__name__)


class Pruner:
    """Takes turns at pruning; one for each process that does."""

    def __init__(self, parts: Parts, now_s: Callable[[], float] = time.monotonic) -> None:
        self._parts, self._now_s = parts, now_s
        self._objects: Iterator[StoredObject] | None = None
        self._next_round_s = 0.0
        self._refusal: str | None = None

    def turn(self) -> Pruned:
        """Prune a little. Raises StoreUnavailable."""
        parts, pruned = self._parts, Pruned()
        pruned.held_until_ms = held_until(parts)
        if pruned.held_until_ms is None:
            _prune_rows(parts, pruned, most=_PAGE)
        pruned.store_refusal = claim_store(parts.database, parts.store)
        if pruned.store_refusal != self._refusal:
            self._refusal = pruned.store_refusal
            log.warning(self._refusal or "The store belongs to this installation again.")
        if pruned.held_until_ms is None and pruned.store_refusal is None:
            self._next_clips(pruned)
            self._sweep(pruned)
        return pruned

    def _next_clips(self, pruned: Pruned) -> None:
        parts = self._parts
        with parts.database.reading() as session:
            after = session.get_one(PruningRow, 1).after_clip
        clips = next_clips(parts, after, CLIPS_A_TURN)
        done = prune_clips(parts, clips, pruned, within_s=_TURN_S)
        if done is None and len(clips) == CLIPS_A_TURN:
            done = clips[-1]
        if (done or "") != after:
            with parts.database.writing() as session:
                session.get_one(PruningRow, 1).after_clip = done or ""

    def _sweep(self, pruned: Pruned) -> None:
        if self._objects is None and self._now_s() >= self._next_round_s:
            self._objects, self._next_round_s = stored_objects(self._parts.store), self._now_s() + _ROUND_S
            sweep_staged(self._parts, pruned)
        if self._objects is None:
            return
        objects, self._objects = self._objects, None  # after an error a round begins again
        if sweep_orphans(self._parts, objects, pruned, most=OBJECTS_A_TURN):
            self._objects = objects


def prune_all(parts: Parts, site: str | None = None) -> Pruned:
    """Prune everything that is due; of one site: its clips only. Nothing if the store isn't this installation's.

    Raises StoreUnavailable, after which it can be repeated."""
    pruned = Pruned(held_until_ms=held_until(parts), store_refusal=claim_store(parts.database, parts.store))
    if pruned.held_until_ms is not None or pruned.store_refusal is not None:
        return pruned
    _all_clips(parts, site, lambda clips: prune_clips(parts, clips, pruned, weigh_segments=True))
    delete_doomed(parts)  # before the sweep, which would count the same files again
    if site is None:
        _prune_rows(parts, pruned)
        sweep_orphans(parts, stored_objects(parts.store), pruned)
        sweep_staged(parts, pruned)
        delete_doomed(parts)
    return pruned


def weigh_all(parts: Parts, site: str | None = None) -> Pruned:
    """What `prune_all` would delete now; nothing if the store isn't this installation's. Raises StoreUnavailable."""
    pruned = Pruned(store_refusal=claim_refusal(parts.database, parts.store))
    if pruned.store_refusal is not None:
        return pruned
    _all_clips(parts, site, lambda clips: weigh_clips(parts, clips, pruned))
    if site is None:
        _count_rows(parts, pruned)
        sweep_orphans(parts, stored_objects(parts.store), pruned, only_count=True)
        sweep_staged(parts, pruned, only_count=True)
    return pruned


def held_until(parts: Parts) -> int | None:
    """Notes the database's time. Returns until when nothing may be deleted; None: pruning may begin."""
    with parts.database.writing() as session:
        now = parts.database.now_ms(session)
        row = session.get(PruningRow, 1, with_for_update=True)
        if row is None:
            row = PruningRow(number=1, seen_ms=now, held_until_ms=0, after_clip="")
            session.add(row)
        if not row.seen_ms - _BACK_MS <= now <= row.seen_ms + JUMP_MS:
            row.held_until_ms = now + HELD_MS
            log.warning(
                "The database's clock jumped by %+.1f days, or pruning stood still: nothing is deleted for %d days.",
                (now - row.seen_ms) / DAY_MS,
                HELD_MS // DAY_MS,
            )
        row.seen_ms = now
        return row.held_until_ms if now < row.held_until_ms else None


def _all_clips(parts: Parts, site: str | None, work: Callable[[Sequence[str]], object]) -> None:
    after = ""
    while clips := next_clips(parts, after, CLIPS_A_TURN, site):
        work(clips)
        after = clips[-1]


def _prune_rows(parts: Parts, pruned: Pruned, most: int | None = None) -> None:
    """`most`: about so many of each kind; None: all."""
    database = parts.database
    pruned.add("webhooks", forget_events(database, most=most))
    pruned.add("callbacks", forget(database, most=most))
    pruned.add("listening figures", forget_listening(database, parts.settings))
    while True:
        with database.reading() as session:
            ids = session.scalars(select(AuditRow.id).where(_old_lines(database, session)).limit(_PAGE)).all()
        if ids:
            with database.writing() as session:
                session.execute(delete(AuditRow).where(AuditRow.id.in_(ids)))
        pruned.add("audit lines", len(ids))
        if len(ids) < _PAGE or most is not None:
            return


def _count_rows(parts: Parts, pruned: Pruned) -> None:
    with parts.database.reading() as session:

        def count(table: type[Base], old: ColumnElement[bool]) -> int:
            return int(session.scalar(select(func.count()).select_from(table).where(old)) or 0)

        pruned.add("webhooks", count(InboundEventRow, old_events(parts.database, session)))
        pruned.add("callbacks", count(DeliveryRow, old_deliveries(parts.database, session)))
        old_listening = old_figures(parts.database, session, parts.settings)
        pruned.add("listening figures", count(ListeningRow, old_listening))
        pruned.add("audit lines", count(AuditRow, _old_lines(parts.database, session)))


def _old_lines(database: Database, session: Session) -> ColumnElement[bool]:
    """The condition that an audit line was kept long enough. Those of a correction that failed somewhere stay: they
    say what trying again has to do."""
    row = AuditRow
    failed = select(CorrectionRow.id).where(CorrectionRow.state.in_(("rendering", "failed")))
    old = kept_long_enough(session, "keep_audit_days", row.site, row.at_ms, database.now_ms(session))
    return old & row.subject.not_in(failed)
