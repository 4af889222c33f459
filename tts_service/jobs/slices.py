"""One turn of a worker with one job: prepare once, speak for about a minute, then yield or finish."""

from __future__ import annotations

import time
from collections.abc import Callable

from sqlalchemy.exc import NoResultFound

from tts_service.audio.kept import TurnOver
from tts_service.db.tables import JobRow
from tts_service.engines.base import Speaks
from tts_service.errors import (
    DiskFull,
    LanguageNotSpoken,
    LeaseLost,
    SpeechServerUnavailable,
    VoiceBudgetSpent,
)
from tts_service.jobs.lease import Lease, kept, release
from tts_service.jobs.recorded import make_recorded
from tts_service.jobs.sink import JobSink
from tts_service.jobs.store_owner import require_own_store
from tts_service.narration.pipeline import narrate
from tts_service.newsroom.remote_budget import BudgetedEngine
from tts_service.parts import Parts
from tts_service.storage.store import free_mb


def run_slice(parts: Parts, engine: Speaks, lease: Lease, is_leaving: Callable[[], bool] = lambda: False) -> bool:
    """Work on a claimed job, until its turn is over or the worker leaves.

    True: it is finished; False: it was put back for another turn. Raises ServiceError.
    """
    refuse_when_full(parts)
    require_own_store(parts)
    until = time.monotonic() + parts.settings.slice_s
    with kept(parts, lease) as lost:
        try:
            if make_recorded(parts, lease, lost):
                return True
            sink = JobSink(parts, lease, until=until, lost=lost, is_leaving=is_leaving)
            _narrate(sink, BudgetedEngine(engine, parts.database, sink.site))
        except TurnOver:
            sink.put_down()
            release(parts, lease, keeps_place=is_leaving())
            return False
        except NoResultFound as error:
            _refuse_erased(parts, lease, error)
            raise
    return True


def _narrate(sink: JobSink, engine: Speaks) -> None:
    """Narrate; with local voices where a remote one can't speak, the site wants that, and there is one."""
    try:
        narrate(sink.article(), sink, engine)
    except (SpeechServerUnavailable, VoiceBudgetSpent) as error:
        if not sink.falls_back():
            raise
        try:
            narrate(sink.article(), sink, engine)
        except LanguageNotSpoken:
            raise error from None


def _refuse_erased(parts: Parts, lease: Lease, error: NoResultFound) -> None:
    """Raises LeaseLost if a row is missing because the article was erased, with its job."""
    with parts.database.reading() as session:
        if session.get(JobRow, lease.job_id) is None:
            raise LeaseLost("The article of this job was erased.") from error


def refuse_when_full(parts: Parts) -> None:
    """Raises DiskFull while the embedded store has less room than the settings ask for."""
    free = free_mb(parts.settings)
    if free is not None and free < parts.settings.min_free_mb:
        raise DiskFull(f"Only {free} MB are free; the job continues when {parts.settings.min_free_mb} MB are.")
