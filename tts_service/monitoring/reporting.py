"""Signs of life: each process reports every few seconds that it is running, and adds its counts to the totals."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite

from tts_service import __version__
from tts_service.db.session import Database
from tts_service.db.tables import ProcessRow
from tts_service.errors import DatabaseUnavailable
from tts_service.jobs.owner import this_owner
from tts_service.monitoring.totals import Totals

REPORT_EVERY_S = 15.0
_FORGOTTEN_MS = 86_400_000
"""A process that has been silent for this long, without reporting its end, was killed."""

log = logging.getLogger(__name__)


class Reporter:
    """Reports for one process: in a thread of its own (`start`), or whenever its owner says (`report`)."""

    def __init__(self, database: Callable[[], Database], part: str, owner: str | None = None) -> None:
        """`database`: asked for at each report, since a process may start while it is down. `part`: api, worker,
        callbacks or beat."""
        self._database = database
        self._part = part
        self._owner = owner or this_owner()
        self._totals = Totals()
        self._started_ms: int | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Report now and every REPORT_EVERY_S until `close`."""
        self._thread = threading.Thread(target=self._run, name="reporter", daemon=True)
        self._thread.start()

    def report(self) -> None:
        """Raises DatabaseUnavailable; the next report then includes what this one couldn't store."""
        database = self._database()
        self._totals.write(database)
        make: Any = sqlite.insert if database.is_sqlite else postgresql.insert
        with database.writing() as session:
            now = database.now_ms(session)
            self._started_ms = self._started_ms or now
            values = {"part": self._part, "started_ms": self._started_ms, "seen_ms": now, "version": __version__}
            seen = make(ProcessRow).values(owner=self._owner, **values)
            session.execute(seen.on_conflict_do_update(index_elements=["owner"], set_=values))
            session.execute(delete(ProcessRow).where(ProcessRow.seen_ms < now - _FORGOTTEN_MS))

    def close(self) -> None:
        """The last report: what was counted, and that the process is gone."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        try:
            database = self._database()
            self._totals.write(database)
            with database.writing() as session:
                session.execute(delete(ProcessRow).where(ProcessRow.owner == self._owner))
        except DatabaseUnavailable as error:
            log.warning("the last counts of this process are lost: %s", error.message)

    def _run(self) -> None:
        while True:
            try:
                self.report()
            except DatabaseUnavailable as error:
                log.info("no report: %s", error.message)
            except Exception:
                log.exception("a report failed unexpectedly")
            if self._stop.wait(REPORT_EVERY_S):
                return
