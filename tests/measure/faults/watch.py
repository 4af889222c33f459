"""Watches the jobs' rows: which job goes on after a fault, and when; whether a lease lies in the past."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Row, select

from tts_service.db.session import Database
from tts_service.db.tables import JobRow
from tts_service.errors import DatabaseUnavailable

_EVERY_S = 0.1
LATE_LEASE_S = 30.0


@dataclass(slots=True, kw_only=True)
class Hit:
    """A running job that a fault met."""

    job: str
    since: float
    """When it was met, or when what it needs came back (time.monotonic)."""
    done: int
    fence: int
    taken_over: bool
    """Whether another worker must have taken it before it counts as going on."""
    recovered_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A job as it was last seen."""

    state: str
    done: int
    fence: int


@dataclass(slots=True)
class Watch:
    """Follows all jobs in a thread, from `start` to `stop`."""

    database: Database
    hits: list[Hit] = field(default_factory=list)
    seen: dict[str, Seen] = field(default_factory=dict)
    latest_lease_s: float = 0.0
    """How long a running job's lease lay in the past, at most, while the database could be asked."""
    _answers_since: float | None = None
    _open: list[Hit] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._follow, name="watch", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def hit(self, jobs: Iterable[str], *, taken_over: bool = False) -> None:
        """A fault meets these jobs now. `taken_over`: they go on once another worker has them."""
        with self._lock:
            for job in jobs:
                seen = self.seen.get(job)
                if seen is not None and seen.state == "running":
                    self._note(
                        Hit(job=job, since=time.monotonic(), done=seen.done, fence=seen.fence, taken_over=taken_over)
                    )

    def recovering(self) -> set[str]:
        """Jobs that were met and haven't gone on yet."""
        with self._lock:
            return {hit.job for hit in self._open}

    def back(self) -> None:
        """What the open hits' jobs need has come back: their recovery counts from now."""
        with self._lock:
            for hit in self._open:
                hit.since = time.monotonic()

    def recovery_s(self) -> list[float]:
        return [hit.recovered_s for hit in self.hits if hit.recovered_s is not None]

    def count(self, state: str) -> int:
        return sum(seen.state == state for seen in self.seen.values())

    def _note(self, hit: Hit) -> None:
        self.hits.append(hit)
        self._open.append(hit)

    def _follow(self) -> None:
        while not self._stop.wait(_EVERY_S):
            try:
                self._look()
            except DatabaseUnavailable:
                self._answers_since = None

    def _look(self) -> None:
        with self.database.reading() as session:
            now = self.database.now_ms(session)
            query = select(JobRow.id, JobRow.state, JobRow.done, JobRow.fence, JobRow.lease_until_ms)
            rows = session.execute(query).all()
        self._answers_since = self._answers_since or time.monotonic()
        with self._lock:
            self._update(rows, now)

    def _update(self, rows: Iterable[Row[tuple[str, str, int, int, int | None]]], now: int) -> None:
        for row in rows:
            self.seen[row.id] = Seen(state=row.state, done=row.done, fence=row.fence)
            if row.state == "running" and row.lease_until_ms is not None:
                late_s = min((now - row.lease_until_ms) / 1000, time.monotonic() - (self._answers_since or 0.0))
                self.latest_lease_s = max(self.latest_lease_s, late_s)
        for hit in list(self._open):
            seen = self.seen[hit.job]
            goes_on = seen.done > hit.done and (seen.fence > hit.fence or not hit.taken_over)
            if goes_on or seen.state not in ("queued", "running"):
                hit.recovered_s = time.monotonic() - hit.since
                self._open.remove(hit)
